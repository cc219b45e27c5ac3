"""AL2, drift: the broadcast share rises a little every week, too slowly for a step to show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.alerts import DRIFT
from streams.alerts.reading import FEW, Reading
from streams.alerts.trend import mann_kendall, theil_sen
from streams.alerts.windows import untrusted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.alerts.days import Day
    from streams.alerts.windows import Baseline

SUNDAY = 6


def drift(days: Sequence[Day], frozen: Baseline | None = None) -> Reading | None:  # noqa: ARG001 - has none
    """Judge the last day, if a week ends with it.

    Args:
        days: Closed days in order, without a hole, up to the one that is judged.
        frozen: Of other rules.

    Returns:
        None in the middle of a week: what was said on Sunday holds.
    """
    if days[-1].date.weekday() != SUNDAY:
        return None
    weeks = [
        [day for day in days[-7 * number : len(days) - 7 * (number - 1)] if not day.gap]
        for number in range(DRIFT.weeks, 0, -1)
    ]
    sizes = [sum(day.spoken for day in week) for week in weeks]
    known = Reading(n=min(sizes), window_days=7 * DRIFT.weeks)
    if why := FEW if min(sizes) < DRIFT.minimum else untrusted(days, *weeks):
        return replace(known, why=why)
    shares = [sum(day.bo for day in week) / size for week, size in zip(weeks, sizes, strict=True)]
    trend, slope = mann_kendall(shares), theil_sen(shares)
    rise = slope * (DRIFT.weeks - 1)
    return replace(
        known,
        fires=trend >= DRIFT.trend and rise >= DRIFT.rise,
        clears=slope <= DRIFT.clear_slope,
        value=shares[-1],
        baseline=shares[0],
        change=rise,
        score=float(trend),
    )
