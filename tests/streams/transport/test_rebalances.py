"""What is read, taken back and committed when partitions move, on a real broker."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer
from faust.tables.recovery import RebalanceAgain
from faust.types import TP
from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata
from support.patience import until
from support.transport import collect, offsets, running

from streams.transport import Consumer


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


async def test_what_a_rebalance_takes_meanwhile_is_not_asked_how_far_it_is(
    make_app, new_topic, produce, monkeypatch
):
    topic = new_topic(1)
    produce(topic, range(3))
    app = make_app(topic)
    events = collect(app, topic)
    async with running(app):
        await until(lambda: len(events) == 1)
        consumer = app.consumer
        thread = consumer._thread  # noqa: SLF001
        assert set(await consumer.behind(timeout=5.0)) == {TP(topic, 0)}

        async def lose_it(tps):
            thread._consumer.unsubscribe()  # noqa: SLF001
            return dict.fromkeys(tps, 3)

        monkeypatch.setattr(thread, "ends", lose_it)
        assert await consumer.behind(timeout=5.0) == {}
        assert consumer.highwater(TP(topic, 0)) is None
