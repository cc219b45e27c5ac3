"""Chance: whether, who and when."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from streams.simulator.cast import Cast
    from streams.simulator.people import Person

MORNING, SLEEPS = 6, 0.8
"""The hour, UTC, until which that share of people does not answer."""


def poisson(rng: Random, mean: float) -> int:
    """How often something happens that is expected `mean` times."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


class Casting:
    """Picks people and moments.

    Args:
        rng: Where all chance comes from.
        cast: Who there is.
    """

    def __init__(self, rng: Random, cast: Cast) -> None:
        self.rng = rng
        self.cast = cast

    def chance(self, share: float) -> bool:
        """Whether something happens that happens in that share of the cases."""
        return self.rng.random() < share

    def customer(self, platform: str, *others: Person) -> Person:
        """A customer who is none of the others; a few talk much, most seldom."""
        crowd = self.cast.crowds[platform]
        while True:
            (person,) = self.rng.choices(crowd, cum_weights=self.cast.weights)
            if person not in others:
                return person

    def voice(self, brand: str, platform: str, time: datetime) -> Person | None:
        """One of the accounts that speak for a brand at a time, if it is on the platform at all."""
        joins = self.cast.joins
        voices = self.cast.voices.get((brand, platform), [])
        present = [person for person in voices if person.id not in joins or joins[person.id] <= time]
        return self.rng.choice(present) if present else None

    def later(self, time: datetime, median: float, spread: float = 1.2) -> datetime:
        """A log-normal latency after a time, in seconds; whoever would answer at night sleeps first."""
        later = time + timedelta(seconds=1 + self.rng.lognormvariate(math.log(median), spread))
        sleeps = later.hour < MORNING and self.chance(SLEEPS)
        return later + timedelta(hours=MORNING - later.hour) if sleeps else later
