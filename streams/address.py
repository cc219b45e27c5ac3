"""Whom a message is addressed to, before anybody asks from which brand it is seen.

Section 3 of the domain, rules 2 to 5: walk up the parents over the author's own posts, take the quoted
author, or look at who is newly named. Accounts of one brand are one author.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from schemas.vocabulary import Role

if TYPE_CHECKING:
    from datetime import datetime

    from schemas.event import SocialEvent
    from schemas.registry import Registry
    from streams.conversation import Conversation


class How(Enum):
    """How a message addresses."""

    REPLY = "reply"
    QUOTE = "quote"
    OPENING = "opening"
    """A root: whom it addresses is told by its mentions."""
    ALONE = "alone"
    """A reply with nobody above it but its own author."""
    UNKNOWN = "unknown"
    """A reply or quote of something that has not come."""


class Party(NamedTuple):
    """An account at a time: the brand that it speaks for, or itself."""

    account: str
    brand: str | None
    bot: bool
    author: tuple[bool, str]
    """What tells one author from another: sibling accounts of a brand are the same."""

    def role(self, brand: str) -> Role:
        """What the account is to a brand."""
        if self.brand is not None:
            return Role.BRAND if self.brand == brand else Role.OTHER_BRAND
        return Role.BOT if self.bot else Role.CUSTOMER


class Address(NamedTuple):
    """Who writes and who is written to."""

    how: How
    writer: Party
    to: Party | None = None
    """The addressee of a reply or quote; while that is unknown, the account that the platform names."""
    named: tuple[Party, ...] = ()
    """All other authors that are mentioned."""
    newly_named: tuple[Party, ...] = ()
    """Those of them that the parent does not know already."""
    mistaken: str | None = None
    """The brand that the platform names as the addressee, and that turns out not to be."""


class Addresses:
    """The addresses of all messages of one conversation.

    Args:
        conversation: The conversation.
        registry: Tells brands' accounts, as of each message's time.
        settled: Event time up to which a reply to an unknown parent takes the addressee that the platform
            names; none: it waits.
    """

    def __init__(self, conversation: Conversation, registry: Registry, settled: datetime | None) -> None:
        self._conversation = conversation
        self._registry = registry
        self._settled = settled
        self._strangers: dict[str, Party] = {}
        """Who speaks for no brand at any time."""
        self._writers = {
            message.id: self.party(message, message.actor.id) for message in conversation.messages.values()
        }
        self._targets: dict[str, tuple[How, Party | None]] = {}

    def party(self, event: SocialEvent, account: str) -> Party:
        """An account at the time of an event."""
        if (stranger := self._strangers.get(account)) is not None:
            return stranger
        brand = self._registry.brand_of(event.platform, account, event.published)
        author = (False, account) if brand is None else (True, brand)
        party = Party(account, brand, account in self._conversation.bots, author)
        if brand is None and not self._registry.knows(event.platform, account):
            self._strangers[account] = party
        return party

    def of(self, message: SocialEvent) -> Address:
        """The address of one of the conversation's messages."""
        writer = self._writers[message.id]
        if message.in_reply_to is not None:
            how, to = self._walk(message)
            if how is How.UNKNOWN and to is not None and self._is_settled(message):
                how = How.REPLY
        elif message.quote_of is not None:
            how, to = self._quoted(message, writer)
        else:
            how, to = How.OPENING, None
        named, newly = self._mentioned(message, writer)
        return Address(how, writer, to, named, newly, self._mistaken(message, to))

    def _mistaken(self, message: SocialEvent, to: Party | None) -> str | None:
        about = message.in_reply_to or message.quote_of
        brand = self.party(message, about.actor_id).brand if about and about.actor_id else None
        return brand if to is None or to.brand != brand else None

    def _is_settled(self, message: SocialEvent) -> bool:
        return self._settled is not None and message.published <= self._settled

    def _walk(self, message: SocialEvent) -> tuple[How, Party | None]:
        """Rule 2, without recursion: a chain of one's own posts has one and the same addressee."""
        chain = [message]
        seen = {message.id}
        writer = self._writers[message.id]
        while True:
            step = chain[-1]
            if (known := self._targets.get(step.id)) is not None:
                target = known
                break
            if step.in_reply_to is None:
                target = How.ALONE, None
                break
            parent = self._conversation.messages.get(step.in_reply_to.id)
            if parent is None or parent.id in seen:
                target = self._unknown(step, writer)
                break
            if self._writers[parent.id].author != writer.author:
                target = How.REPLY, self._writers[parent.id]
                break
            chain.append(parent)
            seen.add(parent.id)
        for step in chain:
            # A root of one's own is no reply itself; only what stands under it is alone.
            if step.in_reply_to is not None:
                self._targets[step.id] = target
        return target

    def _unknown(self, step: SocialEvent, writer: Party) -> tuple[How, Party | None]:
        """The parent has not come: the platform may name its author."""
        name = step.in_reply_to.actor_id if step.in_reply_to else None
        named = self.party(step, name) if name is not None else None
        return How.UNKNOWN, (None if named is None or named.author == writer.author else named)

    def _quoted(self, message: SocialEvent, writer: Party) -> tuple[How, Party | None]:
        """Rule 3. Quoting oneself is an opening like any other."""
        quote = message.quote_of
        if quote is None:  # pragma: no cover - the caller asked for a quote
            return How.OPENING, None
        quoted = self._conversation.messages.get(quote.id)
        if quoted is not None:
            to = self._writers[quoted.id]
        elif quote.actor_id is not None:
            to = self.party(message, quote.actor_id)
        else:
            return How.UNKNOWN, None
        return (How.OPENING, None) if to.author == writer.author else (How.QUOTE, to)

    def _mentioned(self, message: SocialEvent, writer: Party) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
        """Rule 5: who is named at all, and who that the parent or its participants do not name."""
        if not message.mentions:
            return (), ()
        inherited = self._known_above(message)
        named: dict[tuple[bool, str], Party] = {}
        newly: dict[tuple[bool, str], Party] = {}
        for mention in message.mentions:
            party = self.party(message, mention.id)
            if party.author == writer.author:
                continue
            named.setdefault(party.author, party)
            carried = mention.inherited
            if carried is None:
                carried = mention.id in inherited or party.author in inherited
            if not carried:
                newly.setdefault(party.author, party)
        return tuple(named.values()), tuple(newly.values())

    def _known_above(self, message: SocialEvent) -> set[str | tuple[bool, str]]:
        """The parent's author, whom it names and whom it answers."""
        parent = self._conversation.messages.get(message.in_reply_to.id) if message.in_reply_to else None
        if parent is None:
            return set()
        above: set[str | tuple[bool, str]] = {parent.actor.id, self._writers[parent.id].author}
        accounts = [mention.id for mention in parent.mentions]
        if parent.in_reply_to is not None:
            grandparent = self._conversation.messages.get(parent.in_reply_to.id)
            answered = grandparent.actor.id if grandparent else parent.in_reply_to.actor_id
            accounts += [answered] if answered else []
        for account in accounts:
            above.add(account)
            above.add(self.party(parent, account).author)
        return above
