"""A world to break workers on: untidy in every way that a platform and its collectors are, and seeded."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from schemas.registry import Registry
from streams.ingest import message
from streams.simulator import simulate
from streams.sources.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.event import SocialEvent

Identity = tuple[str, str, str, int]
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


class Message(NamedTuple):
    """What a collector sends."""

    key: bytes
    value: bytes


@dataclass(frozen=True)
class World:
    """What happened, and how it is told."""

    registries: tuple[Registry, Registry]
    """The second comes into force when `early` has been sent. By then every thread may be in the tables."""
    distinct: Sequence[SocialEvent]
    """Every activity once, in the order of time: what a clean pass gets."""
    early: Sequence[Message]
    """A fifth of the deliveries, shuffled."""
    late: Sequence[Message]
    """All of them, `early` too, shuffled: so a fifth is there twice, and all meets the new registry."""
    forgotten: tuple[str, str]
    """Platform and id of an account that is to be forgotten, whatever it does and whenever that comes."""


def bad(message: Message) -> bool:
    """Whether a message is made to be refused."""
    return message.value.startswith(_BAD)


def make_world(seed: int, days: int) -> World:
    """A simulated community, with a twentieth of its events 1 to 400 days late, and a hundredth unusable.

    Edits, deletes and undos come before and after what they act on, replies before their parents; four in ten
    threads do not name their conversation.

    Args:
        seed: The same seed gives the same world.
        days: How long it goes on; a day has about 350 events.
    """
    rng = Random(seed)
    simulation = simulate(days, seed)
    keys = Keys()
    for event in simulation.events:
        keys.note(event)
    delays = {identity(event): _delay(rng) for event in simulation.events}
    events = [
        event.model_copy(update={"published": event.published - delays[identity(event)]})
        for event in simulation.events
    ]
    told = [Message(keys.keyed(event, 0).key.encode(), message(event)) for event in events]
    told += [Message(str(number).encode(), _unusable(rng, number)) for number in range(len(told) // 100)]
    rng.shuffle(told)
    registry = simulation.registry
    return World(
        registries=(Registry(brand=registry.brand[:-1]), registry),
        distinct=_distinct(events),
        early=told[: len(told) // 5],
        late=rng.sample(told, len(told)),
        forgotten=_talker(events, registry),
    )


def identity(event: SocialEvent) -> Identity:
    """What makes two deliveries the same activity."""
    return event.platform, event.id, event.activity, event.version


def _talker(events: Sequence[SocialEvent], registry: Registry) -> tuple[str, str]:
    """The customer who does the most."""
    known = {(account.platform, account.id) for brand in registry.brand for account in brand.account}
    by = Counter((event.platform, event.actor.id) for event in events)
    return max(by.keys() - known, key=lambda account: (by[account], account))


def _delay(rng: Random) -> timedelta:
    return timedelta(days=rng.uniform(1, 400)) if rng.random() < 0.05 else timedelta()


def _distinct(events: Sequence[SocialEvent]) -> list[SocialEvent]:
    """Of several deliveries the one that a collector saw first."""
    ordered = sorted(events, key=lambda event: (identity(event), event.observed or _NEVER))
    return sorted(
        (next(deliveries) for _, deliveries in groupby(ordered, identity)), key=lambda event: event.published
    )


_BAD = b'{"bad":'


def _unusable(rng: Random, number: int) -> bytes:
    """Bytes to be refused, each for one of several reasons."""
    usable = {
        "bad": number,
        "platform": "x",
        "activity": "post",
        "id": f"bad {number}",
        "actor": {"id": "eve"},
        "published": "2026-01-05T00:00:00Z",
    }
    wrong = ({"activity": "shout"}, {"published": "1999-01-01T00:00:00Z"}, {"actor": 7}, {"activity": "like"})
    whole = json.dumps(usable | rng.choice(wrong), separators=(",", ":")).encode()
    return whole if rng.random() < 0.8 else whole[:-7] + b"\xff"
