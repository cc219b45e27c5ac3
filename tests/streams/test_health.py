"""How a worker does: what its parts report, and what the endpoint says of it."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime

import pytest
from support.watch import Watch, free_address

from schemas.errors import BadInput, RetryLater
from schemas.registry import Registry
from schemas.rows import RegistryRow
from schemas.settings import Settings
from sinks.memory import MemorySink
from sinks.sink import Flush
from sinks.tables import INTERACTIONS
from streams.health import SLOW, Cached, Health, State
from streams.health_server import HealthServer, nth_address
from streams.kafka import Producer
from streams.worker import create_worker

AWAY = RetryLater("writing to activities: too many parts", cause="TOO_MANY_PARTS", retry_after=0.01)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def health(clock) -> Health:
    return Health(clock)


def test_waits_from_the_first_failure_until_something_is_stored(health, clock):
    health.began()
    assert health.status(kafka=True) == (State.OK, None, "")
    health.failed(AWAY)
    clock.now += 5
    health.failed(AWAY)
    assert health.status(kafka=False) == (State.CLICKHOUSE, 1000.0, str(AWAY))
    clock.now += 2
    assert health.waited == 7
    health.ended(10, Flush(), Cached())
    clock.now += 100
    assert health.status(kafka=True).state is State.OK
    assert (health.waited, health.stored, health.last_stored) == (7, 10, 1007.0)
    assert health.retries == {"TOO_MANY_PARTS": 2}


def test_a_flush_that_does_not_end_is_a_wait_too(health, clock):
    health.began()
    clock.now += SLOW
    assert health.status(kafka=True).state is State.OK
    clock.now += 1
    assert health.status(kafka=True)[:2] == (State.CLICKHOUSE, 1000.0)


def test_what_was_given_up_is_not_stored(health):
    health.began()
    health.failed(AWAY)
    health.ended(10, None, Cached(1, 2, 3, 4))
    assert (health.stored, health.last_stored, health.cached) == (0, None, Cached(1, 2, 3, 4))
    assert health.status(kafka=True).state is State.OK


def test_kafka_is_waited_for_when_nothing_else_is(health):
    assert health.status(kafka=False).state is State.KAFKA
    health.stopping = True
    assert health.status(kafka=False).state is State.STOPPING


def test_durations_are_counted_by_bound(health, clock):
    for seconds in (0.05, 0.06, 1000.0):
        health.began()
        clock.now += seconds
        health.ended(1, Flush(), Cached())
    at_most = dict(health.flushes.at_most())
    assert (at_most[0.1], at_most[300.0], at_most[float("inf")]) == (2, 2, 3)
    assert health.flushes.total == pytest.approx(1000.11)


@pytest.mark.parametrize(
    ("address", "third"),
    [("127.0.0.1:8088", "127.0.0.1:8091"), ("[::1]:8088", "[::1]:8091"), ("127.0.0.1:0",) * 2, ("", "")],
)
def test_workers_of_a_stack_take_a_port_each(address, third):
    assert nth_address(address, 3) == third


async def test_an_address_that_is_taken_is_one_line():
    async def vitals():
        raise AssertionError("nobody asks")

    async with HealthServer("127.0.0.1:0", vitals) as first:
        with pytest.raises(BadInput, match=f"HUBBUB_HEALTH: 127.0.0.1:{first.port} cannot be listened on"):
            HealthServer(f"127.0.0.1:{first.port}", vitals)


class Moody(MemorySink):
    """A sink that refuses while it is told to."""

    refusing = False

    def __init__(self) -> None:
        super().__init__()
        registry = Registry.of_names("x", ["acme"])
        body = registry.to_json()
        self.store_registry(
            RegistryRow(version=1, digest=registry.digest, body=body, stored_at=datetime.now(UTC))
        )

    def write(self, flush: Flush) -> None:
        if self.refusing:
            raise AWAY
        super().write(flush)


def _post(number):
    event = {"platform": "x", "activity": "post", "id": str(number), "actor": {"id": "acme"}}
    return json.dumps(event | {"published": "2026-01-05T00:00:00Z"}).encode()


async def _until(watch, **wanted):
    """What the worker says once it says what is wanted, and has partitions."""
    deadline = time.monotonic() + 20
    while True:
        report = await asyncio.to_thread(watch.health)
        if report["partitions"] and wanted.items() <= report.items():
            return report
        assert time.monotonic() < deadline, report
        await asyncio.sleep(0.02)


async def test_a_worker_says_when_it_waits_and_for_what_and_when_it_goes_on(broker, new_topic):
    topic, address, sink = new_topic(2), free_address(), Moody()
    settings = Settings(
        kafka=broker.bootstrap,
        topic=topic,
        dead_letter_topic=new_topic(1),
        group=topic,
        flush_seconds=0.1,
        session_timeout=2.0,  # what Apache Kafka is told to accept
        health=address,
    )
    watch, producer = Watch(address), Producer(broker.bootstrap)
    app = create_worker(settings, sink)
    await app.start()
    try:
        report = await _until(watch, state="ok")
        assert (report["partitions"], report["lag"], report["since"]) == ([0, 1], {"0": 0, "1": 0}, None)

        sink.refusing = True
        for number in range(20):
            producer.send(topic, None, _post(number), partition=0)
        producer.send(topic, None, b"no json", partition=0)
        producer.flush(topic)
        report = await _until(watch, state="waiting for ClickHouse")
        assert report["reason"] == str(AWAY)
        assert report["since"] is not None
        assert report["oldest_unstored"] is not None
        await _until(watch, lag={"0": 21, "1": 0})
        assert await asyncio.to_thread(watch.metric, "hubbub_retries_total", cause="TOO_MANY_PARTS") > 0
        assert await asyncio.to_thread(watch.metric, "hubbub_lag_events", partition="0") == 21

        sink.refusing = False
        # The batch is stored first and acknowledged when its dead letter has been sent on.
        report = await _until(watch, state="ok", lag={"0": 0, "1": 0})
        assert len(sink.rows(INTERACTIONS)) == 20
        assert (report["last_stored"] is not None, report["oldest_unstored"]) == (True, None)
        for name, labels, value in (
            ("hubbub_events_read_total", {}, 21),
            ("hubbub_events_stored_total", {}, 21),
            ("hubbub_events_refused_total", {"reason": "unreadable"}, 1),
            ("hubbub_rows_written_total", {"table": "interactions"}, 20),
            ("hubbub_rebalances_total", {}, 1),
            ("hubbub_cache_activities", {}, 20),
            ("hubbub_state", {"state": "ok"}, 1),
            ("hubbub_newest_message_timestamp_seconds", {}, datetime(2026, 1, 5, tzinfo=UTC).timestamp()),
        ):
            assert await asyncio.to_thread(watch.metric, name, **labels) == value, name
        assert await asyncio.to_thread(watch.metric, "hubbub_waiting_seconds_total") > 0
        assert await asyncio.to_thread(watch.metric, "process_resident_memory_bytes") > 0
    finally:
        await app.stop()
        producer.close()
    assert watch.health()["state"] is None
