"""Days of a brand drawn as a table, and what an alert says after each of its lines.

    days  bo  bc | state
      28  10  10 | ok        28 days like this; after the last of them, the alert is ok

A line without a state expects nothing. Columns are fields of `Counts`; what is not drawn is 0, but for
`decided` and `messages`, which follow from bo, bc and the column `undecided`. The first day is a Monday.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from streams.alerts.course import RULES, course
from streams.alerts.days import Counts, days_of

if TYPE_CHECKING:
    from streams.alerts.course import Course, Rule
    from streams.alerts.days import Day

MONDAY = date(2026, 1, 5)
BY_ALERT: dict[str, Rule] = {rule.alert.id: rule for rule in RULES}


class Drawing(NamedTuple):
    """What a table says."""

    days: list[Day]
    expected: list[tuple[int, str]]
    """How many days there are after a line, and the state then."""


def drawn(table: str) -> Drawing:
    """Read a table."""
    head, *lines = [line for line in table.strip().splitlines() if line.strip()]
    columns = head.partition("|")[0].split()
    counts: dict[tuple[str, date], Counts] = {}
    expected = []
    number = 0
    for line in lines:
        figures, drawn_state, state = line.partition("|")
        row = dict(zip(columns, map(int, figures.split()), strict=True))
        repeat, undecided = row.pop("days"), row.pop("undecided", 0)
        decided = row.get("bo", 0) + row.get("bc", 0)
        for _ in range(repeat):
            told = {"decided": decided, "messages": decided + undecided} | row
            counts["x", MONDAY + timedelta(days=number)] = Counts(**told)
            number += 1
        if drawn_state:
            expected.append((number, state.split()[0]))
    return Drawing(days_of(counts, MONDAY + timedelta(days=number - 1)), expected)


def told(alert: str, table: str) -> list[str]:
    """The lines of the table that are not so: how many days there are, what was drawn, what is said."""
    days, expected = drawn(table)
    found = [(number, state, str(after(alert, days[:number]).now.state)) for number, state in expected]
    return [
        f"after {n} days: {wanted} was drawn, {state} is said"
        for n, wanted, state in found
        if wanted != state
    ]


def after(alert: str, days: list[Day]) -> Course:
    """What an alert says after some days."""
    return course(days, BY_ALERT[alert])
