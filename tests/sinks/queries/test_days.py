"""The daily counts of the alerts, and their tables, on rows written by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from support.stored import MONDAY, answered, asked, day, hour, said, spoke, sums

from schemas.errors import Stop
from schemas.rows import AlertHistoryRow, AlertStateRow
from schemas.vocabulary import Direction, Role
from sinks.alerts import AlertStore

FIRST = MONDAY.date()
NOW = datetime(2026, 3, 9, 0, 20, tzinfo=UTC)


@pytest.fixture
def alerts(client):
    return AlertStore(client)


@pytest.fixture
def counts(alerts):
    """Days of acme on x, by their number, as dictionaries of what is not 0."""

    def read(last: int = 27) -> dict[int, dict[str, int]]:
        return {
            (at - FIRST).days: {name: count for name, count in told.items() if count}
            for brand, platform, at, told in alerts.days(FIRST + timedelta(days=last))
            if (brand, platform) == ("acme", "x")
        }

    return read


def test_messages_are_counted_on_their_day(store, counts):
    store(
        minutes=(
            sums(hour(9), bo=3, bc=2, cb=4, cc=5, co=1, bx=7, cx=2, undecided=6),
            sums(hour(23) + timedelta(minutes=59), partition=1, bo=1),
            sums(day(1), bo=10),
            sums(day(2), undecided=1),
            sums(hour(9), brand="other", bo=100),
            sums(hour(9), platform="mastodon", bo=100),
        )
    )
    assert counts() == {
        0: {"bo": 4, "bc": 2, "decided": 25, "messages": 31, "inbound": 12},
        1: {"bo": 10, "decided": 10, "messages": 10},
        2: {"messages": 1},
    }


def test_later_days_are_not_looked_at(store, counts):
    store(
        asked("1", "ann", hour(22), hour(22)),
        asked("2", "bob", hour(23)),  # promised for midnight
        spoke("root", "main", hour(2), None, conversation="root"),
        minutes=(sums(hour(9), bo=1), sums(day(1), bo=1)),
    )
    assert counts(0) == {0: {"bo": 1, "decided": 1, "messages": 1, "due": 1, "in_time": 1}}
    assert counts(1)[1] == {"bo": 1, "decided": 1, "messages": 1, "due": 1, "posts": 1}


def test_an_exchange_is_due_on_the_day_on_which_the_promised_time_ends(store, counts):
    # promised within an hour
    store(
        asked("1", "ann", hour(1), hour(2)),  # to the second
        asked("2", "bob", hour(1), hour(2) + timedelta(seconds=1)),
        asked("3", "cid", hour(23) - timedelta(seconds=1), day(5)),
        asked("4", "dan", hour(23), day(1)),
        asked("5", "eve", hour(23) + timedelta(minutes=30), hour(23) + timedelta(minutes=40)),
        answered("6", "ann", hour(2)),
    )
    assert counts() == {0: {"due": 3, "in_time": 1}, 1: {"due": 2, "in_time": 2}}


def test_a_post_is_told_when_it_is_a_day_old_with_what_came_until_then(store, counts):
    def under(id_, post, started, after, **other):
        return said(id_, f"c{id_}", started + after, started_at=started, conversation=post, depth=1, **other)

    post, late = hour(10), hour(20)
    store(
        spoke("a", "main", post, None, conversation="a"),
        spoke("b", "main", late, None, conversation="b"),
        under("1", "a", post, timedelta(hours=1)),
        under("2", "a", post, timedelta(hours=2), direction=Direction.CC),
        under("3", "a", post, timedelta(hours=24)),
        under("4", "a", post, timedelta(hours=24, seconds=1)),
        under("5", "a", post, timedelta(hours=3), role=Role.BOT),
        under("6", "a", post, timedelta(hours=3), role=Role.BRAND, direction=Direction.BC),
        under("7", "a", post, timedelta(hours=3), direction=None),  # a like
        under("8", "b", late, timedelta(hours=5)),
        # under a customer's post, and under one that is not known
        said("c", "ann", post, conversation="c", direction=Direction.CO),
        under("9", "c", post, timedelta(hours=1)),
        under("10", "d", post, timedelta(hours=1)),
    )
    assert counts() == {1: {"posts": 2, "answers": 4}}


def test_what_was_taken_back_does_not_count(store, counts):
    row = asked("1", "ann", hour(1), hour(1))
    store(row, spoke("a", "main", hour(1), None, conversation="a"))
    store(row.model_copy(update={"seen": 2, "removed": True}))
    assert counts() == {1: {"posts": 1}}


def test_the_watermark_is_the_newest_event(store, alerts):
    assert alerts.watermark() is None
    store(said("1", "ann", hour(1)), said("2", "bob", hour(5)))
    assert alerts.watermark() == hour(5)


STATE = {
    "brand": "acme",
    "alert": "AL1",
    "state": "firing",
    "firing": 1,
    "since": date(2026, 3, 7),
    "day": date(2026, 3, 8),
    "value": 0.75,
    "baseline": 0.5,
    "change": 0.25,
    "score": 4.5,
    "phi": 1.5,
    "n": 140,
    "n_before": 560,
    "window_days": 7,
    "baseline_from": date(2026, 2, 2),
    "baseline_to": date(2026, 3, 1),
    "frozen": True,
    "streak": 0,
    "held_days": 0,
    "held_why": "",
    "judged_at": NOW,
}
CHANGE = {name: STATE[name] for name in AlertHistoryRow.model_fields if name in STATE}
CHANGE |= {"before": "ok", "withdrawn": False, "published_at": None}


def test_rows_are_read_as_they_were_written(alerts):
    state, change = AlertStateRow(**STATE), AlertHistoryRow(**CHANGE)
    unknown = dict.fromkeys(("value", "baseline", "change", "score", "phi", "baseline_from", "baseline_to"))
    held = state.model_copy(update={"alert": "AL2", "state": "held", "held_why": "few"} | unknown)
    alerts.write([state, held], [change])
    assert alerts.states() == [state, held]
    assert alerts.history() == [change]
    assert alerts.judged() == date(2026, 3, 8)


def test_the_newest_row_counts_in_whatever_order_they_are_written(alerts):
    state, change = AlertStateRow(**STATE), AlertHistoryRow(**CHANGE)
    later = {"judged_at": NOW + timedelta(microseconds=1)}
    ok = state.model_copy(update={"state": "ok", "firing": 0} | later)
    sent = change.model_copy(update={"published_at": NOW} | later)
    alerts.write([ok], [sent])
    alerts.write([state], [change])
    assert alerts.states() == [ok]
    assert alerts.history() == [sent]


def test_without_tables_it_stops(engine, database):
    with pytest.raises(Stop, match="migrate"):
        AlertStore(engine.client(database=database)).states()
