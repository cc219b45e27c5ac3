"""Who the brands are and how they behave, who else is there, and how often the odd things happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from schemas.event import ActorKind
from schemas.registry import Account, Agent, Brand, Registry
from streams.simulator.people import BLUESKY, MASTODON, PLATFORMS, Person, X, account_id, crowd

START = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday."""
WEEKS = 8
"""How long the drift takes."""
CROWD = 700
"""Customers on each platform."""

WEEKDAYS = (1.1, 1.15, 1.15, 1.1, 1.0, 0.75, 0.7)
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 12, 12, 11, 10, 10, 11, 13, 14, 12, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a brand behaves. A pair is the value in the first and in the last week, with a line between."""

    name: str
    platforms: tuple[str, str]
    posts: tuple[float, float]
    """Posts a day, over both platforms."""
    answers: tuple[float, float]
    """Share of what customers say to it that it answers."""
    median: float
    """Median seconds to an answer."""
    interest: float
    """Customers who answer a post."""
    openings: float
    """Customers' posts about it a day, over both platforms."""
    followers: int
    """Of each main account at the start."""
    kind: ActorKind = ActorKind.ORGANIZATION

    def posts_on(self, day: int) -> float:
        """Posts on a day, before the weekly rhythm."""
        return _between(self.posts, day)

    def answers_on(self, day: int) -> float:
        """Share answered on a day."""
        return _between(self.answers, day)


def _between(pair: tuple[float, float], day: int) -> float:
    first, last = pair
    return first + (last - first) * min(day // 7, WEEKS - 1) / (WEEKS - 1)


BROADCASTER = Manner(
    "clarion", (X, MASTODON), (13, 13), (0.09, 0.09), 6 * 3600, 1.0, 8, 12_000, ActorKind.SERVICE
)
CONVERSATIONALIST = Manner("hearth", (X, BLUESKY), (6, 6), (0.92, 0.92), 600, 3.0, 13, 5_000)
DRIFTER = Manner("ember", (MASTODON, BLUESKY), (6, 15), (0.75, 0.05), 1800, 1.6, 9, 3_000)
MANNERS = (BROADCASTER, CONVERSATIONALIST, DRIFTER)
"""Every two of them meet on one platform."""


@dataclass(frozen=True)
class Cast:
    """Everybody."""

    registry: Registry
    voices: dict[tuple[str, str], list[Person]]
    """Of a brand on a platform; the main account is the first."""
    joins: dict[str, datetime]
    """When an account that was a customer's starts to speak for its brand."""
    fan: Person
    """That account while it is a customer's."""
    crowds: dict[str, list[Person]]
    weights: list[float]
    """Cumulated: how much more the first of each crowd talk than the last."""
    bots: dict[str, Person]
    lurkers: dict[str, Person]
    """One on each platform who likes and writes direct messages, and never anything else."""


def cast(days: int) -> Cast:
    """The people of a world of that many days; halfway through, the drifter takes over a fan's account."""
    takeover = START + timedelta(days=days) / 2
    voices: dict[tuple[str, str], list[Person]] = {}
    brands = []
    for number, manner in enumerate(MANNERS):
        for platform in manner.platforms:
            main = account_id(platform, manner.name, 10 + number)
            voices[manner.name, platform] = [
                Person(platform, main, manner.name, manner.kind, manner.name, followers=manner.followers)
            ]
    hearth, ember = CONVERSATIONALIST.name, DRIFTER.name
    desk_id, ann_id = account_id(X, "hearth_help", 20), account_id(X, "ann_at_hearth", 21)
    desk = Person(X, desk_id, "hearth_help", ActorKind.ORGANIZATION, hearth, "Noor", 900)
    ann = Person(X, ann_id, "ann_at_hearth", brand=hearth, agent="Ann")
    fan_id = account_id(MASTODON, "ember_friends", 22)
    fan = Person(MASTODON, fan_id, "ember_friends", followers=400)
    taken = Person(MASTODON, fan_id, "ember_friends", brand=ember, followers=400)
    voices[hearth, X] += [desk, ann]
    voices[ember, MASTODON] += [taken]
    for manner in MANNERS:
        own = [person for platform in manner.platforms for person in voices[manner.name, platform]]
        brands.append(
            Brand(
                name=manner.name,
                reply_sla_minutes=60,
                link_domains=(f"{manner.name}.example",),
                account=tuple(
                    Account(
                        platform=person.platform,
                        id=person.id,
                        valid_from=takeover if person is taken else None,
                    )
                    for person in own
                    if person is not ann
                ),
                agent=(Agent(name="Ann", platform=ann.platform, id=ann.id),) if ann in own else (),
            )
        )
    return Cast(
        registry=Registry(brand=tuple(brands)),
        voices=voices,
        joins={fan.id: takeover},
        fan=fan,
        crowds={p: crowd(p, CROWD, first=1000 * (n + 1)) for n, p in enumerate(PLATFORMS)},
        weights=list(accumulate((rank + 8) ** -0.8 for rank in range(CROWD))),
        bots={
            p: Person(p, account_id(p, f"deals_bot_{p}", 30), f"deals_bot_{p}", ActorKind.SERVICE)
            for p in PLATFORMS
        },
        lurkers={p: Person(p, account_id(p, f"lurker_{p}", 31), f"lurker_{p}") for p in PLATFORMS},
    )
