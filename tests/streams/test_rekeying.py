"""The re-keying agent on a real broker: from a topic keyed by author to the tables of a clean pass."""

from __future__ import annotations

import asyncio
import functools
import json
import threading
import time
from collections import defaultdict
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import UTC, datetime

import pytest
from aiokafka.errors import KafkaTimeoutError
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from support.patience import until
from support.tables import said

from schemas.errors import Stop
from schemas.event import REACTIONS, RELATIONS, Activity
from schemas.rows import RegistryRow
from schemas.settings import Settings
from sinks.memory import MemorySink
from sinks.tables import DEAD_LETTERS, INTERACTIONS
from streams.decode import Arrival, decode
from streams.ingest import message
from streams.lag import lag
from streams.pipeline import Batch, Pipeline, Source
from streams.replay import Line
from streams.settlement import settlements
from streams.simulator import simulate
from streams.transport import Consumer
from streams.worker import create_worker

NOW = datetime.now(UTC)
PATIENT = 600.0
"""Seconds to hold, where nothing shall be given up."""


class Shared(MemorySink):
    """One that several workers may use at once."""

    def __init__(self):
        super().__init__()
        self._lock = threading.RLock()

    def __getattribute__(self, name):
        found = super().__getattribute__(name)
        if name.startswith("_") or not callable(found):
            return found

        @functools.wraps(found)
        def alone(*arguments, **named):
            with self._lock:
                return found(*arguments, **named)

        return alone


@pytest.fixture
def scene(broker, new_topic):
    topic = new_topic(3)
    return Settings(
        kafka=broker.bootstrap,
        topic=topic,
        dead_letter_topic=new_topic(1),
        rekey_from=new_topic(4),
        rekey_hold_seconds=0.3,
        group=topic,
        flush_seconds=0.2,
        settle_seconds=0.5,
        session_timeout=3.0,
    )


@pytest.fixture
def produce(scene):
    with closing(KafkaProducer(bootstrap_servers=scene.kafka)) as producer:

        def send(*records, partition=None, headers=(), timestamp=None):
            for key, value in records:
                producer.send(
                    scene.rekey_from,
                    key=key,
                    value=value,
                    partition=partition,
                    headers=list(headers),
                    timestamp_ms=timestamp,
                )
            producer.flush()

        yield send


@functools.cache
def world():
    """Some days of a community, of which every message names its conversation, and nothing else does.

    What a reaction is about has come, so that nothing has to be given up.
    """
    simulation = simulate(days=2)
    roots = {}
    for event in sorted(simulation.events, key=lambda event: event.published):
        if event.is_message:
            parent = event.in_reply_to and (event.platform, event.in_reply_to.id)
            own = (event.platform, event.id)
            roots[own] = event.conversation or roots.get(own) or roots.get(parent, event.id)
    come = {event.id for event in simulation.events if event.is_message and event.visibility != "direct"}
    come |= {
        event.id for event in simulation.events if event.activity in REACTIONS and _is_about(event, come)
    }
    events = [
        event.model_copy(
            update={"conversation": roots[event.platform, event.id] if event.is_message else None}
        )
        for event in simulation.events
        if event.is_message or _is_about(event, come)
    ]
    assert any(event.activity is Activity.DELETE for event in events)
    return simulation.registry, events


def _is_about(event, come):
    return event.activity in RELATIONS or (event.object.id if event.object else event.id) in come


def new_sink(registry):
    sink = Shared()
    sink.store_registry(RegistryRow(version=1, digest="", body=registry.to_json(), stored_at=NOW))
    return sink


@functools.cache
def clean():
    registry, events = world()
    sink = new_sink(registry)
    lines = [Line(number, message(event), int(NOW.timestamp() * 1000)) for number, event in enumerate(events)]
    pipeline = Pipeline(sink, capacity=10**6)
    pipeline.assign(Source("t", 1), 0, 0)
    sink.write(pipeline.fold({0: Batch(decode(lines).arrivals, [], 0, len(lines))}, NOW))
    due = [Arrival(len(lines) + number, item) for number, item in enumerate(settlements(sink, NOW, 1, 0))]
    sink.write(pipeline.fold({0: Batch(due, [], len(lines), len(lines) + len(due))}, NOW))
    return said(sink)


@asynccontextmanager
async def running(*apps):
    async with AsyncExitStack() as stack:
        for app in apps:
            stack.push_async_callback(app.stop)
        await asyncio.gather(*(app.start() for app in apps))
        yield


async def until_stored(scene, seconds=45.0):
    deadline = time.monotonic() + seconds
    while left := await asyncio.to_thread(lag, scene):
        assert time.monotonic() < deadline, f"{left} messages are not stored"
        await asyncio.sleep(0.1)


def records(scene, topic):
    """All that a topic holds, in the order of their partitions."""
    with closing(KafkaConsumer(bootstrap_servers=scene.kafka)) as consumer:
        tps = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        consumer.assign(tps)
        consumer.seek_to_beginning(*tps)
        ends, found, deadline = consumer.end_offsets(tps), defaultdict(list), time.monotonic() + 45
        while any(consumer.position(tp) < ends[tp] for tp in tps):
            assert time.monotonic() < deadline, f"{topic} is not read to its end"
            for tp, batch in consumer.poll(100).items():
                found[tp] += batch
        return [record for tp in tps for record in found[tp]]


