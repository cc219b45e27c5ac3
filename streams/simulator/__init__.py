"""A brand's community that never was, and the true value of every metric about it.

    manners ─▶ community, reactions ─▶ records ─┬─▶ deliveries ─▶ events in the order of arrival
    (who)      (what happens)                   └─▶ truth       ─▶ every metric

The truth comes from the records, which say what was meant; the pipeline only ever sees the events.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from streams.simulator.community import live
from streams.simulator.deliveries import deliver
from streams.simulator.manners import START
from streams.simulator.measures import Values, ratios
from streams.simulator.reactions import react
from streams.simulator.truth import SUMS, tell
from streams.simulator.truth.market import Topic, topics, trusted_voices
from streams.simulator.truth.voices import Agent, agents

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
    arrivals: list[datetime]
    """When each of them arrives."""
    period: tuple[datetime, datetime]
    """The window of the truth: from the start until after the last day. History lies before it."""
    truth: dict[str, Values]
    """By brand, over the period and all platforms: every metric of the catalogue, by its column."""
    truth_by_day: dict[tuple[str, date], Values]
    """The same by brand and UTC day of the period, for the metrics whose source is `dialogue_minutes`."""
    agents: dict[str, dict[str, Agent]]
    """H4 by brand and agent."""
    topics: dict[str, dict[str, Topic]]
    """M2 by brand and topic."""
    trusted: dict[str, dict[tuple[str, str], int]]
    """M3 by brand and author."""
    totals: dict[str, dict[str, int]]
    """The sums behind the truth, by brand."""
    totals_by_day: dict[tuple[str, date], dict[str, int]]
    """The sums by brand and UTC day, those of the history too."""


def simulate(days: int = 56, seed: int = 7, history: int = 0) -> Simulation:
    """A community of three brands from Monday 2026-01-05 on; the same for the same arguments.

    Args:
        days: How long it goes on, at least 1. One of the brands drifts to broadcasting over eight weeks.
        seed: Picks one of the many worlds.
        history: Days with a little bustle before: what relationships are told from.

    Raises:
        ValueError: There are no days.
    """
    if days < 1:
        raise ValueError("a simulation lasts at least one day")
    rng = Random(seed)  # noqa: S311 - not for secrets: it has to be the same again
    period = START, START + timedelta(days=days)
    cast, threads = live(rng, days, history)
    reactions = react(rng, cast, threads, period[1])
    deliveries = deliver(rng, threads, reactions)
    names = [brand.name for brand in cast.registry.brand]
    accounts = tell(names, threads, reactions, period)
    whole = [START.date() + timedelta(days=day) for day in range(days)]
    past = [START.date() - timedelta(days=day) for day in range(history, 0, -1)]
    return Simulation(
        registry=cast.registry,
        events=[event for _, event in deliveries],
        arrivals=[time for time, _ in deliveries],
        period=period,
        truth={name: accounts[name].values() for name in names},
        truth_by_day={(name, day): ratios(accounts[name].by_day[day]) for name in names for day in whole},
        agents={name: agents(account.view, account.span) for name, account in accounts.items()},
        topics={name: topics(account.view, account.span) for name, account in accounts.items()},
        trusted={name: trusted_voices(account.view, account.span) for name, account in accounts.items()},
        totals={name: {what: accounts[name].sums[what] for what in SUMS} for name in names},
        totals_by_day={
            (name, day): {what: accounts[name].by_day[day][what] for what in SUMS}
            for name in names
            for day in (*past, *whole)
        },
    )
