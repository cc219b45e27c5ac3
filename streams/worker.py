"""The Faust worker: an agent and timers that only wire the transport to the gatherer."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
import weakref
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import faust
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from faust.exceptions import ConsumerNotStarted, ProducerSendError

from schemas.errors import RetryLater, Stop
from streams.alerting import Alerting
from streams.control import encode
from streams.epochs import describe_topic, epoch_of
from streams.gather import Gatherer
from streams.health import Health, State, Vitals
from streams.health_server import HealthServer
from streams.limit import Limit
from streams.pipeline import Pipeline, Source
from streams.rekeying import add_rekeyer
from streams.settlement import settlements
from streams.store import Store
from streams.transport import faust_settings, raw_topic
from streams.vitals import Diary

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from faust.types import EventT, StreamT

    from schemas.rows import DeadLetterRow, WorkerMinuteRow
    from schemas.settings import Settings
    from sinks.alerts import AlertStore
    from sinks.sink import Sink
    from streams.control import Settle
    from streams.transport import Consumer

LARGEST = 64 << 20
"""Bytes of a message to the dead letters, at the most; the topic's own limit is what counts."""
_PROMPT = 0.25
"""Seconds that Kafka has to tell where partitions end, when somebody asks how we do."""

log = logging.getLogger(__name__)


def create_worker(
    settings: Settings,
    sink: Sink,
    alerts: AlertStore | None = None,
    record: Callable[[Sequence[WorkerMinuteRow]], None] | None = None,
) -> faust.App:
    """A worker on the configured Kafka, as a Faust app that is ready to start.

    Args:
        settings: Where Kafka is, topics, limits.
        sink: Where rows go. Its tables must be there.
        alerts: The alerts' tables beside them; None: no alert is judged.
        record: Writes down how the worker does, in a thread beside the one that uses the sink; None: nobody
            wants to know.
    """
    # Faust keeps a folder for tables, of which there are none.
    scratch = tempfile.mkdtemp(prefix="hubbub-")
    app = faust.App(
        settings.group,
        datadir=scratch,
        broker=[f"batches://{server.strip()}" for server in settings.kafka.split(",")],
        web_enabled=False,
        producer_max_request_size=LARGEST,
        **faust_settings(settings.session_timeout),
    )
    weakref.finalize(app, shutil.rmtree, scratch, ignore_errors=True)
    work = _Work(app, settings, sink)
    if settings.health:
        app.add_dependency(HealthServer(settings.health, work.vitals))  # the first to start, the last to stop
    app.agent(raw_topic(app, settings.topic), concurrency=1)(work.events)
    app.task(work.flush)
    app.timer(interval=settings.settle_seconds)(work.settle)
    if alerts is not None:
        app.timer(interval=settings.alert_seconds)(work.judging(alerts))
    app.on_partitions_assigned.connect(work.assigned)
    app.on_partitions_revoked.connect(work.let_go)
    app.on_before_shutdown.connect(work.leave)
    if record is not None and settings.vitals_seconds:
        work.diary = Diary(work.vitals, work.health, record, settings)
        app.task(work.look)
    if settings.rekey_from:
        add_rekeyer(app, settings, sink, work.read, work.loudly)
    return app


