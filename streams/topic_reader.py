"""A topic read from given offsets, without a group: for what is done beside the workers."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


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


def ends_of(
    bootstrap: str, topic: str, positions: Mapping[int, int], *, timeout: float = 30.0
) -> dict[int, int]:
    """Where the partitions of a topic end: the offsets after their last records.

    The ends come with a fetch: the embedded broker's own list of them is not to be trusted.

    Args:
        bootstrap: Kafka's servers, `host:port`, separated by commas.
        topic: The topic.
        positions: Offsets that are in the log or right behind it, by partition.
        timeout: Seconds that Kafka has to answer.

    Raises:
        Stop: Kafka does not answer.
    """
    deadline = time.monotonic() + timeout
    with _consumer(bootstrap, topic, positions, max_partition_fetch_bytes=1024) as consumer:
        while True:
            ends = {number: consumer.highwater(TopicPartition(topic, number)) for number in positions}
            if None not in ends.values():
                return ends
            if time.monotonic() > deadline:
                raise Stop(f"Kafka at {bootstrap} does not tell where {topic} ends")
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
