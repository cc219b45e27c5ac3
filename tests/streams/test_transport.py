"""The transport on a real broker. Where a trap is named, its test fails without the protection."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from contextlib import asynccontextmanager

import faust
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from faust.tables.recovery import RebalanceAgain
from faust.types import TP
from kafka import KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.transport import Consumer, faust_settings, raw_topic


@asynccontextmanager
async def running(*apps):
    for app in apps:
        await app.start()
    try:
        yield
    finally:
        for app in reversed(apps):
            await app.stop()


async def until(condition, seconds=20.0):
    """Wait for a condition, with a deadline; there is nothing else to wait for."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)
    return value


@pytest.fixture(autouse=True)
def drain_timeout(monkeypatch):
    """What a test leaves unacknowledged shall not hold up its end."""
    monkeypatch.setattr(Consumer, "drain_timeout", 0.1)


@pytest.fixture
def make_app(broker, tmp_path):
    def make(group, **settings):
        settings = (
            faust_settings(session_timeout=3.0) | {"web_enabled": False, "datadir": tmp_path} | settings
        )
        return faust.App(group, broker=f"batches://{broker.bootstrap}", **settings)

    return make


@pytest.fixture
def produce(broker):
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap)

    def send(topic, numbers, partition=None):
        for number in numbers:
            record = {"key": f"key {number}".encode(), "value": str(number).encode()}
            producer.send(topic, **record, headers=[("n", str(number).encode())], partition=partition)
        producer.flush()

    yield send
    producer.close()


@pytest.fixture
def committed(kafka_admin):
    def read(group, topic, partition=0):
        offsets = kafka_admin.list_group_offsets({group: [TopicPartition(topic, partition)]})
        offset = next(iter(offsets[group].values())).offset
        return None if offset < 0 else offset

    return read


def collect(app, topic, *, ack=False):
    """Run an agent that keeps every event, and acknowledges it or not."""
    events = []

    @app.agent(raw_topic(app, topic), name=f"collect {topic}")
    async def keep(stream):
        async for event in stream.events():
            events.append(event)
            if ack:
                app.consumer.ack(event.message)

    return events


def offsets(events):
    return [record.offset for event in events for record in event.value]


async def test_an_event_is_a_list_of_raw_records_of_one_partition(make_app, new_topic, produce):
    topic = new_topic(3)
    produce(topic, range(600))
    app = make_app(topic)
    events = collect(app, topic, ack=True)
    async with running(app):
        await until(lambda: len(offsets(events)) == 600)
    assert len(events) < 60
    by_partition = defaultdict(list)
    for event in events:
        by_partition[event.message.partition] += event.value
    assert all([r.offset for r in records] == list(range(len(records))) for records in by_partition.values())
    records = [record for records in by_partition.values() for record in records]
    assert sorted(int(record.value) for record in records) == list(range(600))
    assert all(record.key == b"key " + record.value for record in records)
    assert all(list(record.headers) == [("n", record.value)] for record in records)
    # aiokafka's own objects would do as well, but cost as much as reading them.
    assert not any(isinstance(record, ConsumerRecord) for record in records)


async def test_trap_1_the_stream_does_not_drop_a_batch_of_the_current_generation(
    make_app, new_topic, produce
):
    topic = new_topic(1)
    produce(topic, range(5))
    app = make_app(topic)
    events = collect(app, topic, ack=True)
    async with running(app):
        await until(lambda: events)
        assert events[0].message.generation_id == app.consumer_generation_id


