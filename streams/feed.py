"""Events into the topic when their time has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.ingest import message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from streams.kafka import Producer
    from streams.sources import Keyed


def feed(
    deliveries: Iterable[tuple[datetime, Keyed]],
    producer: Producer,
    topic: str,
    now: Callable[[], datetime],
    wait: Callable[[float], object],
) -> int:
    """Send events, each as soon as it arrives; what has arrived by now at once.

    Args:
        deliveries: When they arrive, in that order.
        producer: Where to.
        topic: The topic.
        now: Gives the time.
        wait: Waits some seconds; it may return early.

    Returns:
        Events sent, all of them confirmed.

    Raises:
        Stop: Kafka does not take them.
    """
    sent = 0
    for at, keyed in deliveries:
        if at > now():
            producer.flush(topic)
        while (ahead := (at - now()).total_seconds()) > 0:
            wait(ahead)
        producer.send(topic, keyed.key.encode(), message(keyed.event))
        sent += 1
    producer.flush(topic)
    return sent
