"""A brand's community that never was, and the true value of every metric about it.

    manners ─▶ community ─▶ records ─┬─▶ deliveries ─▶ events in the order of arrival
    (who)      (what happens)        └─▶ truth       ─▶ every metric

The truth comes from the records, which say what was meant; the pipeline only ever sees the events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from streams.simulator.community import live
from streams.simulator.deliveries import deliver
from streams.simulator.manners import START
from streams.simulator.measures import Values, ratios
from streams.simulator.truth import SUMS, tell

if TYPE_CHECKING:
    from schemas.event import SocialEvent
    from schemas.registry import Registry

__all__ = ["START", "SUMS", "Simulation", "simulate"]


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulated world, and the truth about it."""

    registry: Registry
    events: list[SocialEvent]
    """In the order of arrival: some are late, out of order or there twice."""
    truth: dict[str, Values]
    """By brand, over the whole period and all platforms: every metric of the catalogue, by its column."""
    truth_by_day: dict[tuple[str, date], Values]
    """The same by brand and UTC day, for the metrics whose source is `dialogue_minutes`."""
    totals: dict[str, dict[str, int]]
    """The sums behind the truth, by brand."""
    totals_by_day: dict[tuple[str, date], dict[str, int]]
    """The sums by brand and UTC day."""


def simulate(days: int = 56, seed: int = 7) -> Simulation:
    """A community of three brands from Monday 2026-01-05 on; the same for the same arguments.

    Args:
        days: How long it goes on, at least 1. One of the brands drifts to broadcasting over eight weeks.
        seed: Picks one of the many worlds.

    Raises:
        ValueError: There are no days.
    """
    if days < 1:
        raise ValueError("a simulation lasts at least one day")
    rng = Random(seed)  # noqa: S311 - not for secrets: it has to be the same again
    cast, threads = live(rng, days)
    events = deliver(rng, cast, threads)
    names = [brand.name for brand in cast.registry.brand]
    accounts = tell(names, threads)
    all_days = [START.date() + timedelta(days=day) for day in range(days)]
    return Simulation(
        registry=cast.registry,
        events=events,
        truth={name: accounts[name].values() for name in names},
        truth_by_day={(name, day): ratios(accounts[name].by_day[day]) for name in names for day in all_days},
        totals={name: {what: accounts[name].sums[what] for what in SUMS} for name in names},
        totals_by_day={
            (name, day): {what: accounts[name].by_day[day][what] for what in SUMS}
            for name in names
            for day in all_days
        },
    )
