"""Alerts on the screen, and as JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from schemas.alerts import BY_ID, State
from schemas.errors import BadInput, Stop
from streams.alerts.evaluation import closed_day, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schemas.rows import AlertHistoryRow, AlertStateRow
    from sinks.alerts import AlertStore
    from streams.alerts.evaluation import Found

_LOUD = {State.FIRING, State.QUIET}


def day_to_judge(store: AlertStore, asked: str | None, now: datetime) -> date:
    """The day that was asked for, or the last closed one.

    Raises:
        BadInput: It is no day, or nothing is known of it yet.
        Stop: Nothing is stored.
    """
    last = closed_day(store, now)
    if last is None:
        raise Stop("nothing is stored yet: hubbub replay or hubbub ingest brings events in")
    if asked is None:
        return last
    try:
        day = date.fromisoformat(asked.strip())
    except ValueError:
        raise BadInput(f"{asked} is no day; write 2026-01-31", where="--day") from None
    if day > last:
        raise BadInput(f"{day} is not closed: the last day that is, is {last}", where="--day")
    return day


def states_after(found: Found, now: datetime) -> list[AlertStateRow]:
    """What was known after the day that was read, in the order of brands and alerts."""
    told = judge(replace(found, states=(), history=()), now).states
    return sorted(told, key=lambda row: (row.brand, row.alert))


def notable(row: AlertHistoryRow) -> bool:
    """Whether an alert begins or ceases to fire with it, and that still holds."""
    return not row.withdrawn and (row.state in _LOUD or row.before in _LOUD)


def firing_line(states: Iterable[AlertStateRow]) -> str:
    """What fires, in one line."""
    told = [
        f"{row.brand} {row.alert} {BY_ID[row.alert].name} since {row.since}" for row in states if row.firing
    ]
    return "; ".join(told) if told else "nothing"


def as_object(row: AlertStateRow | AlertHistoryRow) -> dict[str, Any]:
    """A state or a change for programs."""
    return {"name": BY_ID[row.alert].name, **row.model_dump(mode="json")}


def states_table(rows: Sequence[AlertStateRow]) -> Table:
    """States for people: a dash is what is not known."""
    drawn = Table(box=SIMPLE_HEAD)
    for name in ("brand", "alert", "", "state", "since", "judged"):
        drawn.add_column(name)
    for name in ("value", "baseline", "change", "score", "phi", "n", "n before", "held"):
        drawn.add_column(name, justify="right")
    for row in rows:
        numbers = (_number(value) for value in (row.value, row.baseline, row.change, row.score, row.phi))
        held = f"{row.held_days} d, {row.held_why}" if row.held_days else ""
        drawn.add_row(
            row.brand,
            row.alert,
            BY_ID[row.alert].name,
            str(row.state),
            str(row.since),
            str(row.day),
            *numbers,
            str(row.n),
            str(row.n_before),
            held,
            style="bold" if row.firing else None,
        )
    return drawn


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"
