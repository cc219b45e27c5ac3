"""The transport on a real broker. Where a trap is named, its test fails without the protection."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict

from aiokafka import AIOKafkaProducer, ConsumerRecord
from support.patience import until
from support.transport import collect, offsets, running

from streams.transport import raw_topic


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