async def test_trap_2_only_the_finished_head_is_committed(make_app, new_topic, produce, committed):
    #  0      10      20      30      40
    #  ├─ a ──┼─ b ───┼─ c ───┼─ d ───┤
    topic = new_topic(1)
    produce(topic, range(40))
    app = make_app(topic, broker_max_poll_records=10)
    app_events = collect(app, topic)
    async with running(app):
        await until(lambda: len(app_events) == 4)
        a, b, c, d = (event.message for event in app_events)
        app.consumer.ack(b)
        app.consumer.ack(d)
        await app.consumer.commit()
        assert committed(topic, topic) is None
        app.consumer.ack(a)
        await app.consumer.commit()
        assert committed(topic, topic) == 20
        app.consumer.ack(c)
        await app.consumer.commit()
        assert committed(topic, topic) == 40


async def test_what_is_acknowledged_is_committed_on_stop(make_app, new_topic, produce, committed):
    topic = new_topic(1)
    produce(topic, range(40))
    app = make_app(topic, broker_commit_interval=600)
    events = collect(app, topic, ack=True)
    async with running(app):
        await until(lambda: len(offsets(events)) == 40)
    assert committed(topic, topic) == 40


async def test_a_second_start_goes_on_where_the_first_committed(make_app, new_topic, produce):
    topic = new_topic(1)
    produce(topic, range(40))
    first = make_app(topic)
    events = collect(first, topic, ack=True)
    async with running(first):
        await until(lambda: len(offsets(events)) == 40)
    produce(topic, range(40, 50))
    second = make_app(topic)
    events = collect(second, topic)
    async with running(second):
        await until(lambda: len(offsets(events)) == 10)
    assert offsets(events) == list(range(40, 50))


async def test_trap_2_a_late_ack_from_before_a_rebalance_moves_nothing(
    make_app, new_topic, produce, committed
):
    topic = new_topic(1)
    produce(topic, range(40))
    first, second = make_app(topic), make_app(topic)
    events = [collect(app, topic) for app in (first, second)]
    async with running(first):
        await until(lambda: len(offsets(events[0])) == 40)
        late = events[0][0].message
        events[0].clear()
        async with running(second):  # one of the two gets the partition, and its records again
            await until(lambda: any(len(offsets(got)) == 40 for got in events))
            owner = 0 if events[0] else 1
            assert offsets(events[owner]) == list(range(40))
            assert not first.consumer.ack(late)
            await first.consumer.commit()
            await second.consumer.commit()
            assert committed(topic, topic) is None
            app = (first, second)[owner]
            assert all(app.consumer.ack(event.message) for event in events[owner])
            await app.consumer.commit()
            assert committed(topic, topic) == 40


async def test_acks_during_a_rebalance_are_committed_before_the_partition_goes(
    make_app, new_topic, produce, committed, monkeypatch
):
    monkeypatch.setattr(Consumer, "drain_timeout", 10)
    topic = new_topic(1)
    produce(topic, range(40))
    first, second = make_app(topic, broker_commit_interval=600), make_app(topic)
    events = collect(first, topic)
    again = collect(second, topic)
    async with running(first):
        await until(lambda: len(offsets(events)) == 40)

        async def ack_once_rebalancing():
            await until(lambda: first.rebalancing)
            for event in list(events):
                first.consumer.ack(event.message)

        late = asyncio.create_task(ack_once_rebalancing())
        async with running(second):
            await late
            await until(lambda: committed(topic, topic) == 40)
    assert not again
    assert len(offsets(events)) == 40


async def test_after_a_seek_back_the_first_delivery_no_longer_counts(make_app, new_topic, produce, committed):
    topic = new_topic(1)
    produce(topic, range(20))
    app = make_app(topic, broker_max_poll_records=10)
    events = collect(app, topic)
    async with running(app):
        await until(lambda: len(events) == 2)
        stored, early = (event.message for event in events)
        app.consumer.ack(stored)
        await app.consumer.commit()
        app.consumer.stop_flow()
        await app.consumer.perform_seek()  # as Faust does with what it reads while the flow stands still
        app.consumer.resume_flow()
        await until(lambda: len(events) == 3)
        again = events[2].message
        assert (early.offset, again.offset) == (19, 19)
        assert not app.consumer.ack(early)
        await app.consumer.commit()
        assert committed(topic, topic) == 10
        assert app.consumer.ack(again)
        await app.consumer.commit()
        assert committed(topic, topic) == 20


