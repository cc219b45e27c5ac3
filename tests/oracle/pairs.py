"""The brand and each customer, over time: L1, L2, L4, L5 and L6."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from oracle.frames import over, quantile

if TYPE_CHECKING:
    from oracle.seen import Seen
    from oracle.view import View

PERIOD = timedelta(days=28)
WARM_UP = timedelta(days=90)
DAY = 86_400.0

Pair = tuple[str, str]


def contacts_by_customer(view: View) -> dict[Pair, list[Seen]]:
    """What each customer and the brand said to each other, in order: CB and BC."""
    contacts: dict[Pair, list[Seen]] = defaultdict(list)
    for row in view.messages:
        if row.direction == "CB" and row.actor_role == "customer":
            contacts[row.platform, row.actor].append(row)
        elif row.direction == "BC" and row.addressee_role == "customer":
            contacts[row.platform, row.addressee].append(row)
    return dict(contacts)


def relationships(view: View) -> dict[str, float | None]:
    """Metrics of pairs."""
    contacts = contacts_by_customer(view)
    start, end = view.window
    now = {pair for pair, rows in contacts.items() if _directions(rows, start, end)}
    both_now = {pair for pair, rows in contacts.items() if len(_directions(rows, start, end)) == 2}
    again = {pair for pair in both_now if _was_reciprocal(contacts[pair], start)}
    return {
        "pair_reciprocity": over(len(both_now), len(now)),
        "repeat_rate": over(len(again), len(both_now)),
        "give_first_rate": _give_first(view, contacts),
        "tenure_p50": _tenure(contacts, view),
        "retention_1m": _retention(view),
    }


def _directions(rows: list[Seen], start: datetime, end: datetime) -> set[str]:
    return {row.direction for row in rows if start <= row.at < end}


def _was_reciprocal(rows: list[Seen], start: datetime) -> bool:
    """In any of the blocks of 28 days that end where the window begins."""
    while rows[0].at < start:
        if len(_directions(rows, start - PERIOD, start)) == 2:
            return True
        start -= PERIOD
    return False


def _give_first(view: View, contacts: dict[Pair, list[Seen]]) -> float | None:
    said = [row.at for row in view.rows if row.direction]
    first = [[row for row in rows if row.at == rows[0].at] for rows in contacts.values()]
    new = [rows for rows in first if view.holds(rows[0].at) and rows[0].at >= min(said) + WARM_UP]
    gave = [rows for rows in new if all(map(_gives, rows))]
    return over(len(gave), len(new))


def _gives(row: Seen) -> bool:
    return row.direction == "BC" and row.parent_direction in ("CC", "CO")


def _tenure(contacts: dict[Pair, list[Seen]], view: View) -> float | None:
    days = []
    for rows in contacts.values():
        known = [row for row in rows if row.at < view.window[1]]
        if len({row.direction for row in known}) == 2 and any(view.holds(row.at) for row in known):
            days.append((known[-1].at - known[0].at).total_seconds() / DAY)
    return quantile(days, 0.5)


def _month(time: datetime, later: int = 0) -> datetime:
    months = time.year * 12 + time.month - 1 + later
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=time.tzinfo)


def retention(view: View, later: int = 1) -> dict[datetime, tuple[int, int]]:
    """By month of the first contact: who was there again that many months later, and all of them.

    Only cohorts whose later month is over at the watermark.
    """
    cohorts: dict[datetime, list[bool]] = defaultdict(list)
    for rows in contacts_by_customer(view).values():
        first = _month(rows[0].at)
        if view.holds(rows[0].at) and _month(first, later + 1) <= view.watermark:
            cohorts[first].append(any(_month(row.at) == _month(first, later) for row in rows))
    return {month: (sum(there), len(there)) for month, there in cohorts.items()}


def _retention(view: View) -> float | None:
    cohorts = retention(view).values()
    return over(sum(there for there, _ in cohorts), sum(size for _, size in cohorts))
