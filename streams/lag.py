"""How far the workers are behind the topic."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from schemas.errors import Stop

if TYPE_CHECKING:
    from schemas.settings import Settings


def lag(settings: Settings, *, timeout: float = 10.0) -> int:
    """Messages in the topic that the group of workers has not committed, over all partitions.

    Args:
        settings: Names Kafka, the topic and the group.
        timeout: Seconds that Kafka has to answer.

    Raises:
        Stop: Kafka does not answer, or has no such topic.
    """
    deadline = time.monotonic() + timeout
    try:
        with closing(
            KafkaConsumer(
                bootstrap_servers=settings.kafka.split(","),
                group_id=settings.group,
                enable_auto_commit=False,
                fetch_max_wait_ms=50,
                max_partition_fetch_bytes=1024,
            )
        ) as consumer:
            numbers = consumer.partitions_for_topic(settings.topic)
            if not numbers:
                raise Stop(f"Kafka at {settings.kafka} has no topic {settings.topic}")
            committed = {
                partition: consumer.committed(partition) or 0
                for partition in (TopicPartition(settings.topic, number) for number in numbers)
            }
            consumer.assign(list(committed))
            for partition, offset in committed.items():
                consumer.seek(partition, offset)
            # The end comes with a fetch: the embedded broker's own list of ends is not to be trusted.
            while any(consumer.highwater(partition) is None for partition in committed):
                if time.monotonic() > deadline:
                    raise Stop(f"Kafka at {settings.kafka} does not tell where {settings.topic} ends")
                consumer.poll(100, max_records=1)
            return sum(consumer.highwater(partition) - offset for partition, offset in committed.items())
    except KafkaError as error:
        raise Stop(f"Kafka at {settings.kafka} does not answer: {type(error).__name__}") from error
