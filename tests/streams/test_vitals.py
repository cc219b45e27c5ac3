"""What a worker writes down of itself: from looks to rows, and from a real worker to the view."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta

import pytest
from support.stored import said, spoke

from schemas.errors import RetryLater, Stop
from schemas.registry import Registry
from schemas.settings import Settings
from sinks.clickhouse import ClickHouseSink
from sinks.sink import Flush
from sinks.vitals import VitalsTables
from streams.health import Cached, Health, Newest, State, Status, Vitals
from streams.kafka import Producer
from streams.registries import keep_registry
from streams.vitals import MOST, Diary, Minutes, resident_bytes
from streams.worker import create_worker

START = datetime(2026, 1, 5, 9, 0, 50, tzinfo=UTC)
AWAY = RetryLater("writing to worker_minutes: connection refused", cause="NETWORK")
OK = Status(State.OK)


def after(seconds):
    return START + timedelta(seconds=seconds)


@pytest.fixture
def health():
    return Health(lambda: after(0).timestamp())


@pytest.fixture
def minutes():
    return Minutes("one", START, days=30)


def note(minutes, health, seconds, status=OK, lag=None, *, oldest=None):
    minutes.note(Vitals(health, status, lag or {}, oldest), after(seconds), 1000)


def test_a_look_says_what_has_happened_since_the_last_one_in_its_minute(minutes, health):
    health.took(30)
    note(minutes, health, 5)
    health.took(12)
    health.retried(AWAY)
    note(minutes, health, 20)
    health.took(1)
    note(minutes, health, 40)
    first, second = minutes.unstored
    assert (first.minute, first.events_read, first.seconds) == (after(-50), 30, 5.0)
    assert (second.minute, second.events_read, second.seconds) == (after(10), 13, 35.0)
    assert (first.retries, second.retries) == (0, 1)
    assert (second.looked_at, second.kept_until) == (after(40), after(40) + timedelta(days=30))


def test_what_is_as_of_now_is_as_of_the_last_look(minutes, health):
    waiting = Status(State.CLICKHOUSE, 0.0, "too many parts")
    note(minutes, health, 15, waiting, {0: 3, 1: 4}, oldest=after(5).timestamp())
    (row,) = minutes.unstored
    assert (row.state, row.fault, row.lag, row.partitions) == (
        "waiting for ClickHouse",
        "too many parts",
        7,
        2,
    )
    assert (row.oldest_unstored, row.rss_bytes, row.newest_message_at) == (10.0, 1000, None)
    note(minutes, health, 30)
    (row,) = minutes.unstored
    assert (row.state, row.fault, row.lag, row.oldest_unstored) == ("ok", "", 0, None)


def test_a_minute_is_kept_until_it_is_stored_and_over(minutes, health):
    note(minutes, health, 5)
    minutes.stored(minutes.unstored)
    health.took(7)
    note(minutes, health, 8)
    # It is still that minute: the row that was stored is written again, with all of it.
    assert [row.seconds for row in minutes.unstored] == [8.0]
    rows = minutes.unstored
    note(minutes, health, 15)
    minutes.stored(rows)
    assert [row.minute for row in minutes.unstored] == [after(10)]


def test_what_grew_while_it_was_written_is_not_lost(minutes, health):
    note(minutes, health, 5)
    rows = minutes.unstored
    health.took(7)
    note(minutes, health, 9)
    note(minutes, health, 15)
    minutes.stored(rows)
    assert [row.events_read for row in minutes.unstored] == [7, 0]


def test_an_outage_is_kept_for_so_long_and_no_longer(minutes, health):
    for minute in range(MOST + 5):
        health.took(1)
        note(minutes, health, 60 * minute)
    rows = minutes.unstored
    assert len(rows) == MOST
    assert (rows[0].minute, rows[-1].minute) == (after(60 * 5 - 50), after(60 * (MOST + 4) - 50))


def test_a_clock_that_is_put_back_takes_no_time_away(minutes, health):
    note(minutes, health, 5)
    note(minutes, health, 1)
    (row,) = minutes.unstored
    assert (row.seconds, row.looked_at) == (5.0, after(5))


def test_the_newest_message_and_how_late_it_was_stored(health):
    health.ended(
        1, Flush(interactions=(said("1", "ann", after(-60)), spoke("2", "acme", after(-70), None))), Cached()
    )
    assert health.newest == Newest(after(-60), 60.0)
    late = (
        said("3", "ann", after(-90)),  # older than what is known
        said("4", "ann", after(-1), None),  # a reaction is no message
        said("5", "ann", after(-1), removed=True),  # nor is what was taken back
    )
    health.ended(1, Flush(interactions=late), Cached())
    assert health.newest == Newest(after(-60), 60.0)


def test_memory_is_that_of_this_process():
    assert 10_000_000 < resident_bytes() < 100_000_000_000


class Book:
    """What a diary writes to: keeps what is written, fails, or hangs."""

    def __init__(self) -> None:
        self.rows = []
        self.calls = 0
        self.fault = None
        self.go_on = threading.Event()
        self.go_on.set()

    def write(self, rows):
        self.calls += 1
        self.go_on.wait(20)
        if self.fault:
            raise self.fault
        self.rows.extend(rows)


@pytest.fixture
def book():
    return Book()


@pytest.fixture
def state():
    return [OK]


@pytest.fixture
def diary(health, book, state):
    async def vitals():
        return Vitals(health, state[0], {}, None)

    return Diary(vitals, health, book.write, Settings(worker="one"))


async def test_what_fails_is_told_once_and_made_good(diary, book, health, caplog):
    caplog.set_level(logging.WARNING)
    book.fault = AWAY
    health.took(3)
    for _ in range(3):
        await diary.look()
    assert (health.unrecorded, len(caplog.messages)) == (3, 1)
    assert "connection refused" in caplog.messages[0]
    book.fault = None
    health.took(4)
    await diary.look()
    newest = {row.minute: row for row in book.rows}
    assert sum(row.events_read for row in newest.values()) == 7
    assert len(caplog.messages) == 2
    assert "is back" in caplog.messages[1]


@pytest.mark.parametrize(
    "fault",
    [Stop("writing to worker_minutes: not enough privileges"), ValueError("what nobody has foreseen")],
    ids=["refused", "unforeseen"],
)
async def test_what_can_never_be_written_is_not_tried_again(diary, book, health, caplog, fault):
    book.fault = fault
    for _ in range(3):
        await diary.look()
    assert (book.calls, health.unrecorded, len(caplog.messages)) == (1, 1, 1)


async def test_a_look_that_fails_holds_nobody_up(book, health, caplog):
    async def vitals():
        raise AssertionError("what nobody has foreseen")

    diary = Diary(vitals, health, book.write, Settings(worker="one"))
    for _ in range(3):
        await diary.look()
    assert (book.calls, health.unrecorded, len(caplog.messages)) == (0, 1, 1)


async def test_nothing_is_written_while_clickhouse_is_known_to_be_away(diary, book, state):
    state[0] = Status(State.CLICKHOUSE, 0.0, "gone")
    await diary.look()
    assert book.calls == 0
    state[0] = OK
    await diary.look()
    assert book.calls == 1


async def test_a_write_that_hangs_holds_nobody_up_and_no_second_one_is_begun(diary, book, monkeypatch):
    monkeypatch.setattr("streams.vitals.PATIENCE", 0.05)
    book.go_on.clear()
    begun = time.monotonic()
    await diary.look()
    await diary.look()
    assert time.monotonic() - begun < 5
    assert book.calls == 1
    book.go_on.set()
    deadline = time.monotonic() + 10
    while book.calls < 2:
        assert time.monotonic() < deadline
        await diary.look()
        await asyncio.sleep(0.01)


@asynccontextmanager
async def running(settings, sink, record):
    app = create_worker(settings, sink, record=record)
    await app.start()
    try:
        yield
    finally:
        await app.stop()


def event(number, body=None):
    post = {"platform": "x", "activity": "post", "id": str(number), "actor": {"id": "acme"}}
    return body or json.dumps(post | {"published": f"2026-01-05T00:00:{number:02}Z"}).encode()


async def test_a_worker_tells_the_database_how_it_does(broker, new_topic, engine, tables):
    topic = new_topic(2)
    settings = Settings(
        kafka=broker.bootstrap,
        topic=topic,
        dead_letter_topic=new_topic(1),
        group=topic,
        flush_seconds=0.1,
        session_timeout=3.0,
        vitals_seconds=0.2,
        worker="the one",
    )
    producer = Producer(broker.bootstrap)
    for number in range(20):
        producer.send(topic, None, event(number), partition=0)
    producer.send(topic, None, b"no json", partition=1)
    producer.flush(topic)
    producer.close()
    with closing(engine.client(database=tables)) as client, closing(engine.client(database=tables)) as reader:
        sink = ClickHouseSink(client)
        keep_registry(sink, Registry.of_names("x", ["acme"]), datetime.now(UTC))

        def said_so_far():
            sums = "sum(events_read) AS read, sum(events_stored) AS stored, sum(dead_letters) AS letters"
            sql = f"SELECT {sums}, argMax(lag, at) AS behind FROM pipeline_minutely WHERE worker = 'the one'"
            return next(iter(reader.query(sql).named_results()))

        async with running(settings, sink, VitalsTables(client).write):
            deadline = time.monotonic() + 20
            while (row := await asyncio.to_thread(said_so_far)) != {
                "read": 21,
                "stored": 21,
                "letters": 1,
                "behind": 0,
            }:
                assert time.monotonic() < deadline, row
                await asyncio.sleep(0.05)
        # It has said goodbye, and what it stored is what the database has.
        columns = (
            "state, partitions, rows_written, flushes, rss_bytes, newest_message_at, newest_message_delay"
        )
        sql = f"SELECT {columns} FROM pipeline_minutely ORDER BY at DESC LIMIT 1"
        (last,) = reader.query(sql, tz_mode="aware").named_results()
        assert last["state"] == "stopping"
        assert last["newest_message_at"] == datetime(2026, 1, 5, 0, 0, 19, tzinfo=UTC)
        assert last["newest_message_delay"] > 0
        assert last["rss_bytes"] > 10_000_000
        stored = "SELECT argMax(stored_rows, at) FROM storage_minutely WHERE table = 'interactions'"
        assert reader.query(stored).result_rows[0][0] == 20


async def test_a_worker_without_a_right_to_write_about_itself_works_on(
    broker, new_topic, engine, tables, caplog
):
    topic = new_topic(1)
    settings = Settings(
        kafka=broker.bootstrap,
        topic=topic,
        dead_letter_topic=new_topic(1),
        group=topic,
        flush_seconds=0.1,
        session_timeout=3.0,
        vitals_seconds=0.05,
    )

    refused = 0

    def refuse(_):
        nonlocal refused
        refused += 1
        raise Stop("writing to worker_minutes: hubbub: Not enough privileges")

    with closing(engine.client(database=tables)) as client, closing(engine.client(database=tables)) as reader:
        sink = ClickHouseSink(client)
        keep_registry(sink, Registry.of_names("x", ["acme"]), datetime.now(UTC))
        async with running(settings, sink, refuse):
            producer = Producer(broker.bootstrap)
            deadline = time.monotonic() + 20
            while not refused:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.02)
            producer.send(topic, None, event(1), partition=0)
            producer.flush(topic)
            producer.close()
            while not reader.query("SELECT count() FROM interactions").result_rows[0][0]:
                assert time.monotonic() < deadline
                await asyncio.sleep(0.02)
    assert refused == 1
    assert len([line for line in caplog.messages if "Not enough privileges" in line]) == 1
