"""Which thread an event belongs to, as far as it says so itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemas.event import ABOUT_OTHERS, RELATIONS, Activity

if TYPE_CHECKING:
    from schemas.event import SocialEvent

Key = tuple[str, str]
"""Platform and thread, or platform and id."""


class Identity(NamedTuple):
    """What makes two deliveries the same activity, within one platform."""

    id: str
    activity: str
    version: int


class Place(NamedTuple):
    """An event, and all that is asked of it to place it."""

    event: SocialEvent
    identity: Identity
    own: Key
    """Platform and id: what others that belong to it name."""
    above: Key
    """Platform and what it belongs to: the conversation that it names, or its anchor."""
    is_named: bool
    """Whether it names its conversation."""
    opens: bool
    """Whether it starts a thread."""
    holds: bool
    """Whether others can belong to it."""


def place_of(event: SocialEvent) -> Place:
    """Where an event belongs."""
    return Place(
        event=event,
        identity=identity_of(event),
        own=(event.platform, event.id),
        above=(event.platform, event.conversation or anchor_of(event)),
        is_named=event.conversation is not None,
        opens=opens(event),
        holds=event.activity not in ABOUT_OTHERS,
    )


def identity_of(event: SocialEvent) -> Identity:
    """The identity of a delivery."""
    return Identity(event.id, event.activity, event.version)


def anchor_of(event: SocialEvent) -> str:
    """The id of the activity whose thread an event belongs to, where it does not say so itself.

    A relation has a thread of its own for each pair: an account's followers are no conversation.
    """
    if event.activity in RELATIONS and event.object is not None:
        return f"{event.actor.id}>{event.object.id}"
    if event.in_reply_to is not None:
        return event.in_reply_to.id
    if not event.is_message and event.activity is not Activity.UPDATE and event.object is not None:
        return event.object.id
    return event.id


def opens(event: SocialEvent) -> bool:
    """Whether an event starts a thread instead of joining one."""
    return event.activity in RELATIONS or (event.is_message and event.in_reply_to is None)
