"""Which epoch a topic is in: offsets count from 0 again when a topic is made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from schemas.errors import RetryLater, Stop
from schemas.rows import EpochRow

if TYPE_CHECKING:
    from datetime import datetime

    from sinks.sink import Sink


class Topic(NamedTuple):
    """A topic as Kafka describes it."""

    name: str
    id: str
    """Another one when the topic is made anew."""
    partitions: int


def describe_topic(bootstrap: str, name: str) -> Topic:
    """Ask Kafka about a topic.

    Args:
        bootstrap: Kafka's servers, `host:port`, separated by commas.
        name: The topic.

    Raises:
        RetryLater: Kafka does not answer, or does not know the topic now.
    """
    try:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap.split(","), bootstrap_timeout_ms=10_000)
        try:
            (found,) = admin.describe_topics([name])
        finally:
            admin.close()
    except KafkaError as error:
        raise RetryLater(f"Kafka at {bootstrap} does not answer: {type(error).__name__}") from error
    if found["error_code"]:
        raise RetryLater(f"Kafka at {bootstrap} does not know the topic {name}")
    return Topic(name, str(found["topic_id"]), len(found["partitions"]))


def epoch_of(topic: Topic, sink: Sink, now: datetime) -> int:
    """The epoch that a topic is in; begins one for a topic that was made anew.

    Raises:
        Stop: Its conversations are spread over another number of partitions.
        RetryLater: The sink is away.
    """
    known = sink.epochs()
    mine = max((row for row in known if row.topic_id == topic.id), key=lambda row: row.epoch, default=None)
    # After a rebuild no row of an earlier epoch is accepted: what else feeds the database begins a new one.
    if mine is None or mine.epoch < max((row.epoch for row in known if row.rebuilt), default=0):
        return begin_epoch(topic, sink, now)
    if mine.partitions != topic.partitions:
        raise Stop(
            f"topic {topic.name} has {topic.partitions} partitions, and its conversations are spread over "
            f"{mine.partitions}: run hubbub rebuild, which counts them anew while this is still served"
        )
    return mine.epoch


def begin_epoch(topic: Topic, sink: Sink, now: datetime, *, rebuilt: bool = False) -> int:
    """Begin a new epoch; where two topics begin the same one at once, the later tries the next."""
    while True:
        epoch = 1 + max((row.epoch for row in sink.epochs()), default=0)
        mine = EpochRow(
            epoch=epoch,
            topic=topic.name,
            topic_id=topic.id,
            partitions=topic.partitions,
            rebuilt=rebuilt,
            began_at=now,
        )
        sink.store_epoch(mine)
        rivals = [row for row in sink.epochs() if row.epoch == epoch]
        if min(rivals, key=lambda row: (row.began_at, row.topic_id)).topic_id == topic.id:
            return epoch
