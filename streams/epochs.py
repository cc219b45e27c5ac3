"""Which epoch a topic is in: offsets count from 0 again when a topic is made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from schemas.errors import RetryLater, Stop
from schemas.rows import EpochRow
from streams.broker import listens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sinks.sink import Sink

_PATIENCE = 10
"""Seconds that Kafka has to answer."""


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
    if not any(listens(server, _PATIENCE) for server in bootstrap.split(",")):
        raise RetryLater(f"Kafka at {bootstrap} does not answer")  # the admin client would try for long
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap.split(","), bootstrap_timeout_ms=int(_PATIENCE * 1000)
        )
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
    mine = _current(topic, sink.epochs())
    if mine is None:
        return begin_epoch(topic, sink, now)
    if mine.partitions != topic.partitions:
        raise Stop(
            f"topic {topic.name} has {topic.partitions} partitions, and its conversations are spread over "
            f"{mine.partitions}: run hubbub rebuild, which counts them anew while this is still served"
        )
    return mine.epoch


def begin_epoch(topic: Topic, sink: Sink, now: datetime, *, rebuilt: bool = False) -> int:
    """Begin a new epoch; where two topics begin the same one at once, the later tries the next.

    Workers that begin one for the same topic get the same one, whichever comes first.
    """
    while True:
        known = sink.epochs()
        if not rebuilt and (begun := _current(topic, known)) is not None:
            return begun.epoch
        epoch = 1 + max((row.epoch for row in known), default=0)
        mine = EpochRow(
            epoch=epoch,
            topic=topic.name,
            topic_id=topic.id,
            partitions=topic.partitions,
            rebuilt=rebuilt,
            began_at=now,
        )
        sink.store_epoch(mine)
        if _owner(epoch, sink.epochs()) == topic.id:
            return epoch


def _current(topic: Topic, known: Sequence[EpochRow]) -> EpochRow | None:
    """The epoch that a topic has begun and that is accepted still."""
    own = (row for row in known if row.topic_id == topic.id and _owner(row.epoch, known) == topic.id)
    mine = max(own, key=lambda row: row.epoch, default=None)
    # After a rebuild no row of an earlier epoch is accepted: what else feeds the database begins a new one.
    rebuilt = max((row.epoch for row in known if row.rebuilt), default=0)
    return mine if mine is not None and mine.epoch >= rebuilt else None


def _owner(epoch: int, known: Sequence[EpochRow]) -> str:
    """The id of the topic that was the first to begin an epoch."""
    return min(
        (row for row in known if row.epoch == epoch), key=lambda row: (row.began_at, row.topic_id)
    ).topic_id
