"""How far the workers are behind the topic."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from schemas.errors import Stop
from streams.topic_reader import ends_of

if TYPE_CHECKING:
    from schemas.settings import Settings


def lag(settings: Settings, *, timeout: float = 10.0) -> int:
    """Messages in the topic, and in the one to re-key, that the group of workers has not committed.

    Args:
        settings: Names Kafka, the topics and the group.
        timeout: Seconds that Kafka has to answer.

    Raises:
        Stop: Kafka does not answer, or has no such topic.
    """
    # What is committed is asked first, of the topic to re-key before the other; the ends later. So what is on
    # its way from one to the other is never missed.
    committed = {
        topic: _committed(settings, topic) for topic in (settings.rekey_from, settings.topic) if topic
    }
    return sum(
        end - positions[partition]
        for topic, positions in committed.items()
        for partition, end in ends_of(settings.kafka, topic, positions, timeout=timeout).items()
    )


def _committed(settings: Settings, topic: str) -> dict[int, int]:
    try:
        with closing(
            KafkaConsumer(
                bootstrap_servers=settings.kafka.split(","), group_id=settings.group, enable_auto_commit=False
            )
        ) as consumer:
            numbers = consumer.partitions_for_topic(topic)
            if not numbers:
                raise Stop(f"Kafka at {settings.kafka} has no topic {topic}")
            return {number: consumer.committed(TopicPartition(topic, number)) or 0 for number in numbers}
    except KafkaError as error:
        raise Stop(f"Kafka at {settings.kafka} does not answer: {type(error).__name__}") from error
