"""Who is who, and to whom each message is addressed: section 3 of the domain, rules 1 to 6.

Everybody is what they were when they wrote: who answers a post that a customer wrote answers a customer, even
if the account has become a brand's. Somebody of whom only the name is known is what they are at the time of
the message that names them. One account is addressed, or nobody. Where a root names several, it is the first
that makes the direction: the brand's own account for CB, the first customer named for BC, CX and CC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from oracle.threads import Thread

    from schemas.event import SocialEvent
    from schemas.registry import Registry

BLAST = 3


@dataclass(frozen=True)
class Address:
    """Whom a message is for."""

    how: str
    """`root`, `alone` (a reply to nobody but oneself), `answer`, `quote` or `unknown`."""
    to: str = ""
    """The account; of what is unknown, the one that the platform names; of a root, nobody yet."""
    at: datetime | None = None
    """When it was what it is."""


class Sides:
    """The accounts of one conversation.

    Args:
        thread: The conversation.
        registry: Who the brands are.
        settled: Replies up to this time take the addressee that the platform names.
    """

    def __init__(self, thread: Thread, registry: Registry, settled: datetime | None) -> None:
        self.thread = thread
        self._registry = registry
        self._settled = settled

    def owner(self, account: str, at: datetime) -> str | None:
        """The brand that an account speaks for."""
        return self._registry.brand_of(self.thread.platform, account, at)

    def role(self, account: str, at: datetime, brand: str) -> str:
        """What an account is, seen from a brand."""
        owner = self.owner(account, at)
        if owner:
            return "brand" if owner == brand else "other_brand"
        return "bot" if account in self.thread.bots else "customer"

    def same(self, event: SocialEvent, account: str, at: datetime) -> bool:
        """Whether an account, at a time, is the author of something, or the same brand's."""
        own, other = self.owner(event.actor.id, event.published), self.owner(account, at)
        return own == other if own or other else account == event.actor.id

    def address(self, event: SocialEvent) -> Address:
        """Whom a message is for."""
        if event.in_reply_to:
            return self._reply(event)
        if event.quote_of:
            quoted = self.thread.messages.get(event.quote_of.id)
            author = quoted.actor.id if quoted else event.quote_of.actor_id
            if author is None:
                return Address("unknown")
            at = (quoted or event).published
            if not self.same(event, author, at):
                return Address("quote", author, at)
        return Address("root")

    def _reply(self, event: SocialEvent) -> Address:
        step, passed = event, {event.id}
        while step.in_reply_to:
            above = self.thread.messages.get(step.in_reply_to.id)
            if above is None or above.id in passed:
                return self._named(event, step)
            if not self.same(event, above.actor.id, above.published):
                return Address("answer", above.actor.id, above.published)
            passed.add(above.id)
            step = above
        return Address("alone")

    def _named(self, event: SocialEvent, highest: SocialEvent) -> Address:
        """Whom the platform names as the author above the highest of one's own posts."""
        named = highest.in_reply_to.actor_id
        if named is None or self.same(event, named, highest.published):
            return Address("unknown")
        settled = self._settled is not None and event.published <= self._settled
        return Address("answer" if settled else "unknown", named, highest.published)

    def named(self, event: SocialEvent) -> list[str]:
        """The accounts that a root names, but for its own and those that the platform carried over."""
        names = [
            mention.id
            for mention in event.mentions
            if not mention.inherited and not self.same(event, mention.id, event.published)
        ]
        return list(dict.fromkeys(names))

    def newly_names(self, event: SocialEvent, brand: str) -> bool:
        """Whether a reply or a quote names a brand that was not there before."""
        return any(
            self.owner(mention.id, event.published) == brand and not self._inherited(mention, event)
            for mention in event.mentions
        )

    def _inherited(self, mention, event: SocialEvent) -> bool:
        if mention.inherited is not None or event.in_reply_to is None:
            return bool(mention.inherited)
        parent = self.thread.messages.get(event.in_reply_to.id)
        if parent is None:
            return False
        owner = self.owner(mention.id, event.published)
        return any(
            mention.id == there or (owner is not None and owner == self.owner(there, at))
            for there, at in self._participants(parent)
        )

    def _participants(self, parent: SocialEvent) -> Iterator[tuple[str, datetime]]:
        yield parent.actor.id, parent.published
        yield from ((mention.id, parent.published) for mention in parent.mentions)
        address = self.address(parent)
        if address.to:
            yield address.to, address.at

    def direction(self, event: SocialEvent, brand: str) -> tuple[str, str]:
        """Direction seen from a brand, and the account talked to or ''."""
        at, address = event.published, self.address(event)
        mine = self.role(event.actor.id, at, brand)
        if address.how == "unknown":
            return "undecided", address.to
        if address.how == "alone":
            return {"brand": "BO", "other_brand": "BX"}.get(mine, "CO"), ""
        if address.how != "root":
            return _to_one(mine, self.role(address.to, address.at, brand)), address.to
        by_role: dict[str, list[str]] = {}
        for account in self.named(event):
            by_role.setdefault(self.role(account, at, brand), []).append(account)
        return _root(mine, by_role)


def _to_one(mine: str, theirs: str) -> str:
    if mine == "brand":
        return "BX" if theirs == "other_brand" else "BC"
    if mine == "other_brand":
        return "BX" if theirs in ("brand", "other_brand") else "CX"
    return {"brand": "CB", "other_brand": "CX"}.get(theirs, "CC")


def _root(mine: str, named: dict[str, list[str]]) -> tuple[str, str]:
    customers, others, own = (named.get(role, []) for role in ("customer", "other_brand", "brand"))
    few = 1 <= len(customers) <= BLAST
    if mine == "brand":
        if few:
            return "BC", customers[0]
        return ("BX", others[0]) if others and not customers else ("BO", "")
    if mine == "other_brand":
        return ("CX", customers[0]) if few and not own else ("BX", own[0] if own else "")
    if own:
        return "CB", own[0]
    if others:
        return "CX", others[0]
    return ("CC", customers[0]) if customers else ("CO", "")
