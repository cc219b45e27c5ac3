"""What people do beside talking: likes, reposts, follows, and the leaving of those who have had enough."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from schemas.event import Activity
from streams.simulator.casting import poisson
from streams.simulator.manners import MANNERS, START
from streams.simulator.people import BLUESKY, CUSTOMER, message_id
from streams.simulator.records import Reaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from streams.simulator.cast import Cast
    from streams.simulator.people import Person
    from streams.simulator.records import Message, Thread

LIKES, REPOSTS = (0.9, 0.12), (0.12, 0.01)
"""Expected of a brand's post, and of any other message."""
FOLLOWS, UNDONE, CONFIRMS = 0.03, 0.05, 0.2
"""Shares of a brand's messages that somebody follows; of the likes that are undone; of the brands' answers
that the one who is answered likes."""
BY_BOTS, BY_LURKERS, BY_BRANDS = 0.01, 0.04, 0.03
"""Shares of the reactions."""
FAVOURED = 0.12
"""Share of a brand's posts that one of its advocates passes on."""
REPELS = {"bo": (0.01, 0.18), "bc": (0.01, 0.02)}
"""Share of a brand's messages, to nobody and to somebody, after which somebody leaves: of a brand that still
talks with people, and of one that no longer does. Only Bluesky shows it."""
BLOCKS = 0.3
"""Share of those who leave that block besides."""

_HOSTS = {manner.name: manner for manner in MANNERS}


def react(rng: Random, cast: Cast, threads: Sequence[Thread], end: datetime) -> list[Reaction]:
    """Every reaction to what has been said, none later than the end."""
    passers = _Passers(rng, cast)
    found = [
        reaction
        for thread in threads
        for message in thread.messages
        if not message.direct
        for reaction in passers.react_to(message)
    ]
    return [reaction for reaction in found if reaction.time < end]


class _Passers:
    def __init__(self, rng: Random, cast: Cast) -> None:
        self._rng = rng
        self._cast = cast
        self._made = 0

    def react_to(self, message: Message) -> Iterator[Reaction]:
        rng, author, platform = self._rng, message.author, message.author.platform
        rest = int(not (author.brand and message.parent is None))
        for activity, means in ((Activity.LIKE, LIKES), (Activity.REPOST, REPOSTS)):
            for _ in range(poisson(rng, means[rest])):
                yield self._make(activity, self._anybody(message), message, 5400)
        if author.brand:
            yield from self._to_a_brand(message)
        elif author.party == CUSTOMER:
            host = _HOSTS[message.thread.host]
            voices = self._cast.voices.get((host.name, platform), [])
            if voices and rng.random() < host.gives_on((message.time - START).days):
                activity = Activity.REPOST if rng.random() < 0.2 else Activity.LIKE  # noqa: PLR2004
                yield self._make(activity, voices[0], message, host.median)

    def _to_a_brand(self, message: Message) -> Iterator[Reaction]:
        rng, brand, platform = self._rng, message.author, message.author.platform
        asked = message.parent.author if message.parent else None
        if asked and asked.party == CUSTOMER and rng.random() < CONFIRMS:
            yield self._make(Activity.LIKE, asked, message, 1800)
        advocates = self._cast.advocates.get((brand.brand, platform), ())
        if advocates and message.parent is None and rng.random() < FAVOURED:
            yield self._make(Activity.REPOST, rng.choice(advocates), message, 3600)
        if rng.random() < FOLLOWS:
            yield self._relate(Activity.FOLLOW, message)
        if platform == BLUESKY:
            answers = _HOSTS[brand.brand].answers_on((message.time - START).days)
            talking, silent = REPELS["bc" if CUSTOMER in message.parties else "bo"]
            if rng.random() < silent + (talking - silent) * answers:
                yield self._relate(Activity.UNFOLLOW, message)
                if rng.random() < BLOCKS:
                    yield self._relate(Activity.BLOCK, message)

    def _make(self, activity: Activity, actor: Person, message: Message, median: float) -> Reaction:
        time = message.time + self._after(median)
        undone = activity is Activity.LIKE and self._rng.random() < UNDONE
        return Reaction(
            self._name(actor),
            activity,
            actor,
            time,
            message.author,
            message,
            undone=time + self._after(60) if undone else None,
        )

    def _relate(self, activity: Activity, message: Message) -> Reaction:
        """Somebody who has read it starts or stops following its author, or blocks it."""
        reader = self._rng.choice(self._cast.crowds[message.author.platform])
        return Reaction(self._name(reader), activity, reader, message.time + self._after(600), message.author)

    def _anybody(self, message: Message) -> Person:
        """Mostly a customer, sometimes the brand around which it is, a lurker or a bot."""
        platform = message.author.platform
        bot, lurker = self._cast.bots[platform], self._cast.lurkers[platform]
        brands = self._cast.voices.get((message.thread.host, platform), [lurker])
        (who,) = self._rng.choices(
            (bot, lurker, brands[0], None),
            (BY_BOTS, BY_LURKERS, BY_BRANDS, 1 - BY_BOTS - BY_LURKERS - BY_BRANDS),
        )
        return who or self._rng.choice(self._cast.crowds[platform])

    def _name(self, actor: Person) -> str:
        self._made += 1
        return message_id(actor, 10_000_000 + self._made)

    def _after(self, median: float) -> timedelta:
        return timedelta(seconds=1 + self._rng.lognormvariate(math.log(median), 1.2))
