"""The metrics in the order of the domain, under the questions that they answer."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from schemas.metrics import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.metrics import Metric

QUESTIONS = {
    "D": "Are we talking with people?",
    "C": "Do they talk with each other?",
    "R": "Did we help?",
    "LA": "Do they stay, and speak for us?",
    "H": "Do people speak, or machines?",
    "MN": "What do they like, and what drives them away?",
    "BQ": "What comes by itself, and can we trust the numbers?",
}
"""By the first letters of the metrics' ids."""


class Section(NamedTuple):
    """Metrics that answer one question."""

    question: str
    metrics: tuple[Metric, ...]


def sections(metrics: Sequence[Metric] = CATALOGUE) -> list[Section]:
    """Metrics by question; one whose letter is not known stands under that letter, at the end.

    Args:
        metrics: In the order in which each section has them.
    """
    known = list(QUESTIONS)

    def place(metric: Metric) -> tuple[int, str]:
        number = next((n for n, letters in enumerate(known) if metric.id[0] in letters), len(known))
        return number, metric.id[0] if number == len(known) else known[number]

    ordered = sorted(metrics, key=place)
    return [Section(QUESTIONS.get(key, key), tuple(found)) for (_, key), found in groupby(ordered, place)]
