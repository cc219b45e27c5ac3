"""The outcome of a demo, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table

from schemas.metrics import CATALOGUE
from streams.cli.alert_pages import as_object as alert_object
from streams.cli.alert_pages import firing_line
from streams.cli.numbers import show
from streams.cli.sections import sections
from streams.cli.sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rich.console import RenderableType

    from streams.cli.play import Answer, Played
    from streams.cli.sections import Section

_MARKS = {True: "✓", False: "✗"}
_NAME, _BRAND = 32, 21  # columns for the name of a metric, and for a brand's answer and its truth


def screen(played: Played, data: Path | None, width: int) -> Iterator[RenderableType]:
    """The answers next to the truth, the course of the weeks, and what to do next.

    Args:
        played: The outcome.
        data: The folder in which the database is kept, if it is.
        width: Columns that there are.
    """
    yield (
        f"{played.events:,} events of {played.days} days through Kafka, Faust and ClickHouse "
        f"in {played.seconds:.0f} s"
    )
    yield from _tables(played, width)
    yield "Broadcast share, week by week (a full block is 100%):"
    yield _weeks(played)
    yield f"Alerts that fire after the last day: {firing_line(played.firing)}"
    checked = sum(map(len, played.answers.values()))
    if played.different:
        yield (
            f"{_MARKS[False]} {played.different} of {checked + len(played.daily):,} values differ from "
            "the simulator's truth"
        )
    else:
        yield (
            f"{_MARKS[True]} all {checked} values equal the simulator's truth, to 1e-9; "
            f"so do {len(played.daily):,} daily ones"
        )
    yield "\nNext:"
    if data:
        yield f"  hubbub report --data {data} --by week"
        yield f'  hubbub sql "SELECT * FROM dialogue_weekly" --data {data}'
        yield f"  hubbub dashboards preview --data {data}"
        yield f"  hubbub alerts history --data {data}"
    else:
        yield "  hubbub dashboards preview --demo   shows the dashboards of this in a browser"
        yield "  hubbub demo --data community       keeps the database, for report and sql"
        yield "  hubbub up                          is the same stack for events of your own"


def as_object(played: Played) -> dict[str, object]:
    """The same as JSON."""
    return {
        "days": played.days,
        "seed": played.seed,
        "events": played.events,
        "seconds": round(played.seconds, 3),
        "different": played.different,
        "daily": {"checked": len(played.daily), "different": sum(not answer.same for answer in played.daily)},
        "brands": [
            {
                "brand": brand,
                "metrics": {
                    column: {"value": answer.found, "truth": answer.truth, "same": answer.same}
                    for column, answer in answers.items()
                },
                "broadcast_share_by_week": played.weeks[brand],
            }
            for brand, answers in played.answers.items()
        ],
        "firing": [alert_object(row) for row in played.firing],
    }


def _tables(played: Played, width: int) -> Iterator[Table]:
    """A table for each question: all brands side by side where they fit, else one after the other."""
    brands = list(played.answers)
    fits = width >= _NAME + _BRAND * len(brands)
    told = [metric for metric in CATALOGUE if all(metric.column in played.answers[b] for b in brands)]
    for group in [brands] if fits else [[brand] for brand in brands]:
        for section in sections(told):
            yield _table(section, {brand: played.answers[brand] for brand in group})


def _table(section: Section, answers: Mapping[str, Mapping[str, Answer]]) -> Table:
    table = Table(
        title=section.question,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        padding=0,
        pad_edge=False,
    )
    table.add_column("", style="dim", width=2)
    table.add_column("metric", no_wrap=True, width=_NAME - 4)
    for brand in answers:
        table.add_column(brand, justify="right", style="bold", no_wrap=True, min_width=8)
        table.add_column("truth", justify="right", style="dim", no_wrap=True, min_width=8)
        table.add_column("", width=1)
    for metric in section.metrics:
        cells: list[str] = []
        for found in answers.values():
            answer = found[metric.column]
            cells += show(metric, answer.found), show(metric, answer.truth), _MARKS[answer.same]
        table.add_row(metric.id, metric.name, *cells)
    return table


def _weeks(played: Played) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for brand, shares in played.weeks.items():
        known = [share for share in shares if share is not None]
        ends = f"{known[0]:.0%} to {known[-1]:.0%}" if known else ""
        table.add_row(f"  {brand}", sparkline(shares, 1.0), ends)
    return table
