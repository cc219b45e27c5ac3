"""The life of the community, day by day: who opens which thread."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from streams.simulator.cast import cast
from streams.simulator.casting import poisson
from streams.simulator.manners import DRIFTER, HOURS, MANNERS, START, WEEKDAYS
from streams.simulator.pen import Pen
from streams.simulator.people import CUSTOMER
from streams.simulator.replies import BLAST, grow

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from streams.simulator.cast import Cast
    from streams.simulator.manners import Manner
    from streams.simulator.people import Person
    from streams.simulator.records import Message, Thread

BRAND_OPENINGS = {"to customers": 4, "blast": 3, "to a brand": 2, "quote": 3, "quiet": 6, "plain": 82}
"""How brands post, by weight. Bots visit the quiet ones."""
CUSTOMER_OPENINGS = {
    "to the brand": 37,
    "to the brand and a friend": 7,
    "to two brands": 4,
    "to another brand": 3,
    "quote": 6,
    "quote and mention": 3,
    "quote a customer": 3,
    "to a friend": 15,
    "plain": 22,
}
"""How customers post, by weight. What does not name the brand is in its space on the collector's word."""
THROUGHOUT = 0.6
"""Share of those in which the collector says so of the whole thread."""
BOT_POSTS, LURKER_WRITES, FAN_REPLIES, FAN_POSTS, ADVOCATE_POSTS = 0.12, 0.1, 0.4, 0.5, 0.07
"""Expected a day on a platform; of each advocate."""
LONG_AGO = 0.08
"""Share of the days' bustle that there was before the start."""
REMEMBERED = 30
"""Roots, the newest, that may still be quoted."""


def live(rng: Random, days: int, history: int) -> tuple[Cast, list[Thread]]:
    """Everybody, and all that they say to one another in that many days.

    Args:
        rng: Where chance comes from.
        days: How long it goes on from the start.
        history: How many days, with less of it, there were before.
    """
    community = _Community(rng, days)
    for day in range(-history, days):
        community.live_a_day(day)
    return community.pen.cast, community.pen.threads


