"""Who there is: the brands' accounts, the crowds, the bots, and those who are somebody special."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from schemas.event import ActorKind
from schemas.registry import Account, Agent, Brand, Registry
from streams.simulator.manners import CONVERSATIONALIST, DRIFTER, MANNERS, START, TOPICS
from streams.simulator.people import MASTODON, PLATFORMS, Person, X, account_id, crowd

CROWD = 700
"""Customers on each platform."""
ADVOCATES = 5
"""Of each brand on each platform."""


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
    advocates: dict[tuple[str, str], list[Person]]
    """Customers who speak for a brand on a platform unasked."""
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
                campaign_tags=(manner.campaign,),
                topic=TOPICS,
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
        advocates={
            (manner.name, platform): crowd(platform, ADVOCATES, first=9000 + 10 * number)
            for number, (manner, platform) in enumerate(
                (manner, platform) for manner in MANNERS for platform in manner.platforms
            )
        },
        crowds={p: crowd(p, CROWD, first=1000 * (n + 1)) for n, p in enumerate(PLATFORMS)},
        weights=list(accumulate((rank + 8) ** -0.8 for rank in range(CROWD))),
        bots={
            p: Person(p, account_id(p, f"deals_bot_{p}", 30), f"deals_bot_{p}", ActorKind.SERVICE)
            for p in PLATFORMS
        },
        lurkers={p: Person(p, account_id(p, f"lurker_{p}", 31), f"lurker_{p}") for p in PLATFORMS},
    )
