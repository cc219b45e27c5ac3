from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.errors import BadInput
from streams.cli.times import clipped, fitting, read_time, starts

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["2026-01-05", "2026-01-05T00:00", " 2026-01-05 00:00:00Z ", "2026-01-05T01:00+01:00", "2026-W02-1"],
)
def test_a_time_is_utc_unless_it_says_otherwise(text):
    assert read_time(text, "--from") == MONDAY


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "1969-12-31", "2106-01-01", "0001-01-01T00:00+14:00"]
)
def test_what_is_no_time_names_the_option(text):
    with pytest.raises(BadInput, match=r"^--to: "):
        read_time(text, "--to")


@pytest.mark.parametrize(
    ("days", "by"), [(0.1, "hour"), (2, "day"), (31, "day"), (32, "week"), (4000, "week")]
)
def test_the_windows_of_a_drawing_are_few(days, by):
    assert fitting(MONDAY, MONDAY + timedelta(days=days)) == by


def test_windows_start_before_the_period_and_end_in_it():
    early, late = MONDAY + timedelta(days=2, hours=3.5), MONDAY + timedelta(days=7, minutes=1)
    assert list(starts(early, late, "week")) == [MONDAY, MONDAY + timedelta(weeks=1)]
    assert next(starts(early, late, "day")) == MONDAY + timedelta(days=2)
    assert next(starts(early, late, "hour")) == MONDAY + timedelta(days=2, hours=3)
    assert list(starts(MONDAY, MONDAY + timedelta(days=1), "day")) == [MONDAY]


def test_an_open_end_is_where_what_is_stored_ends():
    stored = MONDAY, MONDAY + timedelta(days=9)
    day = timedelta(days=1)
    assert clipped(None, None, stored) == stored
    assert clipped(MONDAY + day, None, stored) == (MONDAY + day, stored[1])
    assert clipped(None, MONDAY + day, stored) == (MONDAY, MONDAY + day)
    assert clipped(None, MONDAY - day, stored) == (MONDAY - day, MONDAY - day)
    assert clipped(stored[1] + day, None, stored) == (stored[1] + day, stored[1] + day)
