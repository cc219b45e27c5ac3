"""AL5, level: nearly everything that the brand says is a broadcast, and it has been so for weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.alerts import LEVEL
from streams.alerts.overdispersion import phi_of_shares
from streams.alerts.reading import FEW, Reading
from streams.alerts.shares import wilson_lower
from streams.alerts.windows import untrusted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.alerts.days import Day
    from streams.alerts.windows import Baseline


def level(days: Sequence[Day], frozen: Baseline | None = None) -> Reading:  # noqa: ARG001 - has none
    """Judge the last day.

    Args:
        days: Closed days in order, without a hole, up to the one that is judged.
        frozen: Of other rules.
    """
    window = [day for day in days[-LEVEL.days :] if not day.gap]
    n = sum(day.spoken for day in window)
    if why := FEW if n < LEVEL.minimum else untrusted(days, window):
        return Reading(why, n=n, window_days=LEVEL.days)
    x = sum(day.bo for day in window)
    phi = phi_of_shares([day.bo for day in window], [day.spoken for day in window])
    low = wilson_lower(x, n, phi)
    return Reading(
        fires=low >= LEVEL.floor,
        clears=x / n < LEVEL.clear_share,
        value=x / n,
        score=low,
        phi=phi,
        n=n,
        window_days=LEVEL.days,
    )
