"""What is held against what: the current window and the baseline before it; and whether to trust them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.alerts import COVERAGE, GAP_REACH, LOW, LOW_VOLUME, USUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.alerts import Windows
    from streams.alerts.days import Day

LONGEST = LOW_VOLUME.days + LOW_VOLUME.before
"""Days that any alert looks back."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the current window is held against; frozen with the alert that fires."""

    days: tuple[Day, ...]
    """Without those on which a feed was lost."""
    windows: Windows
    """How long the windows are for as long as it is frozen."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A current window and its baseline, both without days on which a feed was lost."""

    now: tuple[Day, ...]
    baseline: Baseline

    @property
    def before(self) -> tuple[Day, ...]:
        """Days of the baseline."""
        return self.baseline.days


def pair_of(days: Sequence[Day], volume: Callable[[Day], int], frozen: Baseline | None) -> Pair:
    """The windows that end with the last day.

    Args:
        days: In order, without a hole; the last one is judged.
        volume: What is counted: the longer windows hold where there is little of it.
        frozen: The baseline of an alert that fires; it stays, and so does the length of the window.
    """
    if frozen is not None:
        return Pair(_usable(days[-frozen.windows.days :]), frozen)
    both = _usable(days[-(USUAL.days + USUAL.before) :])
    low = sum(map(volume, both)) < LOW * len(both)
    windows = LOW_VOLUME if low else USUAL
    before = _usable(days[-(windows.days + windows.before) : -windows.days])
    return Pair(_usable(days[-windows.days :]), Baseline(before, windows))


def untrusted(days: Sequence[Day], *windows: Sequence[Day]) -> str:
    """Why nothing can be said: `gap` for a feed lost lately, `coverage` for Q1 below 0.9; empty: nothing.

    Args:
        days: All days; the last one is judged.
        windows: Those that are compared, without the days on which a feed was lost.
    """
    if any(day.gap for day in days[-GAP_REACH:]):
        return "gap"
    for window in windows:
        if sum(day.decided for day in window) < COVERAGE * sum(day.messages for day in window):
            return "coverage"
    return ""


def _usable(days: Sequence[Day]) -> tuple[Day, ...]:
    return tuple(day for day in days if not day.gap)
