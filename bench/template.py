"""One week of the simulator as a stencil: events whose ids, brands and texts end in marks to be filled in.

A community is the week with its own number in place of the marks, so any number of communities live side by
side: other people in other conversations, about the same brands or about brands of their own. Texts end in
words of their own, as people's do, so that no cache of labels helps.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.event import RELATIONS
from schemas.registry import Registry
from streams.ingest import message
from streams.simulator import simulate
from streams.sources.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from schemas.event import Actor, Reference, SocialEvent
    from schemas.registry import Brand

DAYS = 7
COMMUNITY, GROUP, ROOT, WORDS = "\ue000", "\ue001", "\ue002", "\ue003"
"""Marks, of Unicode's private use: behind ids of a community, behind the brands and their accounts, behind
the conversation that an event names, and behind its text."""


@dataclass(frozen=True, slots=True)
class Stencil:
    """An event of the week."""

    key: str
    """The key of its message in the topic."""
    body: str
    """The event as JSON."""


@dataclass(frozen=True, slots=True)
class Week:
    """The week, in the order of arrival."""

    events: Sequence[Stencil]
    conversations: int
    brands: Sequence[Brand]

    def registry(self, count: int) -> Registry:
        """So many brands: those of the week, again for every group of communities."""
        groups = self.groups(count)
        named = [_named(brand, suffix) for suffix in groups for brand in self.brands]
        return Registry(brand=tuple(named[:count]))

    def groups(self, count: int) -> list[str]:
        """What stands in place of GROUP, for so many brands."""
        groups = -(-count // len(self.brands))
        return [""] if groups == 1 else [f"{number:05}" for number in range(groups)]


def week(seed: int, *, in_order: bool = False, longest: int | None = None) -> Week:
    """The stencils of a week.

    Args:
        seed: Picks the world.
        in_order: By event time, so that nothing is late; else as untidy as the simulator delivers.
        longest: Events of a conversation, the first that come; None for all of it.
    """
    world = simulate(days=DAYS, seed=seed)
    ours = {voice.id for brand in world.registry.brand for voice in brand.voices()}
    events = [_marked(event, ours) for event in world.events]
    keys = Keys()
    for event in events:
        keys.note(event)
    stencils, seen = [], Counter[str]()
    for event in sorted(events, key=_time) if in_order else events:
        keyed = keys.keyed(event, 0)
        seen[keyed.key] += 1
        if longest is not None and seen[keyed.key] > longest:
            continue
        root = keyed.event.conversation
        if root is not None:
            event = event.model_copy(update={"conversation": root.replace(COMMUNITY, ROOT)})  # noqa: PLW2901
        key = keyed.key if event.activity in RELATIONS else keyed.key.replace(COMMUNITY, ROOT)
        stencils.append(Stencil(key, message(event).decode()))
    return Week(stencils, len(seen), world.registry.brand)


def _time(event: SocialEvent) -> datetime:
    """When it happened: not after it was seen, whatever it says."""
    return min(event.published, event.observed or event.published)


def _marked(event: SocialEvent, ours: set[str]) -> SocialEvent:
    """The event with marks behind what is a community's own."""

    def mark(identity: str) -> str:
        return identity + (GROUP if identity in ours else COMMUNITY)

    def reference(to: Reference | None) -> Reference | None:
        if to is None:
            return None
        return to.model_copy(update={"id": mark(to.id), "actor_id": to.actor_id and mark(to.actor_id)})

    actor: Actor = event.actor.model_copy(update={"id": mark(event.actor.id)})
    return event.model_copy(
        update={
            "id": mark(event.id),
            "actor": actor,
            "in_reply_to": reference(event.in_reply_to),
            "conversation": event.conversation and mark(event.conversation),
            "quote_of": reference(event.quote_of),
            "object": reference(event.object),
            "mentions": tuple(
                mention.model_copy(update={"id": mark(mention.id)}) for mention in event.mentions
            ),
            "text": event.text and event.text + WORDS,
            "brands": tuple(name + GROUP for name in event.brands),
        }
    )


def _named(brand: Brand, suffix: str) -> Brand:
    """The brand as one group of communities knows it."""
    return brand.model_copy(
        update={
            "name": brand.name + suffix,
            "account": tuple(voice.model_copy(update={"id": voice.id + suffix}) for voice in brand.account),
            "agent": tuple(voice.model_copy(update={"id": voice.id + suffix}) for voice in brand.agent),
        }
    )
