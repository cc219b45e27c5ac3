"""How a number is shown: title, unit, range and colours. Those of a metric are what the catalogue says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from dashboards.config import FAIR, GOOD, PLAIN, POOR
from schemas.metrics import BY_COLUMN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.metrics import Metric
    from schemas.metrics.model import Unit


class Step(NamedTuple):
    """From this value on (None: from the lowest), this colour."""

    value: float | None
    colour: str


@dataclass(frozen=True)
class Figure:
    """How one kind of number is shown.

    Args:
        title: What it is called.
        description: What it means, and what to do about it.
        unit: In Grafana's words; a count if nobody says otherwise.
        decimals: Digits after the point.
        low: The smallest that it can be; None for no bound.
        high: The largest.
        steps: The colours, the first for the lowest values.
    """

    title: str
    description: str
    unit: str = "locale"
    decimals: int = 0
    low: float | None = 0
    high: float | None = None
    steps: tuple[Step, ...] = (Step(None, PLAIN),)

    def called(self, title: str, more: str = "") -> Figure:
        """The same under another title.

        Args:
            title: It; `{}` stands for what it was called before.
            more: What is said beside what is said already.
        """
        described = f"{self.description} {more}".rstrip()
        return replace(self, title=title.format(self.title), description=described)


_UNITS: Mapping[Unit, tuple[str, int]] = {
    "ratio": ("percentunit", 1),
    "count": ("locale", 0),
    "per post": ("suffix: per post", 2),
    "per 1000 follower-days": ("suffix: per 1000 follower-days", 2),
    "per 1000 customers": ("suffix: per 1000 customers", 1),
    "times": ("suffix: times", 1),
    "messages": ("suffix: messages", 0),
    "turns": ("suffix: turns", 0),
    "seconds": ("s", 1),
    "days": ("d", 0),
    "people": ("suffix: people", 0),
}
"""The catalogue's units in Grafana's words, and their digits after the point."""


def of(column: str) -> Figure:
    """What the catalogue says of a metric.

    Args:
        column: Its column.

    Raises:
        KeyError: There is no such metric.
    """
    return shown(BY_COLUMN[column])


def shown(metric: Metric) -> Figure:
    """How a metric is shown."""
    unit, decimals = _UNITS[metric.unit]
    said = [metric.description, f"Good: {metric.good[0].lower()}{metric.good[1:]}"]
    if metric.cannot:
        said.append(f"Cannot be seen on {', '.join(metric.cannot)}.")
    said.append(f"({metric.id} in docs/metrics.md)")
    return Figure(
        title=metric.name[0].upper() + metric.name[1:],
        description=" ".join(said),
        unit=unit,
        decimals=decimals,
        low=(-1 if metric.unit == "ratio" else None) if metric.signed else 0,
        high=1 if metric.unit == "ratio" else None,
        steps=_steps(metric),
    )


def _steps(metric: Metric) -> tuple[Step, ...]:
    if metric.levels is None:
        return (Step(None, PLAIN),)
    lower, upper = metric.levels
    colours = (POOR, FAIR, GOOD) if metric.better == "high" else (GOOD, FAIR, POOR)
    return tuple(Step(value, colour) for value, colour in zip((None, lower, upper), colours, strict=True))
