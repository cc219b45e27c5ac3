"""A topic has an epoch; a topic that is made anew, or read again from its start, gets another."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from schemas.errors import RetryLater, Stop
from sinks.memory import MemorySink
from streams.broker import create_topics
from streams.epochs import Topic, begin_epoch, describe_topic, epoch_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
EVENTS = Topic("social.events", "one", 8)


def test_a_topic_keeps_its_epoch():
    sink = MemorySink()
    assert [epoch_of(EVENTS, sink, NOW) for _ in range(2)] == [1, 1]
    (row,) = sink.epochs()
    assert (row.topic, row.topic_id, row.partitions, row.rebuilt) == ("social.events", "one", 8, False)


def test_a_topic_that_is_made_anew_gets_a_new_one():
    sink = MemorySink()
    epoch_of(EVENTS, sink, NOW)
    anew = EVENTS._replace(id="two")
    assert epoch_of(anew, sink, NOW) == 2
    assert epoch_of(anew, sink, NOW) == 2


def test_another_number_of_partitions_asks_for_a_rebuild():
    sink = MemorySink()
    epoch_of(EVENTS, sink, NOW)
    with pytest.raises(Stop, match=r"has 12 partitions, .* spread over 8: run hubbub rebuild"):
        epoch_of(EVENTS._replace(partitions=12), sink, NOW)
    begin_epoch(EVENTS._replace(partitions=12), sink, NOW, rebuilt=True)
    assert epoch_of(EVENTS._replace(partitions=12), sink, NOW) == 2


def test_after_a_rebuild_every_other_topic_begins_a_new_one():
    sink = MemorySink()
    other = Topic("more.events", "two", 1)
    assert [epoch_of(EVENTS, sink, NOW), epoch_of(other, sink, NOW)] == [1, 2]
    assert begin_epoch(EVENTS, sink, NOW, rebuilt=True) == 3
    assert epoch_of(EVENTS, sink, NOW) == 3
    assert epoch_of(other, sink, NOW) == 4
    assert epoch_of(other, sink, NOW) == 4


def test_of_two_that_begin_at_once_each_gets_one_of_its_own():
    class Raced(MemorySink):
        """Where another topic takes the same number just before us."""

        rival: Topic | None = Topic("more.events", "zero", 1)

        def store_epoch(self, row):
            rival, Raced.rival = self.rival, None
            if rival is not None:
                begin_epoch(rival, self, NOW - timedelta(seconds=1))
            super().store_epoch(row)

    sink = Raced()
    assert begin_epoch(EVENTS, sink, NOW) == 2
    assert epoch_of(Topic("more.events", "zero", 1), sink, NOW) == 1


def test_workers_that_begin_one_for_the_same_topic_get_the_same():
    class Late(MemorySink):
        """Where another worker begins it between our look and our own beginning."""

        other: Topic | None = EVENTS

        def epochs(self):
            known = super().epochs()
            other, Late.other = self.other, None
            if other is not None:
                begin_epoch(other, self, NOW)
            return known

    sink = Late()
    assert epoch_of(EVENTS, sink, NOW) == 1
    assert [row.epoch for row in sink.epochs()] == [1]


def test_kafka_tells_a_topic_from_its_successor(broker, new_topic, kafka_admin):
    name = new_topic(3)
    first = describe_topic(broker.bootstrap, name)
    assert (first.name, first.partitions) == (name, 3)
    assert describe_topic(broker.bootstrap, name) == first
    kafka_admin.delete_topics([name])
    deadline = time.monotonic() + 10
    while True:  # Kafka deletes in its own time
        create_topics(broker.bootstrap, {name: 3})
        try:
            if describe_topic(broker.bootstrap, name).id != first.id:
                return
        except RetryLater:
            pass
        assert time.monotonic() < deadline


def test_a_topic_or_a_broker_that_is_not_there_is_asked_again_later(broker):
    with pytest.raises(RetryLater, match="does not know the topic nowhere"):
        describe_topic(broker.bootstrap, "nowhere")
