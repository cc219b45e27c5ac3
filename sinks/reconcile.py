"""Holds what is stored as sums and counts, and what messages say of others, against the interactions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sinks.faults import sorted_faults
from sinks.recomputed import COMPARISONS, Comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clickhouse_connect.driver.client import Client

Period = tuple[datetime, datetime]
"""From when until before when, UTC."""
Value = float | datetime | str | None
_Example = tuple[
    tuple[str, str, datetime | str, *tuple[str, ...]], tuple[int, int], tuple[Value, ...], tuple[Value, ...]
]

ALWAYS: Period = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2106, 2, 7, tzinfo=UTC))
"""Every time that can be stored."""
SHOWN = 20
"""Differences that are kept, unless another number is asked for."""
ROW = "row"
"""The column of a difference that is a whole row: how many are stored, and how many should be."""

_PORTION = 1_000_000
"""Messages that one query looks at, unless a single hour has more: this bounds the server's memory."""
_MINUTE = timedelta(minutes=1)
# The versions of an interaction are in one partition; the other tables have only one.
_SETTINGS = {"do_not_merge_across_partitions_select_final": 1}


@dataclass(frozen=True)
class Difference:
    """A stored value that is not what the interactions say."""

    table: str
    brand: str
    platform: str
    of: datetime | str
    """The minute, the conversation, or the id of the message."""
    column: str
    stored: Value
    recomputed: Value


@dataclass
class Reconciled:
    """What has come of a comparison."""

    rows: dict[str, int] = field(default_factory=dict)
    """How many rows of each table were compared."""
    different: int = 0
    """Values that differ; a missing row counts as one."""
    differences: list[Difference] = field(default_factory=list)
    """The first of them."""

    @property
    def values(self) -> int:
        """How many values were compared."""
        return sum(self.rows[comparison.table] * len(comparison.columns) for comparison in COMPARISONS)


def reconcile(
    client: Client,
    period: Period = ALWAYS,
    *,
    shown: int = SHOWN,
    on_progress: Callable[[float], None] | None = None,
) -> Reconciled:
    """Compute every stored sum and count again from `interactions`, and compare.

    So for what a message says of others, such as the exchange that it opens.

    While somebody writes, half of a flush may show: it is stored table by table.

    Args:
        client: The database.
        period: Windows whose minute is in it are compared, and conversations that start in it with all their
            messages.
        shown: Differences to keep at the most.
        on_progress: Told which share of the work is done.

    Raises:
        RetryLater: The database cannot be read now.
        Stop: It does not fit this version.
    """
    found = Reconciled(dict.fromkeys((comparison.table for comparison in COMPARISONS), 0))
    with sorted_faults("reconciling"):
        portions = list(pairwise(_cuts(client, *map(_whole_minute, period))))
        for number, portion in enumerate(portions, start=1):
            for comparison in COMPARISONS:
                _compare(client, comparison, portion, shown, found)
            if on_progress is not None:
                on_progress(number / len(portions))
    return found


def _whole_minute(time: datetime) -> datetime:
    """The first minute that starts at a time or after it: one belongs to the period if its start does."""
    return time + (time.replace(second=0, microsecond=0) - time) % _MINUTE


def _cuts(client: Client, early: datetime, late: datetime) -> Iterator[datetime]:
    """Where portions begin, and where the last one ends."""
    hours = client.query(
        """SELECT toStartOfHour(arrayJoin([published, started_at])) AS hour, count() / 2
        FROM interactions WHERE direction IS NOT NULL
        GROUP BY hour HAVING hour > {early:DateTime64(6, 'UTC')} AND hour < {late:DateTime64(6, 'UTC')}
        ORDER BY hour""",
        {"early": early, "late": late},
        tz_mode="aware",
    ).result_rows
    yield early
    messages = 0.0
    for hour, more in hours:
        if messages + more > _PORTION and messages:
            yield hour
            messages = 0.0
        messages += more
    yield late


def _compare(client: Client, comparison: Comparison, portion: Period, shown: int, found: Reconciled) -> None:
    """Compare one portion of a table."""
    early, late = portion
    room = shown - len(found.differences)
    result = client.query(
        comparison.sql(),
        {"early": early, "late": late, "shown": max(1, room)},
        settings=_SETTINGS,
        tz_mode="aware",
    )
    ((rows, different, examples),) = result.result_rows
    found.rows[comparison.table] += rows
    found.different += different
    examples.sort()
    found.differences += [each for example in examples for each in _differences(comparison, example)][
        : max(0, room)
    ]


def _differences(comparison: Comparison, example: _Example) -> Iterator[Difference]:
    """The values that differ in one row, see `Comparison.sql`."""
    (brand, platform, of, *_), rows, stored, recomputed = example
    columns = comparison.columns
    if comparison.rows_matter and rows != (1, 1):
        columns, (stored, recomputed) = (ROW,), ((rows[0],), (rows[1],))
    for column, was, should in zip(columns, stored, recomputed, strict=True):
        if was != should:
            yield Difference(comparison.table, brand, platform, of, column, was, should)