async def test_a_batch_that_straddles_the_read_offset_is_not_dropped(make_app, new_topic, produce):
    topic = new_topic(1)
    produce(topic, range(20))
    app = make_app(topic)
    events = collect(app, topic, ack=True)
    async with running(app):
        await until(lambda: len(offsets(events)) == 20)
        (tp,) = app.consumer.assignment()
        app.consumer._read_offset[tp] = 25  # noqa: SLF001 - as a seek to 25 does, while the batch from 20 on is on its way
        produce(topic, range(20, 40))
        await until(lambda: 39 in offsets(events))
    assert set(range(25, 40)) <= set(offsets(events))


def plain(stream):
    return stream.events()


def by_hand(stream):
    return stream.noack().events()


def take(stream):
    return stream.take_events(10, within=0.05)


async def test_trap_3_nothing_but_our_ack_acknowledges(make_app, new_topic, produce, committed):
    # A body that raises, a body that returns, and the same for each way of reading a stream.
    reads = {(read, raises): new_topic(1) for read in (plain, by_hand, take) for raises in (True, False)}
    app, seen = make_app("trap-3"), set()

    def agent(topic, read, raises):
        @app.agent(raw_topic(app, topic), name=topic)
        async def fail(stream):
            async for _ in read(stream):
                seen.add(topic)
                if raises:
                    raise RuntimeError("this test's own")

    for (read, raises), topic in reads.items():
        produce(topic, range(5))
        agent(topic, read, raises)
    async with running(app):
        await until(lambda: len(seen) == len(reads))
        await app.consumer.commit()
    assert {topic: committed("trap-3", topic) for topic in reads.values()} == dict.fromkeys(reads.values())


async def test_trap_4_every_codec_is_read(make_app, broker, new_topic):
    app, value, read = make_app("codecs"), b"a value to compress " * 20, {}
    for codec in (None, "gzip", "snappy", "lz4", "zstd"):
        topic = new_topic(1)
        async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap, compression_type=codec) as producer:
            await asyncio.gather(*[await producer.send(topic, value) for _ in range(200)])
        read[codec] = collect(app, topic, ack=True)
    async with running(app):
        await until(lambda: all(len(offsets(events)) == 200 for events in read.values()))
    for events in read.values():
        assert {record.value for event in events for record in event.value} == {value}


async def test_a_held_stream_stops_the_reading_and_loses_nothing(make_app, new_topic, produce, committed):
    topic = new_topic(1)
    produce(topic, range(1000))
    app = make_app(topic, broker_max_poll_records=10, stream_buffer_maxsize=4)
    go_on, seen = asyncio.Event(), []

    @app.agent(raw_topic(app, topic))
    async def hold(stream):
        async for event in stream.events():
            await go_on.wait()
            seen.extend(record.offset for record in event.value)
            app.consumer.ack(event.message)

    async with running(app):
        (tp,) = app.consumer.assignment()
        positions = [-1]
        while len(positions) < 3 or len(set(positions[-3:])) > 1:
            await asyncio.sleep(0.1)
            positions.append(await app.consumer.position(tp))
        # in the agent's hand 1, in the buffer 4, at its door 1
        assert positions[-1] == 10 * (1 + 4 + 1)
        go_on.set()
        start = time.monotonic()
        await until(lambda: len(seen) == 1000)
        assert time.monotonic() - start < 1  # stock Faust sleeps a second whenever all partitions are full
    assert seen == list(range(1000))
    assert committed(topic, topic) == 1000


async def test_stopping_does_not_wait_for_ever_for_what_is_not_acknowledged(make_app, new_topic, produce):
    topic = new_topic(1)
    produce(topic, range(5))
    app = make_app(topic)
    events = collect(app, topic)
    async with running(app):
        await until(lambda: events)
        start = time.monotonic()
    assert time.monotonic() - start < 3


