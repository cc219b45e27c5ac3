"""The words of the domain that rows, code and dashboards share."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account is, seen from one brand, as of the event's time."""

    BRAND = "brand"
    OTHER_BRAND = "other_brand"
    CUSTOMER = "customer"
    BOT = "bot"


class Direction(StrEnum):
    """Who talks to whom, seen from one brand: exactly one a message."""

    BO = "BO"
    """Broadcast: the brand to nobody."""
    BC = "BC"
    """Brand to customer."""
    CB = "CB"
    """Customer to brand."""
    CC = "CC"
    """Customer to customer."""
    CO = "CO"
    """A customer who names the brand and addresses nobody."""
    BX = "BX"
    """Between brands, or another brand to nobody."""
    CX = "CX"
    """Between a customer and another brand."""
    UNDECIDED = "undecided"
    """A reply whose parent is not known yet."""


class Effect(StrEnum):
    """What a reaction does, seen from one brand."""

    AMPLIFICATION = "amplification"
    """A customer reposts (or quotes) the brand."""
    APPLAUSE = "applause"
    """A customer likes the brand."""
    DISAPPROVAL = "disapproval"
    """A customer dislikes the brand."""
    GIVE = "give"
    """The brand reposts or likes a customer."""
    TRUST = "trust"
    """A customer reposts or likes a customer."""
    RELATION = "relation"
    """A follow, unfollow or block."""
    OTHER = "other"
    """A reaction of or to another brand, a bot, oneself, or somebody unknown."""


class Scope(StrEnum):
    """Why an event is in a brand's space; the first that holds, in this order."""

    WROTE = "wrote"
    ADDRESSED = "addressed"
    MENTIONED = "mentioned"
    ROOT = "root"
    CONVERSATION = "conversation"
    ASSERTED = "asserted"
