"""Kaplan and Meier's estimate, by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def survived_to(waits: Iterable[tuple[float, bool]], level: float) -> float | None:
    """The smallest time at which no more than a share are still waiting; None where it never comes to that.

    Args:
        waits: How long each has waited, and whether it had an end; else it is known only to be longer.
        level: The share.
    """
    known = list(waits)
    waiting = Fraction(1)
    for time in sorted({time for time, ended in known if ended}):
        at_risk = sum(other >= time for other, _ in known)
        ended = sum(other == time and over for other, over in known)
        waiting *= Fraction(at_risk - ended, at_risk)
        if waiting <= Fraction(str(level)):
            return time
    return None
