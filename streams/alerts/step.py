"""AL1, step: the broadcast share is suddenly higher than in the weeks before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.alerts import STEP
from streams.alerts.overdispersion import phi_of_shares
from streams.alerts.reading import FEW, FEW_BEFORE, Reading
from streams.alerts.shares import z_of_change
from streams.alerts.windows import pair_of, untrusted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.alerts import Step
    from streams.alerts.days import Day
    from streams.alerts.windows import Baseline, Pair


def step(days: Sequence[Day], frozen: Baseline | None) -> Reading:
    """Judge the last day.

    Args:
        days: Closed days in order, without a hole, up to the one that is judged.
        frozen: The baseline while the alert fires.
    """
    pair = pair_of(days, lambda day: day.spoken, frozen)
    return compared(STEP, days, pair, lambda day: day.bo, lambda day: day.spoken, bad=1)


def compared(
    rule: Step,
    days: Sequence[Day],
    pair: Pair,
    hits: Callable[[Day], int],
    trials: Callable[[Day], int],
    *,
    bad: int,
) -> Reading:
    """Hold a share against that of the baseline.

    Args:
        rule: Thresholds and least numbers.
        days: All days; the last one is judged.
        pair: The windows.
        hits: Of the share, a day.
        trials: Of the share, a day.
        bad: 1 where a rise is bad, -1 where a fall is.
    """
    n, n_before = sum(map(trials, pair.now)), sum(map(trials, pair.before))
    days_now = pair.baseline.windows.days
    known = Reading(n=n, n_before=n_before, window_days=days_now, against=pair.baseline)
    few = FEW if n < rule.minimum else FEW_BEFORE if n_before < rule.minimum_before else ""
    if why := few or untrusted(days, pair.now, pair.before):
        return replace(known, why=why)
    x, x_before = sum(map(hits, pair.now)), sum(map(hits, pair.before))
    phi = phi_of_shares([hits(day) for day in pair.before], [trials(day) for day in pair.before])
    z = z_of_change((x, n), (x_before, n_before), phi)
    change = x / n - x_before / n_before
    return replace(
        known,
        fires=bad * change >= rule.step and bad * z >= rule.z,
        clears=bad * change < rule.clear_step,
        value=x / n,
        baseline=x_before / n_before,
        change=change,
        score=z,
        phi=phi,
    )
