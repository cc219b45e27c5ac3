"""kafka-python's producer, for the commands and for controls."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kafka import KafkaProducer
from kafka.errors import KafkaError

from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemas.settings import Settings


class Producer:
    """Sends to one Kafka, and notices when something did not arrive.

    Args:
        bootstrap: Kafka's servers, `host:port`, separated by commas.
    """

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        try:
            self._producer = KafkaProducer(
                bootstrap_servers=bootstrap.split(","),
                acks="all",
                linger_ms=20,
                batch_size=256 * 1024,
                max_block_ms=30_000,
            )
        except (KafkaError, ValueError) as error:
            raise Stop(
                f"no Kafka broker answers at {bootstrap}; is it running, and is HUBBUB_KAFKA right?"
            ) from error
        self._failed: BaseException | None = None

    def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes,
        *,
        headers: Iterable[tuple[str, bytes]] = (),
        partition: int | None = None,
    ) -> None:
        """Queue one message; `flush` tells whether it arrived.

        Raises:
            Stop: Kafka has refused this or an earlier message, or does not take any more.
        """
        self._check(topic)
        try:
            future = self._producer.send(
                topic, key=key, value=value, headers=list(headers), partition=partition
            )
        except (KafkaError, AssertionError) as error:
            raise Stop(f"Kafka at {self._bootstrap} does not take messages for {topic}: {error}") from error
        future.add_errback(self._fail)

    def partitions(self, topic: str) -> list[int]:
        """The numbers of a topic's partitions."""
        return sorted(self._producer.partitions_for(topic))

    def flush(self, topic: str) -> None:
        """Wait until everything has arrived.

        Raises:
            Stop: Something has not.
        """
        try:
            self._producer.flush(timeout=60)
        except KafkaError as error:
            raise Stop(
                f"Kafka at {self._bootstrap} did not confirm what was sent to {topic}: {error}"
            ) from error
        self._check(topic)

    def close(self) -> None:
        """Let go of the connection, without waiting for what is still queued."""
        self._producer.close(timeout=5)

    def _fail(self, error: BaseException) -> None:
        self._failed = error

    def _check(self, topic: str) -> None:
        if self._failed is not None:
            raise Stop(f"Kafka at {self._bootstrap} refused a message for {topic}: {self._failed}")


@contextmanager
def open_producer(settings: Settings) -> Iterator[Producer]:
    """A producer for the configured Kafka, closed in the end."""
    producer = Producer(settings.kafka)
    try:
        yield producer
    finally:
        producer.close()