async def test_from_start_to_the_first_batch(make_app, new_topic, produce):
    topic = new_topic(4)
    produce(topic, range(100))
    app = make_app(topic)
    events = collect(app, topic, ack=True)
    start = time.monotonic()
    async with running(app):
        await until(lambda: events)
        assert time.monotonic() - start < 8


async def test_what_a_rebalance_kept_from_an_agent_is_delivered_after_the_seek(make_app, new_topic, produce):
    topic = new_topic(1)
    produce(topic, range(30))
    app = make_app(topic, broker_max_poll_records=10)
    events = collect(app, topic)
    async with running(app):
        await until(lambda: len(events) == 3)
        app.consumer.ack(events[0].message)
        await app.consumer.commit()
        app.consumer.stop_flow()
        await app.consumer.perform_seek()
        # Faust notes what it was about to deliver only when it comes to that, which may be after the seek.
        app.consumer._read_offset[TP(topic, 0)] = 29  # noqa: SLF001
        app.consumer.resume_flow()
        await until(lambda: len(events) == 5)
        assert [event.message.offset for event in events] == [9, 19, 29, 19, 29]


async def test_what_is_fetched_while_the_flow_is_held_comes_again_without_asking_kafka(
    make_app, new_topic, produce, monkeypatch
):
    topic = new_topic(1)
    produce(topic, range(10))
    app = make_app(topic)
    events = collect(app, topic)
    fetch = Consumer.getmany
    held = []

    def getmany(self, timeout):
        if len(events) == 1 and not held:  # the flow is stopped between the fetch and its return
            held.append(self._getmany)

            async def late(**options):
                records = await held[0](**options)
                if records:
                    self.stop_flow()
                    self._getmany = held[0]
                return records

            self._getmany = late
        return fetch(self, timeout)

    async def no_answer(_):
        raise RebalanceAgain

    monkeypatch.setattr(Consumer, "getmany", getmany)
    async with running(app):
        await until(lambda: len(events) == 1)
        monkeypatch.setattr(Consumer, "perform_seek", no_answer)
        await until(lambda: held)
        produce(topic, range(10, 20))
        await until(lambda: not app.consumer.flow_active)
        app.consumer.resume_flow()
        await until(lambda: len(events) == 2)
        assert offsets(events) == [*range(20)]


@pytest.mark.parametrize("committed_before", [False, True])
async def test_where_nothing_was_read_yet_the_seek_goes_back_to_the_start(
    make_app, new_topic, produce, kafka_admin, committed_before
):
    topic = new_topic(1)
    produce(topic, range(30))
    app = make_app(topic)
    if committed_before:
        start = {TopicPartition(topic, 0): OffsetAndMetadata(0, "", -1)}
        kafka_admin.alter_group_offsets(app.conf.id, start)
    events = collect(app, topic)
    async with running(app):
        await until(lambda: len(events) == 1)
        # What a fetch brings while a rebalance holds the flow is dropped, and the seek has to go back to it.
        app.consumer.stop_flow()
        await app.consumer.perform_seek()
        app.consumer.resume_flow()
        await until(lambda: len(events) == 2)
        assert offsets(events) == [*range(30), *range(30)]


async def test_a_client_that_is_only_just_starting_is_not_asked_how_far_it_is(make_app, new_topic):
    app = make_app(new_topic(1))
    consumer = app.consumer
    client = AIOKafkaConsumer(bootstrap_servers="127.0.0.1:1", group_id="group")
    thread = consumer._thread  # noqa: SLF001
    thread._consumer = client  # noqa: SLF001
    try:
        assert await consumer.behind(timeout=1.0) == {}
    finally:
        await client.stop()
        thread.thread_loop.close()  # of a thread that was never started
