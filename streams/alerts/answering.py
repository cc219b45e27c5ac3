"""AL3, stopped answering: fewer of those who write to the brand are answered in the promised time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.alerts import STOPPED
from streams.alerts.step import compared
from streams.alerts.windows import pair_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.alerts.days import Day
    from streams.alerts.reading import Reading
    from streams.alerts.windows import Baseline


def answering(days: Sequence[Day], frozen: Baseline | None) -> Reading:
    """Judge the last day: AL1 the other way round, on the exchanges whose promised time has ended (R1).

    Args:
        days: Closed days in order, without a hole, up to the one that is judged.
        frozen: The baseline while the alert fires, or the brand is quiet.
    """
    pair = pair_of(days, lambda day: day.due, frozen)
    reading = compared(STOPPED, days, pair, lambda day: day.in_time, lambda day: day.due, bad=-1)
    return replace(reading, quiet=_output(pair.now) < STOPPED.output * _output(pair.before))


def _output(days: Sequence[Day]) -> float:
    """Messages of the brand a day."""
    return sum(day.spoken for day in days) / len(days) if days else 0.0