class _Community:
    def __init__(self, rng: Random, days: int) -> None:
        self.rng = rng
        self.pen = Pen(rng, cast(days), days)
        self._roots: defaultdict[tuple[str, str], list[Message]] = defaultdict(list)

    def live_a_day(self, day: int) -> None:
        """Posts of the brands, then of the others."""
        rng, rhythm = self.rng, WEEKDAYS[day % 7] * (1 if day >= 0 else LONG_AGO)
        for manner in MANNERS:
            for platform in manner.platforms:
                for _ in range(poisson(rng, manner.posts_on(day) / 2 * rhythm)):
                    self._brand_opens(manner, platform, self._time(day))
                for _ in range(poisson(rng, manner.openings / 2 * rhythm)):
                    self._customer_opens(manner, platform, self._time(day))
                self._advocates(manner, platform, day)
                if day >= 0:
                    self._bystanders(manner, platform, day)

    def _time(self, day: int) -> datetime:
        (hour,) = self.rng.choices(range(24), HOURS)
        return START + timedelta(days=day, hours=hour, microseconds=self.rng.randrange(3_600_000_000))

    def _brand_opens(self, manner: Manner, platform: str, time: datetime) -> None:
        pen, name = self.pen, manner.name
        author = pen.voice(name, platform, time) or pen.cast.voices[name, platform][0]
        told = self._quotable(CUSTOMER, platform, time)
        (way,) = self.rng.choices(list(BRAND_OPENINGS), list(BRAND_OPENINGS.values()))
        if way == "to customers":
            named = self._customers(platform, self.rng.randint(1, BLAST))
            message = pen.open(author, time, name, to=named, mentions=named)
        elif way == "blast":
            named = self._customers(platform, self.rng.randint(BLAST + 1, BLAST + 4))
            message = pen.open(author, time, name, mentions=named)
        elif way == "to a brand":
            partner = self._other(manner, platform, time)
            message = pen.open(author, time, name, to=(partner,), mentions=(partner,))
        elif way == "quote" and told:
            message = pen.open(author, time, name, to=(told.author,), quotes=told)
        else:
            message = pen.open(author, time, name, quiet=way == "quiet")
        self._follow_up(message, name)

    def _customer_opens(self, manner: Manner, platform: str, time: datetime) -> None:
        pen, name = self.pen, manner.name
        author = pen.customer(platform)
        friend = pen.customer(platform, author)
        brand = pen.voice(name, platform, time) or pen.cast.voices[name, platform][0]
        other = self._other(manner, platform, time)
        post, told = self._quotable(name, platform, time), self._quotable(CUSTOMER, platform, time)
        throughout = pen.chance(THROUGHOUT)
        (way,) = self.rng.choices(list(CUSTOMER_OPENINGS), list(CUSTOMER_OPENINGS.values()))
        to: tuple[Person, ...]
        if way in {"to the brand", "to the brand and a friend", "to two brands"}:
            to = {"to two brands": (brand, other), "to the brand": (brand,)}.get(way, (brand, friend))
            message = pen.open(author, time, name, to=to, mentions=to)
        elif way == "to another brand":
            message = pen.open(author, time, name, to=(other,), mentions=(other,), asserted=True)
        elif way in {"quote", "quote and mention"} and post:
            mentions = (brand,) if way == "quote and mention" else ()
            message = pen.open(author, time, name, to=(post.author,), quotes=post, mentions=mentions)
        elif way == "quote a customer" and told and told.author is not author:
            to = (told.author,)
            message = pen.open(author, time, name, to=to, quotes=told, asserted=True, throughout=throughout)
        elif way == "to a friend":
            to = (friend,)
            message = pen.open(author, time, name, to=to, mentions=to, asserted=True, throughout=throughout)
        else:
            message = pen.open(author, time, name, asserted=True, throughout=throughout)
        self._follow_up(message, CUSTOMER)

    def _advocates(self, manner: Manner, platform: str, day: int) -> None:
        """They speak of the brand unasked, and to nobody."""
        for advocate in self.pen.cast.advocates[manner.name, platform]:
            if self.pen.chance(ADVOCATE_POSTS):
                time = self._time(day)
                self._follow_up(self.pen.open(advocate, time, manner.name, asserted=True), CUSTOMER)

    def _bystanders(self, manner: Manner, platform: str, day: int) -> None:
        """A bot that posts, a lurker who writes in private, and the fan as long as it is one."""
        pen, name = self.pen, manner.name
        brand = pen.cast.voices[name, platform][0]
        if pen.chance(BOT_POSTS):
            bot, time = pen.cast.bots[platform], self._time(day)
            pen.open(bot, time, name, to=(brand,), mentions=(brand,), quiet=True)
        if pen.chance(LURKER_WRITES):
            lurker, time = pen.cast.lurkers[platform], self._time(day)
            pen.open(lurker, time, name, to=(brand,), mentions=(brand,), direct=True)
        fan, time = pen.cast.fan, self._time(day)
        if manner is DRIFTER and platform == fan.platform and time < pen.cast.joins[fan.id]:
            post = self._quotable(name, platform, time)
            if post and pen.chance(FAN_REPLIES):
                later = pen.later(time, 60)
                # Nobody answers the fan: the account would be a brand's by the time that somebody does.
                if later < pen.cast.joins[fan.id]:
                    pen.reply(fan, post, later, stays=True)
            elif pen.chance(FAN_POSTS):
                pen.open(fan, time, name, asserted=True)

    def _follow_up(self, message: Message, by: str) -> None:
        grow(self.pen, message)
        if not message.lost:
            roots = self._roots[by, message.author.platform]
            roots.append(message)
            del roots[:-REMEMBERED]

    def _quotable(self, by: str, platform: str, before: datetime) -> Message | None:
        roots = [message for message in self._roots[by, platform] if message.time < before]
        return self.rng.choice(roots) if roots else None

    def _customers(self, platform: str, count: int) -> tuple[Person, ...]:
        people: list[Person] = []
        while len(people) < count:
            people.append(self.pen.customer(platform, *people))
        return tuple(people)

    def _other(self, manner: Manner, platform: str, time: datetime) -> Person:
        """A voice of the other brand on the platform: every two brands meet on one."""
        names = [other.name for other in MANNERS if other is not manner and platform in other.platforms]
        voice = self.pen.voice(names[0], platform, time)
        return voice or self.pen.cast.voices[names[0], platform][0]
