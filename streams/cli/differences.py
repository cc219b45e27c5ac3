"""What a comparison has come to, for people and for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table

from schemas.rows import ReconcileRow

if TYPE_CHECKING:
    from sinks.reconcile import Difference, Reconciled, Value

_CALLED = {"dialogue_minutes": "windows", "conversations": "conversations", "interactions": "messages"}
_TOLD_BY = {"dialogue_minutes": "minute", "conversations": "conversation", "interactions": "id"}
"""What tells the rows of a table apart."""


def compared(found: Reconciled) -> str:
    """What was compared, and whether it agrees, in a line."""
    *first, last = (f"{rows:,} {_CALLED.get(table, table)}" for table, rows in found.rows.items())
    rows = f"{', '.join(first)} and {last}"
    outcome = f"{found.different:,} differ" if found.different else "nothing differs"
    return f"compared {rows}, {found.values:,} values, with what the interactions say: {outcome}"


def table(found: Reconciled) -> Table:
    """The differences, one a line."""
    shown = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("table", "brand", "platform", "minute, conversation or id", "column"):
        shown.add_column(name, overflow="fold")
    for name in ("stored", "recomputed"):
        shown.add_column(name, justify="right", overflow="fold")
    for each in found.differences:
        values = (each.of, each.column, each.stored, each.recomputed)
        shown.add_row(each.table, each.brand, each.platform, *map(_text, values))
    return shown


def advice(found: Reconciled) -> str:
    """What to do about it."""
    rest = found.different - len(found.differences)
    more = f"and {rest:,} more; --show lists them. " if rest else ""
    return (
        f"{more}If workers are running: stop them and look again, a flush is stored table by table. "
        "What differs then was altered or lost in the database: hubbub rebuild counts it anew."
    )


def as_object(found: Reconciled) -> dict[str, object]:
    """As JSON."""
    return {
        "compared": {**found.rows, "values": found.values},
        "different": found.different,
        "differences": [_difference(each) for each in found.differences],
    }


def as_row(
    found: Reconciled, period: tuple[datetime | None, datetime | None], ended: datetime, seconds: float
) -> ReconcileRow:
    """As it is kept.

    Args:
        found: What has come of it.
        period: What was compared; None for an end that is open.
        ended: When it ended.
        seconds: How long it took.
    """
    return ReconcileRow(
        ended_at=ended,
        period_from=period[0],
        period_to=period[1],
        rows_compared=sum(found.rows.values()),
        values_compared=found.values,
        differences=found.different,
        seconds=seconds,
        first_differences=tuple(map(_kept, found.differences)),
    )


def _kept(each: Difference) -> str:
    place = f"{each.table} {each.brand} {each.platform} {_text(each.of)}: {each.column}"
    if isinstance(each.stored, str) or isinstance(each.recomputed, str):
        return place  # it may name somebody, and nobody would look here to forget them
    return f"{place} is {_text(each.stored)} and should be {_text(each.recomputed)}"


def _difference(each: Difference) -> dict[str, object]:
    return {
        "table": each.table,
        "brand": each.brand,
        "platform": each.platform,
        _TOLD_BY[each.table]: _json(each.of),
        "column": each.column,
        "stored": _json(each.stored),
        "recomputed": _json(each.recomputed),
    }


def _json(value: Value | str) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _text(value: Value | str) -> str:
    return str(value.replace(tzinfo=None)) if isinstance(value, datetime) else str(value)
