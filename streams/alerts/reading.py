"""What a rule says of one day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.alerts.windows import Baseline

FEW, FEW_BEFORE = "few", "few_before"
"""Why a day cannot be judged: less than the minimum in the current window, or in the baseline."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One day, judged or not. What the numbers are, `schemas/alerts.py` says of each alert."""

    why: str = ""
    """Why it cannot be judged; empty where it is."""
    fires: bool = False
    """Whether the day speaks for firing."""
    clears: bool = False
    """Whether the day speaks for clearing, of an alert that fires."""
    quiet: bool = False
    """Whether the brand writes too little for a fall of its answers to be held against it (AL3)."""
    value: float | None = None
    baseline: float | None = None
    change: float | None = None
    score: float | None = None
    phi: float | None = None
    n: int = 0
    n_before: int = 0
    window_days: int = 0
    against: Baseline | None = None
    """The baseline, to be frozen if the alert fires."""