def by_author(events):
    return [(event.actor.id.encode(), message(event)) for event in events]


def event(identifier, by, activity="post", **more):
    return json.dumps(
        {
            "platform": "x",
            "activity": activity,
            "id": identifier,
            "actor": {"id": by},
            "published": "2026-01-05T00:00:00Z",
        }
        | more
    ).encode()


@pytest.mark.thorough
async def test_by_author_or_by_conversation_gives_the_same_tables(scene, produce):
    scene = scene.model_copy(update={"rekey_hold_seconds": PATIENT})
    registry, events = world()
    produce(*by_author(events))
    sink = new_sink(registry)
    async with running(create_worker(scene, sink), create_worker(scene, sink)):
        await until_stored(scene)
        await until(lambda: said(sink) == clean(), 45)  # what has waited for a week is settled by a timer
    homes = defaultdict(set)
    for record in records(scene, scene.topic):
        found = json.loads(record.value)
        if "conversation" in found:
            homes[found["platform"], found["conversation"]].add((record.partition, record.key))
    assert all(len(places) == 1 for places in homes.values())
    assert len({partition for ((partition, _),) in homes.values()}) == 3


@pytest.mark.thorough
async def test_a_crash_between_sending_and_acknowledging_loses_nothing(scene, produce):
    scene = scene.model_copy(update={"rekey_hold_seconds": PATIENT})
    registry, events = world()
    produce(*by_author(events))
    sink = new_sink(registry)
    app = create_worker(scene, sink)
    sends = 0
    async with running(app):
        send = app.producer.send

        async def stumble(*arguments, **named):
            nonlocal sends
            sends += 1
            if sends > len(events) // 3:
                raise Stop("this test's own")
            return await send(*arguments, **named)

        app.producer.send = stumble
        await until(lambda: app.crash_reason, 45)
    async with running(create_worker(scene, sink)):
        await until_stored(scene)
        await until(lambda: said(sink) == clean(), 45)  # what has waited for a week is settled by a timer
    sent = [record.value for record in records(scene, scene.topic)]
    assert len(sent) > len([event for event in events if event.visibility != "direct"])


async def test_what_kafka_does_not_confirm_is_sent_again_in_order_with_time_and_headers(scene, produce):
    registry, _ = world()
    sink = new_sink(registry)
    moment, headers = 1_767_600_000_001, [("a", b"1"), ("a", b"2")]
    bodies = [b"no json", *(event(f"m{number}", "eve", conversation="c") for number in range(4))]
    produce(*((b"own", body) for body in bodies), partition=0, headers=headers, timestamp=moment)
    app = create_worker(scene, sink)
    async with running(app):
        send, failures = app.producer.send, []

        async def lose_one(*arguments, **named):
            sent = await send(*arguments, **named)
            if failures:
                return sent
            failures.append(sent)
            lost = asyncio.get_running_loop().create_future()
            lost.set_exception(KafkaTimeoutError())
            return lost

        app.producer.send = lose_one
        await until_stored(scene)
    assert failures
    found = records(scene, scene.topic)
    assert {(record.timestamp, tuple(record.headers)) for record in found} == {(moment, tuple(headers))}
    assert [record.value for record in found if record.key == b"c"] == bodies[1:] * 2
    assert [record.value for record in found if record.key == b"own"] == [b"no json"] * 2
    assert {(letter.body, letter.reason) for letter in sink.rows(DEAD_LETTERS)} == {
        (b"no json", "unreadable")
    }


async def test_what_is_held_is_not_acknowledged_and_comes_again_after_a_stop(scene, produce):
    registry, _ = world()
    patient = scene.model_copy(update={"rekey_hold_seconds": PATIENT})
    sink = new_sink(registry)
    produce((b"eve", event("d", "eve", "delete", object={"id": "m1"})), partition=0)
    produce((b"bob", event("m0", "bob", conversation="c")), partition=1)
    async with running(create_worker(patient, sink)):
        await until(lambda: records(scene, scene.topic), 45)
        stopping = time.monotonic()
    assert time.monotonic() - stopping < Consumer.drain_timeout  # a stop does not wait for what is held
    assert lag(scene) >= 1
    produce((b"eve", event("m1", "eve", "reply", in_reply_to={"id": "m0"}, conversation="c")), partition=1)
    async with running(create_worker(patient, sink)):
        await until_stored(scene)
    assert {record.key for record in records(scene, scene.topic)} == {b"c"}


async def test_a_delete_that_was_given_up_finds_its_message_in_the_end(scene, produce):
    registry, _ = world()
    brand = registry.brand[0]
    (account,) = brand.account[:1]
    platform = {"platform": account.platform}
    sink = new_sink(registry)
    produce((b"a", event("m0", account.id, conversation="c", **platform)), partition=0)
    produce((b"b", event("d", "eve", "delete", object={"id": "m1"}, **platform)), partition=1)
    reply = event("m1", "eve", "reply", in_reply_to={"id": "m0"}, conversation="c", **platform)

    def ids():
        return {row.id for row in sink.rows(INTERACTIONS)}

    async with running(create_worker(scene, sink), create_worker(scene, sink)):
        await until_stored(scene)
        assert ids() == {"m0"}
        produce((b"b", reply), partition=2)
        await until_stored(scene)
        await until(lambda: ids() == {"m0"}, 45)
