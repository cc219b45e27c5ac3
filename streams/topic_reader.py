"""A topic read from given offsets, without a group: for what is done beside the workers."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


_PATIENCE = 30.0
"""Seconds that Kafka has to tell where a topic ends."""


class TopicReader:
    """Reads a topic; `open_reader` makes one."""

    def __init__(self, consumer: KafkaConsumer, topic: str, positions: Mapping[int, int]) -> None:
        self._consumer: Any = consumer
        self._topic = topic
        self.positions = dict(positions)
        """The offset that is read next, by partition."""

    def poll(self) -> dict[int, list[Any]]:
        """Some records by partition, in order; nothing when nothing has come for a moment."""
        fetched = self._consumer.poll(500)
        for number in self.positions:
            self.positions[number] = self._consumer.position(TopicPartition(self._topic, number))
        return {partition.partition: records for partition, records in fetched.items() if records}

    def behind(self, ends: Mapping[int, int]) -> int:
        """Offsets that are left to read until all partitions are at their ends."""
        return sum(max(0, end - self.positions[number]) for number, end in ends.items())


@contextmanager
def open_reader(bootstrap: str, topic: str, positions: Mapping[int, int]) -> Iterator[TopicReader]:
    """Read a topic from some offsets on; where they are kept no longer, from the first that is.

    Args:
        bootstrap: Kafka's servers, `host:port`, separated by commas.
        topic: The topic.
        positions: Offsets, by partition.

    Raises:
        Stop: Kafka does not answer.
    """
    with _consumer(bootstrap, topic, positions) as consumer:
        yield TopicReader(consumer, topic, positions)


def ends_of(bootstrap: str, topic: str, positions: Mapping[int, int]) -> dict[int, int]:
    """Where the partitions of a topic end: the offsets after their last records.

    Args:
        bootstrap: Kafka's servers, `host:port`, separated by commas.
        topic: The topic.
        positions: Offsets that are in the log or right behind it, by partition.

    Raises:
        Stop: Kafka does not answer.
    """
    with _consumer(bootstrap, topic, positions, max_partition_fetch_bytes=1024) as consumer:
        ends = fetched_ends(consumer, [TopicPartition(topic, number) for number in positions], _PATIENCE)
    if ends is None:
        raise Stop(f"Kafka at {bootstrap} does not tell where {topic} ends")
    return {partition.partition: end for partition, end in ends.items()}


def fetched_ends(
    consumer: KafkaConsumer, partitions: Collection[TopicPartition], timeout: float
) -> dict[TopicPartition, int] | None:
    """Where partitions end, as their fetches tell: the embedded broker's list of ends is not to be trusted.

    Args:
        consumer: Has them assigned, anew, at offsets that are in the log or right behind it.
        partitions: The partitions.
        timeout: Seconds that Kafka has to answer.

    Returns:
        The offsets after their last records; None when Kafka has not told in time.
    """
    deadline = time.monotonic() + timeout
    while True:
        ends = {partition: consumer.highwater(partition) for partition in partitions}
        if None not in ends.values():
            return ends
        if time.monotonic() > deadline:
            return None
        consumer.poll(100, max_records=1)


@contextmanager
def _consumer(
    bootstrap: str, topic: str, positions: Mapping[int, int], **options: int
) -> Iterator[KafkaConsumer]:
    try:
        consumer = KafkaConsumer(
            bootstrap_servers=bootstrap.split(","),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=50,
            **options,
        )
        try:
            consumer.assign([TopicPartition(topic, number) for number in positions])
            for number, offset in positions.items():
                consumer.seek(TopicPartition(topic, number), offset)
            yield consumer
        finally:
            consumer.close(autocommit=False)
    except KafkaError as error:
        raise Stop(f"Kafka at {bootstrap} does not answer: {type(error).__name__}") from error
