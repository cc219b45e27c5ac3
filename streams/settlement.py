"""Replies that have waited long enough for their parent.

Time must not enter the fold by itself, or a replay would come to another answer. So when a reply's week is
over, a control is put into the log, and it is settled where that control stands.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from streams.control import Settle, encode
from streams.epochs import describe_topic, epoch_of
from streams.kafka import open_producer

if TYPE_CHECKING:
    from datetime import datetime

    from schemas.settings import Settings
    from sinks.sink import Sink

PATIENCE = timedelta(days=7)
"""How long a reply waits before it takes the addressee that the platform names (section 1 of the domain)."""


def settlements(sink: Sink, now: datetime, epoch: int, partition: int | None) -> list[Settle]:
    """What is due in one partition; one control a thread.

    Args:
        sink: Where replies wait.
        now: Wall-clock time.
        epoch: The topic's epoch.
        partition: The partition; None for what waits since another epoch, or comes from a file. Its control
            goes to where its key leads: that is where its parent would come.

    Raises:
        RetryLater: The sink cannot be read now.
    """
    return [
        Settle(platform=platform, thread=thread, until=until)
        for platform, thread, until in sorted(sink.due(now - PATIENCE, epoch, partition))
    ]


def send_due(sink: Sink, settings: Settings, now: datetime) -> int:
    """Send what is due in the whole topic, instead of waiting for a worker's timer; gives how many.

    Raises:
        RetryLater: The sink or the topic cannot be asked now.
        Stop: Kafka does not take them.
    """
    topic = describe_topic(settings.kafka, settings.topic)
    epoch = epoch_of(topic, sink, now)
    due = [
        (partition, settlement)
        for partition in (*range(topic.partitions), None)
        for settlement in settlements(sink, now, epoch, partition)
    ]
    with open_producer(settings) as producer:
        for partition, settlement in due:
            value, headers = encode(settlement)
            key = settlement.thread.encode()
            producer.send(settings.topic, key, value, headers=headers, partition=partition)
        producer.flush(settings.topic)
    return len(due)
