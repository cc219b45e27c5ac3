"""What was said becomes rows, and of these only what differs from the stored ones is written.

A row holds all there is to know, so writing it twice is writing it once. History follows the counts: where
late events show that a state did not change on a day, that row is withdrawn, and stays to be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from schemas.alerts import State
from schemas.rows import AlertHistoryRow, AlertStateRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from streams.alerts.course import Change, Course
    from streams.alerts.state import Standing

NEWS_DAYS = 7
"""Days after which a change is history and no longer news: it is not sent to the topic any more."""

_NUMBERS = ("value", "baseline", "change", "score", "phi", "n", "n_before")
_OURS = {"judged_at", "published_at"}
"""Columns that do not tell what was said."""


class Entries(NamedTuple):
    """Rows that are to be written."""

    states: list[AlertStateRow]
    history: list[AlertHistoryRow]


def entries(
    courses: Mapping[tuple[str, str], Course],
    states: Sequence[AlertStateRow],
    history: Sequence[AlertHistoryRow],
    now: datetime,
) -> Entries:
    """What differs from what is stored.

    Args:
        courses: By brand and alert.
        states: All that is stored.
        history: All that is stored, also what was withdrawn.
        now: Wall-clock time.
    """
    known = {(row.brand, row.alert): row for row in states}
    written = {(row.brand, row.alert, row.day): row for row in history}
    wanted = {
        (*key, change.after.day): _history_row(key, change, now)
        for key, course in courses.items()
        for change in course.changes
    }
    fresh = [_state_row(key, course.now, now) for key, course in courses.items()]
    rows = [_kept(row, written.get(key)) for key, row in wanted.items()]
    gone = [
        row.model_copy(update={"withdrawn": True, "judged_at": now, "published_at": None})
        for key, row in written.items()
        if key[:2] in courses and key not in wanted
    ]
    return Entries(
        [row for row in fresh if not _same(row, known.get((row.brand, row.alert)))],
        [row for row in (*rows, *gone) if not _same(row, written.get((row.brand, row.alert, row.day)))],
    )


def news(history: Iterable[AlertHistoryRow], now: datetime) -> list[AlertHistoryRow]:
    """What is to be sent to the topic: what was not, and is not too old; in order of time."""
    fresh = [row for row in history if row.published_at is None and (now.date() - row.day).days <= NEWS_DAYS]
    return sorted(fresh, key=lambda row: (row.day, row.brand, row.alert))


def _kept(row: AlertHistoryRow, stored: AlertHistoryRow | None) -> AlertHistoryRow:
    """The same as sent, if what is sent of it is what was sent."""
    if stored is None or stored.withdrawn or (stored.before, stored.state) != (row.before, row.state):
        return row
    return row.model_copy(update={"published_at": stored.published_at})


def _same(row: AlertStateRow | AlertHistoryRow, stored: AlertStateRow | AlertHistoryRow | None) -> bool:
    return stored is not None and row.model_dump(exclude=_OURS) == stored.model_dump(exclude=_OURS)


def _state_row(key: tuple[str, str], standing: Standing, now: datetime) -> AlertStateRow:
    against = standing.frozen or standing.reading.against
    ends = _ends(against.days[0].date, against.days[-1].date) if against and against.days else _ends()
    return AlertStateRow(
        **_told(key, standing),
        **ends,
        since=standing.since,
        window_days=standing.reading.window_days,
        frozen=standing.frozen is not None,
        streak=standing.streak,
        held_days=standing.held_days,
        judged_at=now,
    )


def _history_row(key: tuple[str, str], change: Change, now: datetime) -> AlertHistoryRow:
    before = change.before or ""
    told = _told(key, change.after)
    return AlertHistoryRow(**told, before=before, withdrawn=False, judged_at=now, published_at=None)


def _told(key: tuple[str, str], standing: Standing) -> dict[str, Any]:
    numbers = {name: getattr(standing.reading, name) for name in _NUMBERS}
    brand, alert = key
    return {
        "brand": brand,
        "alert": alert,
        "day": standing.day,
        "state": standing.state,
        "firing": int(standing.state is State.FIRING),
        "held_why": standing.reading.why,
        **numbers,
    }


def _ends(first: date | None = None, last: date | None = None) -> dict[str, date | None]:
    return {"baseline_from": first, "baseline_to": last}
