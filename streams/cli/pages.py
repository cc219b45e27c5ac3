"""The report as tables: brands side by side, or each brand with its windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table

from streams.cli.numbers import NOTHING, show
from streams.cli.sections import sections
from streams.cli.sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from rich.console import RenderableType

    from schemas.metrics import Metric
    from streams.cli.figures import Figures
    from streams.cli.times import By

LARGEST = 12
"""Brands that are shown in full when there are more."""
DRAWN = 31
"""Windows of a drawing at the most."""
_NAME = 36  # columns for the name of a metric and what is around it
_VALUE = 12  # columns for a value and what is around it
_LOW = 0.1  # ratios that never get higher are drawn against their own highest


@dataclass(frozen=True)
class Course:
    """One brand: over the whole period, and over each window; None where a window has nothing."""

    whole: Figures
    windows: tuple[Figures | None, ...]

    def drawing(self, metric: Metric) -> str:
        """A metric over the windows; ratios against 100%."""
        values = [_value(figures, metric) for figures in self.windows]
        highest = max((value for value in values if value is not None), default=0.0)
        return sparkline(values[-DRAWN:], 1.0 if metric.unit == "ratio" and highest > _LOW else None)

    def trimmed(self, starts: Sequence[datetime]) -> tuple[Course, Sequence[datetime]]:
        """The same, from its first window with anything to its last; and their starts."""
        known = [number for number, figures in enumerate(self.windows) if figures]
        own = slice(known[0], known[-1] + 1) if known else slice(0)
        return Course(self.whole, self.windows[own]), starts[own]


def courses(whole: Sequence[Figures], windows: Sequence[Figures], starts: Sequence[datetime]) -> list[Course]:
    """Each brand's course, the brand with the most messages first."""
    found = {(figures.brand, figures.at): figures for figures in windows}
    by_size = sorted(whole, key=lambda figures: (-figures.messages, figures.brand))
    return [
        Course(figures, tuple(found.get((figures.brand, start)) for start in starts)) for figures in by_size
    ]


def side_by_side(brands: Sequence[Course], by: By, width: int) -> Iterator[RenderableType]:
    """For each question a table: its metrics the rows, every brand a value and a drawing, as many as fit.

    Args:
        brands: Their courses.
        by: The windows of the drawings.
        width: Columns that there are.
    """
    shown = brands[:LARGEST]
    drawn = min(DRAWN, max((len(course.windows) for course in shown), default=1))
    fitting = max(1, (width - _NAME) // (_VALUE + max(drawn, len(f"by {by}")) + 2))
    for first in range(0, len(shown), fitting):
        group = shown[first : first + fitting]
        for number, section in enumerate(sections()):
            table = _table(section.question)
            for course in group:
                table.add_column(
                    course.whole.brand, justify="right", style="bold", no_wrap=True, min_width=_VALUE - 2
                )
                table.add_column(f"by {by}", no_wrap=True, style="cyan", min_width=drawn)
            if number == 0:
                table.add_row("", "messages", *_cells((f"{c.whole.messages:,}", "") for c in group))
            for metric in section.metrics:
                cells = (
                    (show(metric, course.whole.metrics[metric.column]), course.drawing(metric))
                    for course in group
                )
                table.add_row(metric.id, metric.name, *_cells(cells))
            yield table
    if len(brands) > LARGEST:
        names = ", ".join(course.whole.brand for course in brands[LARGEST:])
        yield f"Not shown, with fewer messages: {names}.\nOne of them: --brand NAME. All of them: --json."


def one_by_one(
    brands: Sequence[Course], starts: Sequence[datetime], by: By, width: int
) -> Iterator[RenderableType]:
    """For each brand a table for each question: its metrics, and as many of the latest windows as fit.

    Args:
        brands: Their courses.
        starts: When the windows start.
        by: What they are.
        width: Columns that there are.
    """
    room = max(1, (width - _NAME - _VALUE - min(DRAWN, len(starts)) - 2) // _VALUE)
    form = "%m-%d %H:%M" if by == "hour" else "%Y-%m-%d"
    for course, begins in (course.trimmed(starts) for course in brands[:LARGEST]):
        latest = course.windows[-room:]
        for number, section in enumerate(sections()):
            table = _table(f"{course.whole.brand}: {section.question}")
            table.add_column("whole", justify="right", style="bold", no_wrap=True, min_width=_VALUE - 2)
            table.add_column(f"by {by}", no_wrap=True, style="cyan", min_width=min(DRAWN, len(begins)))
            for start in begins[-room:]:
                table.add_column(format(start, form), justify="right", no_wrap=True)
            if number == 0:
                counts = (f"{figures.messages:,}" if figures else NOTHING for figures in latest)
                table.add_row("", "messages", f"{course.whole.messages:,}", "", *counts)
            for metric in section.metrics:
                table.add_row(
                    metric.id,
                    metric.name,
                    show(metric, course.whole.metrics[metric.column]),
                    course.drawing(metric),
                    *(show(metric, _value(figures, metric)) for figures in latest),
                )
            yield table
        if len(begins) > room:
            yield f"The last {room} of {len(begins)} windows; --json has them all."
    if len(brands) > LARGEST:
        yield f"The {LARGEST} brands with the most messages, of {len(brands)}; --json has them all."


def _value(figures: Figures | None, metric: Metric) -> float | None:
    return figures.metrics[metric.column] if figures else None


def _table(title: str) -> Table:
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("", style="dim", no_wrap=True)
    table.add_column("metric", no_wrap=True, min_width=_NAME - 8)
    return table


def _cells(pairs: Iterator[tuple[str, str]]) -> Iterator[str]:
    for pair in pairs:
        yield from pair
