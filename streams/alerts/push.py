"""AL4, push up, pull down: the brand broadcasts more, and people answer its posts less."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.alerts import PUSH
from streams.alerts.intervals import rate_ratio
from streams.alerts.overdispersion import phi_of_rates
from streams.alerts.reading import FEW, FEW_BEFORE, Reading
from streams.alerts.windows import pair_of, untrusted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.alerts.days import Day
    from streams.alerts.windows import Baseline


def push(days: Sequence[Day], frozen: Baseline | None) -> Reading:
    """Judge the last day.

    Args:
        days: Closed days in order, without a hole, up to the one that is judged.
        frozen: The baseline while the alert fires.
    """
    pair = pair_of(days, lambda day: day.spoken, frozen)
    now, before = pair.now, pair.before
    bo, bo_before = (sum(day.bo for day in window) for window in (now, before))
    posts, posts_before = (sum(day.posts for day in window) for window in (now, before))
    answers, answers_before = (sum(day.answers for day in window) for window in (now, before))
    days_now = pair.baseline.windows.days
    known = Reading(n=bo, n_before=answers_before, window_days=days_now, against=pair.baseline)
    few = FEW if bo < PUSH.minimum or not posts else ""
    few_before = (
        FEW_BEFORE if answers_before < PUSH.minimum_before or not (bo_before and posts_before) else ""
    )
    if why := few or few_before or untrusted(days, now, before):
        return replace(known, why=why)
    phi = phi_of_rates([day.bo for day in before], [1.0] * len(before))
    up = rate_ratio((bo, len(now)), (bo_before, len(before)), phi)
    phi_down = phi_of_rates([day.answers for day in before], [float(day.posts) for day in before])
    down = rate_ratio((answers, posts), (answers_before, posts_before), phi_down)
    return replace(
        known,
        fires=up.ratio >= PUSH.up and up.low > 1.0 and down.ratio <= PUSH.down and down.high < 1.0,
        clears=up.ratio < PUSH.clear_up or down.ratio > PUSH.clear_down,
        value=answers / posts,
        baseline=answers_before / posts_before,
        change=up.ratio,
        score=down.ratio,
        phi=max(phi, phi_down),
    )
