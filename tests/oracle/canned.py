"""H3: answers that near-repeat one of the last seven days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from oracle.frames import over

if TYPE_CHECKING:
    from oracle.view import View

MEMORY = timedelta(days=7)
ALIKE = 0.8


def canned_share(view: View) -> float | None:
    """Answers of the window that are like an earlier one, by their sketches, over all answers."""
    answers = [row for row in view.messages if row.direction == "BC"]
    again = 0
    for place, row in enumerate(answers):
        if view.holds(row.at) and row.labels.sketch:
            earlier = (one for one in answers[:place] if one.at >= row.at - MEMORY)
            again += any(alike(row.labels.sketch, one.labels.sketch) >= ALIKE for one in earlier)
    return over(again, sum(view.holds(row.at) for row in answers))


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """How many of the places of two sketches agree; 0 if there is none."""
    if not one or not other:
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)
