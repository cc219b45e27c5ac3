"""How far the workers are behind the topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from schemas.errors import Stop
from streams.topic_reader import fetched_ends

if TYPE_CHECKING:
    from types import TracebackType

    from schemas.settings import Settings


class LagGauge:
    """Tells the lag, as often as it is asked, over one connection. A context manager.

    Args:
        settings: Names Kafka, the topics and the group.
        timeout: Seconds that Kafka has to answer.
    """

    def __init__(self, settings: Settings, *, timeout: float = 10.0) -> None:
        self._settings = settings
        self._timeout = timeout
        self._consumer: Any = None

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            Stop: Kafka does not answer.
        """
        try:
            self._consumer = KafkaConsumer(
                bootstrap_servers=self._settings.kafka.split(","),
                group_id=self._settings.group,
                enable_auto_commit=False,
                fetch_max_wait_ms=50,
                max_partition_fetch_bytes=1024,
                # In a session Kafka leaves out partitions in which nothing is new, and so where they end.
                enable_incremental_fetch_sessions=False,
            )
        except KafkaError as error:
            raise self._silent(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect."""
        self._consumer.close(autocommit=False)

    def read(self) -> int:
        """Messages in the topic, and in the one to re-key, that the group of workers has not committed.

        Raises:
            Stop: Kafka does not answer, or has no such topic.
        """
        try:
            # What is committed is asked first, of the topic to re-key before the other; the ends later. So
            # what is on its way from one to the other is never missed.
            committed = {
                partition: self._consumer.committed(partition) or 0
                for topic in (self._settings.rekey_from, self._settings.topic)
                if topic
                for partition in self._partitions(topic)
            }
            ends = self._ends(committed)
        except KafkaError as error:
            raise self._silent(error) from error
        return sum(end - committed[partition] for partition, end in ends.items())

    def _partitions(self, topic: str) -> list[TopicPartition]:
        numbers = self._consumer.partitions_for_topic(topic)
        if not numbers:
            raise Stop(f"Kafka at {self._settings.kafka} has no topic {topic}")
        return [TopicPartition(topic, number) for number in sorted(numbers)]

    def _ends(self, positions: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
        self._consumer.unsubscribe()  # what it knows of ends is forgotten
        self._consumer.assign(list(positions))
        for partition, offset in positions.items():
            self._consumer.seek(partition, offset)
        ends = fetched_ends(self._consumer, positions, self._timeout)
        if ends is None:
            raise Stop(f"Kafka at {self._settings.kafka} does not tell where its topics end")
        return ends

    def _silent(self, error: KafkaError) -> Stop:
        return Stop(f"Kafka at {self._settings.kafka} does not answer: {type(error).__name__}")


def lag(settings: Settings, *, timeout: float = 10.0) -> int:
    """Messages that the group of workers has not committed, asked once.

    Args:
        settings: Names Kafka, the topics and the group.
        timeout: Seconds that Kafka has to answer.

    Raises:
        Stop: Kafka does not answer, or has no such topic.
    """
    with LagGauge(settings, timeout=timeout) as gauge:
        return gauge.read()
