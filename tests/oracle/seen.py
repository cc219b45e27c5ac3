"""What each brand sees: one row for every message and every reaction in its space.

The rows are all that the metrics are computed from; labels are taken as given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oracle.kept import MESSAGES, RELATIONS, Name, keep
from oracle.sides import Sides
from oracle.threads import threads_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from schemas.event import SocialEvent
    from schemas.registry import Registry

LabelOf = Callable[..., Any]
"""`(event, *, brand, by_brand, answers_customer)` -> an object with the labels as attributes."""


@dataclass(eq=False)
class Seen:
    """A message or a reaction as one brand sees it."""

    brand: str
    platform: str
    conversation: str
    started_at: datetime
    id: str
    activity: str
    at: datetime
    direction: str
    """'' for a reaction."""
    effect: str
    """What a reaction or a quote does, or ''."""
    actor: str
    actor_role: str
    addressee: str
    addressee_role: str
    indirect: bool
    adds_brand: bool
    parent: str
    """What it replies to, quotes or acts on, or ''."""
    replies_to: str
    """What it replies to, or ''."""
    is_root: bool
    followers: int | None
    agent: str = ""
    parent_direction: str = ""
    parent_at: datetime | None = None
    labels: Any = None

    @property
    def counts(self) -> bool:
        """Whether it is in the sums: a message to which no bot is a party."""
        return self.direction != "" and "bot" not in (self.actor_role, self.addressee_role)


def see(
    events: Iterable[SocialEvent], registry: Registry, label_of: LabelOf, settled: datetime | None = None
) -> list[Seen]:
    """All rows of all brands, in order of event time and id.

    Args:
        events: What the collectors sent, in any order.
        registry: The brands.
        label_of: Gives the labels.
        settled: Replies up to this time whose parent is missing take the addressee that the platform names.
    """
    kept = keep(events)
    # What a reaction is about may be told in another conversation.
    authors = {name: (message.actor.id, message.published) for name, message in kept.messages.items()}
    rows: list[Seen] = []
    for thread in threads_of(kept):
        sides = Sides(thread, registry, settled)
        deleted = {name for platform, name in kept.deleted if platform == thread.platform}
        spaces = _Spaces(sides, authors)
        for brand in sorted(registry.names):
            live = [message for message in thread.messages.values() if message.id not in deleted]
            here = [message for message in live if spaces.holds(message, brand)]
            rows += _messages(sides, here, brand, registry, label_of)
            rows += _reactions(sides, spaces, brand)
    return sorted(rows, key=lambda row: (row.at, row.id))


class _Spaces:
    """In whose space what is."""

    def __init__(self, sides: Sides, authors: dict[Name, tuple[str, datetime]]) -> None:
        self._sides = sides
        self._authors = authors
        self._since: dict[str, datetime] = {}
        root = sides.thread.root
        self._host = sides.owner(root.actor.id, root.published) if root else None
        for message in sides.thread.messages.values():
            for brand in self._touched(message):
                self._since.setdefault(brand, message.published)

    def holds(self, event: SocialEvent, brand: str) -> bool:
        """Whether something is in a brand's space."""
        since = self._since.get(brand)
        return (
            brand in self._touched(event)
            or brand == self._host
            or brand in event.brands
            or (since is not None and since <= event.published)
        )

    def target(self, reaction: SocialEvent) -> tuple[str, datetime]:
        """The account that a reaction is about, or '', and the time at which it is what it is."""
        about = reaction.object
        if reaction.activity in RELATIONS:
            return about.id, reaction.published
        named = (about.actor_id or "", reaction.published)
        return self._authors.get((reaction.platform, about.id), named)

    def _touched(self, event: SocialEvent) -> set[str]:
        accounts = [(account, event.published) for account in (event.actor.id, *_names(event))]
        if event.activity in MESSAGES:
            address = self._sides.address(event)
            accounts.append((address.to, address.at or event.published))
        else:
            accounts.append(self.target(event))
        return {owner for account, at in accounts if (owner := self._sides.owner(account, at))}


def _names(event: SocialEvent) -> list[str]:
    return [mention.id for mention in event.mentions]


def _messages(
    sides: Sides, here: list[SocialEvent], brand: str, registry: Registry, label_of: LabelOf
) -> list[Seen]:
    thread, rows = sides.thread, {}
    entry = next(entry for entry in registry.brand if entry.name == brand)
    for event in here:
        at = event.published
        direction, to = sides.direction(event, brand)
        address = sides.address(event)
        role, theirs = (
            sides.role(event.actor.id, at, brand),
            sides.role(to, address.at or at, brand) if to else "",
        )
        quotes = address.how == "quote"
        newly = role == "customer" and address.how in ("answer", "quote") and sides.newly_names(event, brand)
        about = event.in_reply_to or event.quote_of
        voice = registry.voice(thread.platform, event.actor.id, at)
        row = rows[event.id] = Seen(
            brand=brand,
            platform=thread.platform,
            conversation=thread.key,
            started_at=thread.started_at,
            id=event.id,
            activity=event.activity,
            at=at,
            direction=direction,
            effect="amplification" if quotes and direction == "CB" and role == "customer" else "",
            actor=event.actor.id,
            actor_role=role,
            addressee=to,
            addressee_role=theirs,
            indirect=quotes,
            adds_brand=newly and (quotes or direction != "CB"),
            parent=about.id if about else "",
            replies_to=event.in_reply_to.id if event.in_reply_to else "",
            is_root=thread.root is event,
            followers=event.actor.followers,
            agent=event.actor.agent or (voice[1] if voice else ""),
        )
        row.labels = label_of(
            event, brand=entry, by_brand=role == "brand", answers_customer=direction == "BC"
        )
    for row in rows.values():
        if above := rows.get(row.parent):
            row.parent_direction, row.parent_at = above.direction, above.at
    return list(rows.values())


def _reactions(sides: Sides, spaces: _Spaces, brand: str) -> Iterator[Seen]:
    thread = sides.thread
    for event in thread.reactions:
        if not spaces.holds(event, brand):
            continue
        at, (to, then) = event.published, spaces.target(event)
        role, theirs = sides.role(event.actor.id, at, brand), sides.role(to, then, brand) if to else ""
        yield Seen(
            brand=brand,
            platform=thread.platform,
            conversation=thread.key,
            started_at=thread.started_at or at,
            id=event.id,
            activity=event.activity,
            at=at,
            direction="",
            effect=_effect(event.activity, role, theirs, oneself=to == event.actor.id),
            actor=event.actor.id,
            actor_role=role,
            addressee=to,
            addressee_role=theirs,
            indirect=False,
            adds_brand=False,
            parent=event.object.id,
            replies_to="",
            is_root=False,
            followers=event.actor.followers,
        )


def _effect(activity: str, role: str, theirs: str, *, oneself: bool) -> str:
    if activity in RELATIONS:
        return "relation"
    effects = {
        ("repost", "customer", "brand"): "amplification",
        ("like", "customer", "brand"): "applause",
        ("dislike", "customer", "brand"): "disapproval",
        ("repost", "brand", "customer"): "give",
        ("like", "brand", "customer"): "give",
        ("repost", "customer", "customer"): "trust",
        ("like", "customer", "customer"): "trust",
    }
    return "other" if oneself else effects.get((activity, role, theirs), "other")