class _Work:
    """What the app does: everything here hands on to somebody else."""

    def __init__(self, app: faust.App, settings: Settings, sink: Sink) -> None:
        self._app = app
        self._settings = settings
        self._sink = sink
        self.health = Health()
        self.diary: Diary | None = None
        self._answers = True
        """Whether the sink has answered when partitions were let go of, since they were assigned."""
        pipeline = Pipeline.of(sink, settings)
        limit = Limit(settings.dead_letter_share, settings.dead_letter_run)
        self._gatherer: Gatherer[EventT[Any]] = Gatherer(
            Store(sink, pipeline, self._source, limit, self.health),
            settings,
            acknowledge=lambda event: app.consumer.ack(event.message),
            publish=lambda letters: _publish(app, settings.dead_letter_topic, letters),
            health=self.health,
        )
        self.read = self._gatherer.read

    async def events(self, stream: StreamT[Any]) -> None:
        async for event in stream.events():
            await self.loudly(self._gatherer.add(event.message.partition, event.value, event))

    async def flush(self) -> None:
        # A loop and not a timer: Faust complains of a timer whose work takes longer than its interval.
        while not self._app.should_stop:
            await self._app.sleep(self._settings.flush_seconds / 4)
            await self.loudly(self._gatherer.flush_if_due())

    async def look(self) -> None:
        while self.diary is not None and not self._app.should_stop:  # a loop for the same reason
            await self.diary.look()
            await self._app.sleep(self._settings.vitals_seconds)

    def _source(self) -> Source:
        topic = describe_topic(self._settings.kafka, self._settings.topic)
        return Source(topic.name, epoch_of(topic, self._sink, datetime.now(UTC)))

    async def settle(self) -> None:
        await self.loudly(self._settle())

    async def _settle(self) -> None:
        assigned = self._app.consumer.assignment()
        partitions: list[int | None] = [tp.partition for tp in assigned if tp.topic == self._settings.topic]
        if 0 in partitions:
            partitions.append(None)  # what comes from elsewhere has no partition that anybody reads
        try:
            due = await self._gatherer.read(lambda: self._due(partitions))
            await asyncio.gather(*(self._send_settlement(*one) for one in due))
        except RetryLater as error:
            self.health.retried(error)
            log.warning("%s; settling later", error)

    def _due(self, partitions: Sequence[int | None]) -> list[tuple[Settle, int | None]]:
        now = datetime.now(UTC)
        epoch = self._source().epoch
        return [
            (settlement, partition)
            for partition in partitions
            for settlement in settlements(self._sink, now, epoch, partition)
        ]

    async def _send_settlement(self, settlement: Settle, partition: int | None) -> None:
        value, headers = encode(settlement)
        key = settlement.thread.encode()
        await _send(self._app, self._settings.topic, value, dict(headers), key=key, partition=partition)

    def judging(self, alerts: AlertStore) -> Callable[[], Awaitable[None]]:
        """Give what a timer calls to judge the alerts, in the worker that reads the first partition."""

        async def send(key: bytes, value: bytes) -> None:
            await _send(self._app, self._settings.alert_topic, value, {}, key=key)

        alerting = Alerting(alerts, self._gatherer.read, send)

        async def judge() -> None:
            if (self._settings.topic, 0) in self._app.consumer.assignment():
                await self.loudly(self._judge(alerting))

        return judge

    async def _judge(self, alerting: Alerting) -> None:
        try:
            await alerting.look(datetime.now(UTC))
        except RetryLater as error:
            self.health.retried(error)
            log.warning("%s; judging the alerts later", error)

    async def assigned(self, *_: object, **__: object) -> None:
        self._consumer.drain = self.let_go
        self._answers = True
        self.health.rebalances += 1

    async def let_go(self, *_: object, **__: object) -> None:
        self.health.stopping = self._app.should_stop
        await self.loudly(self._let_go())

    async def _let_go(self) -> None:
        self._answers = await self._gatherer.let_go() and self._answers

    async def leave(self, *_: object, **__: object) -> None:
        is_away = self.health.status(kafka=True).state is State.CLICKHOUSE
        await self.let_go()
        if self.diary is not None and self._answers and not is_away:
            await self.diary.look()

    async def vitals(self) -> Vitals:
        try:
            behind = await self._consumer.behind(timeout=_PROMPT)
        except ConsumerNotStarted:
            behind = {}
        lag = {tp.partition: messages for tp, messages in behind.items() if tp.topic == self._settings.topic}
        status = self.health.status(kafka=self._consumer.knows_coordinator)
        return Vitals(self.health, status, lag, self._gatherer.oldest)

    @property
    def _consumer(self) -> Consumer:
        return cast("Consumer", self._app.consumer)

    async def loudly(self, work: Awaitable[None]) -> None:
        """Stop the worker for what cannot be mended; Faust would start the agent again, and again."""
        try:
            await work
        except Stop as error:
            await self._app.crash(error)


async def _publish(app: faust.App, topic: str, letters: Sequence[DeadLetterRow]) -> None:
    """Send what was refused on, as it came, with the reason in the headers."""
    for letter in letters:
        headers = {
            "reason": letter.reason,
            "field": letter.field,
            "detail": letter.detail,
            "topic": letter.source_topic,
            "partition": str(letter.source_partition),
            "offset": str(letter.source_offset),
        }
        encoded = {name: value.encode() for name, value in headers.items()}
        try:
            await _send(app, topic, letter.body, encoded)
        except MessageSizeTooLargeError:
            # With its headers it may be larger than the topic takes. The table has the bytes.
            await _send(app, topic, None, encoded)


async def _send(
    app: faust.App,
    topic: str,
    value: bytes | None,
    headers: dict[str, bytes],
    *,
    key: bytes | None = None,
    partition: int | None = None,
) -> None:
    """Send one message, and wait until Kafka has it.

    Raises:
        MessageSizeTooLargeError: The topic takes no message of that size.
        RetryLater: Kafka does not take it now.
    """
    try:
        await app.producer.send_and_wait(topic, key, value, partition, None, headers)
    except (KafkaError, ProducerSendError) as error:
        cause = error.__cause__ if isinstance(error, ProducerSendError) else error
        if isinstance(cause, MessageSizeTooLargeError):
            raise cause from error
        raise RetryLater(f"Kafka takes nothing for {topic}: {type(cause).__name__}") from error
