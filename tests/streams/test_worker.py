"""The worker on a real broker: from a topic to rows, and what it does about bad events and faults."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from kafka import KafkaConsumer
from support.patience import until

from schemas.errors import Stop
from schemas.registry import Registry
from schemas.rows import RegistryRow
from schemas.settings import Settings
from sinks.memory import MemorySink
from sinks.tables import ACTIVITIES, DEAD_LETTERS, INTERACTIONS
from streams.forgetting import announce, wait_for_workers
from streams.kafka import Producer
from streams.lag import lag
from streams.pipeline import Pipeline
from streams.registries import announce_registry, keep_registry
from streams.worker import create_worker

NOW = datetime.now(UTC)


@pytest.fixture
def scene(broker, new_topic):
    topic = new_topic(2)
    return Settings(
        kafka=broker.bootstrap,
        topic=topic,
        dead_letter_topic=new_topic(1),
        group=topic,
        flush_seconds=0.2,
        settle_seconds=0.5,
        session_timeout=3.0,
    )


@pytest.fixture
def producer(broker):
    producer = Producer(broker.bootstrap)
    yield producer
    producer.close()


def sink_with(*names):
    sink = MemorySink()
    registry = Registry.of_names("x", names)
    sink.store_registry(
        RegistryRow(version=1, digest=registry.digest, body=registry.to_json(), stored_at=NOW)
    )
    return sink


def event(identifier, by, **more):
    return json.dumps(
        {
            "platform": "x",
            "activity": "reply" if "in_reply_to" in more else "post",
            "id": identifier,
            "actor": {"id": by},
            "published": "2026-01-05T00:00:00Z",
        }
        | more
    ).encode()


@asynccontextmanager
async def running(settings, sink):
    app = create_worker(settings, sink)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


def directions(sink):
    return {row.id: str(row.direction) for row in sink.rows(INTERACTIONS)}


async def test_events_become_rows(scene, producer):
    sink = sink_with("acme")
    producer.send(scene.topic, b"1", event("1", "acme"))
    producer.send(scene.topic, b"1", event("2", "eve", in_reply_to={"id": "1"}))
    producer.flush(scene.topic)
    async with running(scene, sink):
        await until(lambda: directions(sink) == {"1": "BO", "2": "CB"})


async def test_a_second_worker_goes_on_where_the_first_has_stopped(scene, producer):
    sink = sink_with("acme")
    producer.send(scene.topic, b"1", event("1", "acme"))
    producer.flush(scene.topic)
    async with running(scene, sink):
        await until(lambda: "1" in directions(sink))
    producer.send(scene.topic, b"1", event("2", "eve", in_reply_to={"id": "1"}))
    producer.flush(scene.topic)
    async with running(scene, sink):
        await until(lambda: directions(sink) == {"1": "BO", "2": "CB"})


async def test_a_worker_that_gives_partitions_away_stores_and_commits_what_it_holds(scene, producer):
    sink = sink_with("acme")
    patient = scene.model_copy(update={"flush_seconds": 3600.0})
    producer.send(scene.topic, b"1", event("1", "acme"))
    producer.flush(scene.topic)
    async with running(patient, sink) as app:
        await until(lambda: app.monitor.messages_received_total)
        assert not directions(sink)
        async with running(patient, sink_with("acme")):
            await until(lambda: directions(sink) == {"1": "BO"})
            deadline = time.monotonic() + 10
            while await asyncio.to_thread(lag, scene):
                assert time.monotonic() < deadline


async def test_what_is_refused_goes_to_the_topic_and_the_table_and_the_rest_goes_on(scene, producer):
    sink = sink_with("acme")
    producer.send(scene.topic, b"1", b"no json")
    producer.send(scene.topic, b"1", event("1", "acme"))
    producer.flush(scene.topic)
    async with running(scene, sink):
        await until(lambda: "1" in directions(sink))
        (letter,) = await until(lambda: sink.rows(DEAD_LETTERS))
    assert (letter.reason, letter.body, letter.source_topic) == ("unreadable", b"no json", scene.topic)
    consumer = KafkaConsumer(
        scene.dead_letter_topic,
        bootstrap_servers=scene.kafka,
        auto_offset_reset="earliest",
        consumer_timeout_ms=10_000,
    )
    message = next(consumer)
    consumer.close()
    headers = dict(message.headers)
    assert message.value == b"no json"
    assert headers["reason"] == b"unreadable"
    assert headers["topic"] == scene.topic.encode()
    assert (int(headers["partition"]), int(headers["offset"])) == (
        letter.source_partition,
        letter.source_offset,
    )


async def test_a_registry_that_is_announced_holds_for_what_comes_after_it(scene, producer):
    sink = MemorySink()
    producer.send(scene.topic, b"1", event("1", "acme"))
    producer.flush(scene.topic)
    async with running(scene, sink):
        version = keep_registry(sink, Registry.of_names("x", ["acme"]), NOW)
        announce_registry(producer, scene.topic, version)
        producer.send(scene.topic, b"2", event("2", "acme"))
        producer.flush(scene.topic)
        await until(lambda: "2" in directions(sink))


async def test_an_account_that_is_announced_is_forgotten_and_stays_so(scene, producer):
    sink = sink_with("acme")
    for key in (b"1", b"2", b"3"):
        producer.send(scene.topic, key, event(key.decode(), "acme"))
        answer = {"in_reply_to": {"id": key.decode()}, "text": "Secret"}
        producer.send(scene.topic, key, event(f"1{key.decode()}", "eve", **answer))
    producer.flush(scene.topic)
    async with running(scene, sink):
        await until(lambda: len(directions(sink)) == 6)
        told = announce(producer, scene.topic, [("x", "eve")], NOW)
        await asyncio.to_thread(wait_for_workers, sink, 1, told, 20.0)
        await until(lambda: directions(sink) == {"1": "BO", "2": "BO", "3": "BO"})
    producer.send(scene.topic, b"1", event("21", "eve", in_reply_to={"id": "1"}, text="Secret"))
    producer.send(scene.topic, b"1", event("4", "acme"))
    producer.flush(scene.topic)
    async with running(scene, sink):
        await until(lambda: "4" in directions(sink))
    assert set(directions(sink).values()) == {"BO"}
    assert not any("Secret" in row.body for row in sink.rows(ACTIVITIES))


async def test_a_reply_that_has_waited_for_a_week_is_settled(scene, producer):
    sink = sink_with("acme")
    old, new = ((datetime.now(UTC) - timedelta(days=days)).isoformat() for days in (8, 6))
    lost = {"in_reply_to": {"id": "lost", "actor_id": "acme"}}
    producer.send(scene.topic, b"lost", event("1", "eve", published=old, **lost))
    producer.send(scene.topic, b"lost", event("2", "eve", published=new, **lost))
    producer.flush(scene.topic)
    async with running(scene, sink):
        await until(lambda: directions(sink) == {"1": "CB", "2": "undecided"})


async def test_a_fault_that_cannot_be_mended_stops_the_worker_and_loses_nothing(scene, producer):
    sink = sink_with("acme")
    producer.send(scene.topic, b"1", event("1", "acme"))
    producer.flush(scene.topic)
    write = sink.write

    def broken(_):
        raise Stop("table interactions is not there: run hubbub migrate")

    sink.write = broken
    async with running(scene, sink) as app:
        await until(lambda: app.crash_reason)
    assert isinstance(app.crash_reason, Stop)
    sink.write = write
    async with running(scene, sink):
        await until(lambda: directions(sink) == {"1": "BO"})


async def test_too_many_refusals_stop_the_worker_and_it_goes_on_when_it_is_told_to(scene, producer):
    sink = sink_with("acme")
    for _ in range(10):
        producer.send(scene.topic, b"1", b"no json")
    producer.send(scene.topic, b"1", event("1", "acme"))
    producer.flush(scene.topic)
    async with running(scene.model_copy(update={"dead_letter_run": 5}), sink) as app:
        await until(lambda: app.crash_reason)
    assert isinstance(app.crash_reason, Stop)
    assert "6 unreadable" in str(app.crash_reason)
    assert not sink.rows(DEAD_LETTERS)
    async with running(scene.model_copy(update={"dead_letter_run": 0}), sink):
        await until(lambda: "1" in directions(sink))
    assert len(sink.rows(DEAD_LETTERS)) == 10


async def test_an_event_that_breaks_the_fold_is_refused_and_the_rest_goes_on(scene, producer, monkeypatch):
    def breaking(pipeline, thread, registry):
        if thread.key == "2":
            raise KeyError(thread.key)
        return fold(pipeline, thread, registry)

    fold = Pipeline._fold_thread  # noqa: SLF001 - it stands for whatever folds
    monkeypatch.setattr(Pipeline, "_fold_thread", breaking)
    sink = sink_with("acme")
    for number in ("1", "2", "3"):
        producer.send(scene.topic, b"1", event(number, "acme"))
    producer.flush(scene.topic)
    async with running(scene, sink):
        await until(lambda: directions(sink) == {"1": "BO", "3": "BO"})
        (letter,) = await until(lambda: sink.rows(DEAD_LETTERS))
    assert letter.reason == "internal"
    assert letter.detail.startswith("KeyError: '…'")
