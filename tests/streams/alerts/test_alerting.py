"""The worker's part: judged once after a day has closed, told once, and again after a crash."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, time, timedelta

import pytest
from kafka import KafkaConsumer
from support.stored import said, sums

from schemas.errors import RetryLater
from schemas.settings import Settings
from sinks.alerts import AlertStore
from sinks.clickhouse import ClickHouseSink
from sinks.memory import MemorySink
from sinks.sink import Flush
from streams.alerting import Alerting
from streams.alerts.evaluation import closed_day, evaluate
from streams.aside import aside
from streams.worker import create_worker

NOW = datetime.now(UTC)


@pytest.fixture
def client(engine, tables):
    client = engine.client(database=tables)
    yield client
    client.close()


@pytest.fixture
def store(client):
    """40 days of acme up to the last closed one, the last 5 of them hardly anything but broadcasts."""
    sink, store = ClickHouseSink(client), AlertStore(client)
    sink.write(Flush(interactions=(said("newest", "ann", NOW),)))
    last = datetime.combine(closed_day(store, NOW), time(9), UTC)
    days = [last - timedelta(days=back) for back in range(39, -1, -1)]
    usual = [sums(day, bo=10, bc=10) for day in days[:35]]
    pushy = [sums(day, bo=18, bc=2) for day in days[35:]]
    sink.write(Flush(minutes=(*usual, *pushy)))
    return store


@pytest.fixture
def fired(store):
    """The key of the change that is to be told."""
    return f"acme/AL1/{closed_day(store, NOW) - timedelta(days=1)}"


class Topic:
    """What was sent, by its keys; refuses as often as it is told to."""

    def __init__(self):
        self.sent, self.refusing = [], 0

    async def send(self, key, value):
        if self.refusing:
            self.refusing -= 1
            raise RetryLater("Kafka takes nothing")
        self.sent.append((key.decode(), json.loads(value)["state"]))


def alerting(store, topic):
    return Alerting(store, aside, topic.send)


async def test_a_closed_day_is_judged_and_told_once(store, fired):
    topic = Topic()
    one, other = alerting(store, topic), alerting(store, topic)
    await one.look(NOW)
    assert topic.sent == [(fired, "firing")]
    assert {row.alert: str(row.state) for row in store.states()}["AL1"] == "firing"
    await one.look(NOW)
    await other.look(NOW + timedelta(minutes=10))
    assert topic.sent == [(fired, "firing")]


async def test_two_workers_at_once_leave_what_one_would(store, fired, engine, tables):
    topics, stores = (Topic(), Topic()), (store, AlertStore(engine.client(database=tables)))
    await asyncio.gather(*(alerting(*one).look(NOW) for one in zip(stores, topics, strict=True)))
    assert {key for topic in topics for key, _ in topic.sent} == {fired}
    found = await aside(evaluate, store, closed_day(store, NOW), NOW)
    assert (found.states, found.history) == ([], [])
    assert len(store.states()) == 5
    assert [row.published_at is None for row in store.history() if row.state == "firing"] == [False]


async def test_what_kafka_did_not_take_is_sent_with_the_next_look(store, fired):
    topic = Topic()
    topic.refusing = 1
    with pytest.raises(RetryLater):
        await alerting(store, topic).look(NOW)
    assert topic.sent == []
    assert len(store.states()) == 5
    await alerting(store, topic).look(NOW)
    assert topic.sent == [(fired, "firing")]


async def test_a_crash_before_it_is_marked_sends_it_again_under_the_same_key(store, fired, monkeypatch):
    topic, write = Topic(), store.write

    def crash(states, history):
        if not states:
            raise RetryLater("the worker is gone")
        write(states, history)

    monkeypatch.setattr(store, "write", crash)
    with pytest.raises(RetryLater):
        await alerting(store, topic).look(NOW)
    monkeypatch.undo()
    await alerting(store, topic).look(NOW)
    await alerting(store, topic).look(NOW)
    assert topic.sent == [(fired, "firing")] * 2


async def test_what_the_command_has_judged_is_sent_by_the_worker(store, fired):
    evaluate(store, closed_day(store, NOW), NOW)
    topic = Topic()
    await alerting(store, topic).look(NOW)
    assert topic.sent == [(fired, "firing")]


async def test_nothing_is_judged_where_nothing_is_stored(client):
    topic, store = Topic(), AlertStore(client)
    await alerting(store, topic).look(NOW)
    assert (topic.sent, store.states()) == ([], [])


async def test_a_worker_judges_by_itself_and_tells_the_topic(store, fired, broker, new_topic):
    topic, alert_topic = new_topic(2), new_topic(1)
    settings = Settings(
        kafka=broker.bootstrap,
        topic=topic,
        dead_letter_topic=new_topic(1),
        alert_topic=alert_topic,
        group=topic,
        alert_seconds=0.3,
        session_timeout=3.0,
    )
    app = create_worker(settings, MemorySink(), store)
    await app.start()
    try:
        (message,) = await asyncio.to_thread(_messages, broker.bootstrap, alert_topic)
    finally:
        await app.stop()
    assert message.key.decode() == fired
    assert json.loads(message.value)["state"] == "firing"


def _messages(bootstrap, topic):
    """The first message of a topic, within a deadline."""
    consumer = KafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", consumer_timeout_ms=20_000
    )
    try:
        return [next(consumer)]
    finally:
        consumer.close()
