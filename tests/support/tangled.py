"""Seeded threads as no platform would make them: rings, strangers, periods, versions, ids used twice.

`support.worlds` draws what may happen, and shrinks; here is more of everything, quickly.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from support.worlds import TEXTS

from schemas.event import ACTS_ON, Activity, Actor, ActorKind, Mention, Reference, SocialEvent
from schemas.registry import Account, Agent, Brand, Registry, Topic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START = datetime(2026, 1, 5, 11, 59, 58, 999999, tzinfo=UTC)
_STEPS = (0, 0, 0.000001, 1, 59, 60, 3600, 86399.999999, 86400, 3 * 86400, 7 * 86400, 9e6)
"""Seconds."""
_EPOCHS = (
    START,
    START,
    START,
    START,
    datetime(1969, 12, 31, 23, 59, 30, 1, UTC),
    datetime(2, 1, 1, tzinfo=UTC),
)
_BRANDS = {
    "acme": ("acme", "acme_help", "acme_later", "ann"),
    "rival": ("rival", "moves", "acme_once"),
    "third": ("third",),
    "quiet": ("quiet",),
}
_OWN = tuple(account for accounts in _BRANDS.values() for account in accounts)
_PEOPLE = ("eve", "bob", "zoë", "robo", "bert", "m1")
_ACCOUNTS = (*_OWN, *_PEOPLE)
_IDS = tuple(f"m{number}" for number in range(12))
_MESSAGES = (Activity.POST, Activity.REPLY, Activity.REPLY, Activity.REPLY, Activity.REPLY, Activity.QUOTE)
_REACTIONS = (
    Activity.LIKE,
    Activity.LIKE,
    Activity.REPOST,
    Activity.DISLIKE,
    Activity.FOLLOW,
    Activity.BLOCK,
)
_CHANGES = (Activity.UPDATE, Activity.UPDATE, Activity.DELETE, Activity.UNDO, Activity.UNDO)
_KINDS = (None, ActorKind.PERSON)
_ROBOTS = (None, ActorKind.SERVICE)


@dataclass(frozen=True)
class Tangle:
    """What a thread is folded of."""

    key: str
    events: Sequence[SocialEvent]
    """Distinct activities in any order."""
    registry: Registry
    settled: datetime | None
    forgotten: Mapping[str, datetime]
    seen: int
    share: float


def tangle(seed: int) -> Tangle:
    """One thread of up to thirty activities; the same seed gives the same."""
    rng = Random(seed)
    at = rng.choice(_EPOCHS)
    accounts = rng.sample(_ACCOUNTS, rng.randint(2, 7))
    events: dict[tuple[str, str, int], SocialEvent] = {}
    for number in range(rng.choice((1, 1, 2, 3, 5, 12, 20))):
        at += timedelta(seconds=rng.choice(_STEPS))
        event = _event(rng, _next(rng, number), rng.choice(_MESSAGES), at, accounts)
        events[event.id, event.activity, event.version] = event
    for number in range(rng.choice((0, 0, 1, 3, 10))):
        at += timedelta(seconds=rng.choice(_STEPS))
        activity = rng.choice(_REACTIONS if rng.random() < 0.6 else _CHANGES)
        is_own_id = activity is Activity.UPDATE or rng.random() < 0.1
        identifier = rng.choice(_IDS) if is_own_id else f"{activity}{rng.randrange(number + 1)}"
        event = _event(rng, identifier, activity, at, accounts)
        events[event.id, event.activity, event.version] = event
    if rng.random() < 0.5:
        at += timedelta(days=600 * 365)
        event = _event(rng, "m0", Activity.REPLY, min(at, datetime(9999, 12, 20, tzinfo=UTC)), accounts)
        events[event.id, event.activity, event.version] = event
    told = list(events.values())
    rng.shuffle(told)
    times = sorted(event.published for event in told)
    return Tangle(
        key=rng.choice((*_IDS[:2], _IDS[0], _IDS[0], "elsewhere")),
        events=told,
        registry=_registry(rng),
        settled=rng.choice((None, None, rng.choice(times), times[-1] + timedelta(days=1))),
        forgotten={
            account: rng.choice(times) for account in accounts if rng.random() < rng.choice((0, 0, 0.5))
        },
        seen=rng.randrange(2**40),
        share=rng.choice((1.0, 0.5, 0.0)),
    )


def kinds(tangles: Sequence[Tangle]) -> Counter[str]:
    """How often what is hard is there at all."""
    return Counter(
        {
            "ring": sum(_has_ring(one) for one in tangles),
            "settled": sum(one.settled is not None for one in tangles),
            "forgotten": sum(bool(one.forgotten) for one in tangles),
            **Counter(str(event.activity) for one in tangles for event in one.events),
        }
    )


def _has_ring(one: Tangle) -> bool:
    above = {event.id: event.in_reply_to.id for event in one.events if event.is_message and event.in_reply_to}
    for start in above:
        step, seen = start, set[str]()
        while step in above and step not in seen:
            seen.add(step)
            step = above[step]
        if step in seen:
            return True
    return False


def _next(rng: Random, number: int) -> str:
    return _IDS[number] if number < len(_IDS) and rng.random() < 0.9 else rng.choice(_IDS)


def _event(
    rng: Random, identifier: str, activity: Activity, at: datetime, accounts: Sequence[str]
) -> SocialEvent:
    by = rng.choice(accounts)
    about: dict[str, Any] = {}
    if (needed := ACTS_ON.get(activity)) is not None:
        about[needed] = _reference(rng, accounts, identifier)
    for field in ("in_reply_to", "quote_of", "object"):
        if field not in about and rng.random() < 0.05:
            about[field] = _reference(rng, accounts, identifier)
    named = rng.choice((0, 0, 0, 1, 1, 2, 6))
    return SocialEvent(
        platform="x",
        activity=activity,
        id=identifier,
        version=rng.choice((0, 0, 0, 1, 2, 2**32 - 1)) if rng.random() < 0.5 else 0,
        actor=Actor(
            id=by,
            kind=rng.choice(_ROBOTS if by == "robo" else _KINDS),
            followers=rng.choice((None, 0, 2**62)),
            agent=rng.choice((None, None, None, "", "Ann")),
        ),
        published=at - timedelta(seconds=rng.choice((0, 0, 0, 90))),
        mentions=tuple(
            Mention(id=rng.choice(_ACCOUNTS), inherited=rng.choice((None, None, None, True, False)))
            for _ in range(named)
        ),
        text=rng.choice(TEXTS),
        lang=rng.choice((None, "", "en", "en", "es")),
        hashtags=rng.choice(((), (), ("Spring",))),
        urls=rng.choice(((), (), ("https://acme.example/a",))),
        generator=rng.choice((None, "Buffer", "Web")),
        brands=tuple(rng.choices((*_BRANDS, "nobody"), k=rng.choice((0, 0, 0, 1, 2)))),
        **about,
    )


def _reference(rng: Random, accounts: Sequence[str], identifier: str) -> Reference:
    where = rng.random()
    target = rng.choice(_IDS[:4])
    if where < 0.35 and identifier in _IDS:
        target = _IDS[max(_IDS.index(identifier) - 1, 0)]
    elif where < 0.7:
        target = rng.choice((*_IDS, *_IDS, "gone", "like0", "repost0", "dislike0", *_ACCOUNTS))
    return Reference(id=target, actor_id=rng.choice((None, rng.choice(accounts), rng.choice(_ACCOUNTS))))


def _registry(rng: Random) -> Registry:
    """Some of the brands, some accounts of which come, go, or change sides."""
    middle = START + timedelta(seconds=rng.choice((0, 60, 86400)))
    periods: dict[str, dict[str, Any]] = {
        "acme_later": {"valid_from": middle},
        "acme_once": {"valid_to": middle},
        "moves": {"valid_to": middle},
    }
    brands = []
    for name, accounts in _BRANDS.items():
        own = [
            Account(platform="x", id=account, **periods.get(account, {}))
            for account in accounts
            if account != "ann"
        ]
        if name == "acme":
            own.append(Account(platform="x", id="moves", valid_from=middle))
        brands.append(
            Brand(
                name=name,
                reply_sla_minutes=rng.choice((1, 60, 2**31, 2**70)),
                campaign_tags=("spring",) if name == "acme" else (),
                account=tuple(own),
                agent=(Agent(platform="x", id="ann", name="Ann"),) if name == "acme" else (),
                topic=(Topic(name="delivery", words=("parcel", "sent")),) if name == "acme" else (),
            )
        )
    return Registry(brand=tuple(rng.sample(brands, rng.randint(1, len(brands)))))
