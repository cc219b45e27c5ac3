"""Events into the topic, keyed by conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from schemas.event import SocialEvent
    from streams.kafka import Producer
    from streams.sources import Keyed, SourceFile


def message(event: SocialEvent) -> bytes:
    """An event as the topic carries it: JSON without what is left at its default."""
    return event.model_dump_json(exclude_defaults=True).encode()


def ingest(
    source: SourceFile, producer: Producer, topic: str, on_progress: Callable[[int], None] | None = None
) -> int:
    """Send a file that has been checked.

    Args:
        source: The file.
        producer: Where to.
        topic: The topic.
        on_progress: Told how many bytes of the file are done.

    Returns:
        Events sent, all of them confirmed.

    Raises:
        Stop: Kafka does not take them.
    """
    return ingest_events(source.events(on_progress), producer, topic)


def ingest_events(events: Iterable[Keyed], producer: Producer, topic: str) -> int:
    """Send events; gives how many, all of them confirmed.

    Raises:
        Stop: Kafka does not take them.
    """
    sent = 0
    for keyed in events:
        producer.send(topic, keyed.key.encode(), message(keyed.event))
        sent += 1
    producer.flush(topic)
    return sent
