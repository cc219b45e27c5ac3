"""Values of metrics in words and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.metrics import Metric

NOTHING = "–"  # noqa: RUF001 - a dash, as in printed tables
"""What is not known: a zero denominator, or nothing to take a quantile of."""

_LARGE = 1000  # days or times, of which a fraction is of no interest
_STEPS = ((86_400, "d", 3600, "h"), (3600, "h", 60, "m"), (60, "m", 1, "s"))


def show(metric: Metric, value: float | None) -> str:
    """A value of a metric for people: ratios as percentages, seconds in their two largest units."""
    if value is None:
        return NOTHING
    unit: str = metric.unit
    fine = value < _LARGE
    match unit:
        case "seconds":
            shown = duration(value)
        case "ratio":
            shown = f"{value:.1%}"
        case "days":
            shown = f"{value:,.{1 if fine else 0}f} d"
        case "times":
            shown = f"{value:,.{2 if fine else 0}f}x"
        case _ if unit.startswith("per "):
            shown = f"{value:,.2f}"
        case _:
            shown = f"{value:,.1f}".removesuffix(".0")
    return shown


def duration(seconds: float) -> str:
    """A length of time, such as `2h 05m`."""
    whole = round(seconds)
    for size, name, part, part_name in _STEPS:
        if whole >= size:
            return f"{whole // size}{name} {whole % size // part:02}{part_name}"
    return f"{whole}s"
