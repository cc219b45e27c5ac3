"""Which day is closed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from streams.alerts.closing import last_closed


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("newest", "now", "closed"),
    [
        # an event of the next day is stored, and a quarter of an hour is over
        ("2026-03-03T00:00", "2026-03-03T00:14", "2026-03-01"),
        ("2026-03-03T00:00", "2026-03-03T00:15", "2026-03-02"),
        ("2026-03-03T23:59", "2026-03-03T23:59", "2026-03-02"),
        # nothing newer is stored: six hours are waited
        ("2026-03-02T23:59", "2026-03-03T05:59", "2026-03-01"),
        ("2026-03-02T23:59", "2026-03-03T06:00", "2026-03-02"),
        # of the days after the newest event nothing is known
        ("2026-03-02T12:00", "2026-11-22T12:00", "2026-03-02"),
        # a clock that is ahead closes nothing
        ("2026-03-04T00:30", "2026-03-03T00:20", "2026-03-02"),
    ],
)
def test_a_day_is_closed_when_all_that_comes_in_time_has_come(newest, now, closed):
    assert last_closed(at(newest), at(now)) == date.fromisoformat(closed)


def test_nothing_is_closed_where_nothing_is_stored():
    assert last_closed(None, at("2026-03-03T00:15")) is None
