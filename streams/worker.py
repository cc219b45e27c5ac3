"""The Faust worker: an agent and timers that only wire the transport to the gatherer."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
import weakref
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import faust
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from faust.exceptions import ProducerSendError

from schemas.errors import RetryLater, Stop
from streams.control import encode
from streams.gather import Gatherer
from streams.pipeline import Pipeline, Source
from streams.settlement import settlements
from streams.store import Store
from streams.transport import faust_settings, raw_topic

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from faust.types import TP, EventT, StreamT

    from schemas.rows import DeadLetterRow
    from schemas.settings import Settings
    from sinks.sink import Sink
    from streams.control import Settle

LARGEST = 64 << 20
"""Bytes of a message to the dead letters, at the most; the topic's own limit is what counts."""

log = logging.getLogger(__name__)


def create_worker(settings: Settings, sink: Sink) -> faust.App:
    """A worker on the configured Kafka, as a Faust app that is ready to start.

    Args:
        settings: Where Kafka is, topics, limits.
        sink: Where rows go. Its tables must be there.
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
    app.agent(raw_topic(app, settings.topic), concurrency=1)(work.events)
    app.task(work.flush)
    app.timer(interval=settings.settle_seconds)(work.settle)
    app.on_partitions_revoked.connect(work.let_go)
    app.on_before_shutdown.connect(work.let_go)
    return app


class _Work:
    """What the app does: everything here hands on to somebody else."""

    def __init__(self, app: faust.App, settings: Settings, sink: Sink) -> None:
        self._app = app
        self._settings = settings
        self._sink = sink
        pipeline = Pipeline(sink, capacity=settings.cache_activities)
        self._gatherer: Gatherer[EventT[Any]] = Gatherer(
            Store(sink, pipeline, Source(settings.topic, settings.epoch)),
            settings,
            acknowledge=lambda event: app.consumer.ack(event.message),
            publish=lambda letters: _publish(app, settings.dead_letter_topic, letters),
        )

    async def events(self, stream: StreamT[Any]) -> None:
        async for event in stream.events():
            await self._loudly(self._gatherer.add(event.message.partition, event.value, event))

    async def flush(self) -> None:
        # A loop and not a timer: Faust complains of a timer whose work takes longer than its interval.
        while not self._app.should_stop:
            await self._app.sleep(self._settings.flush_seconds / 4)
            await self._loudly(self._gatherer.flush_if_due())

    async def settle(self) -> None:
        now, epoch = datetime.now(UTC), self._settings.epoch
        try:
            for tp in self._app.consumer.assignment():
                due = await asyncio.to_thread(settlements, self._sink, now, epoch, tp.partition)
                await asyncio.gather(*(self._send_settlement(tp, settlement) for settlement in due))
        except RetryLater as error:
            log.warning("%s; settling later", error)

    async def _send_settlement(self, tp: TP, settlement: Settle) -> None:
        value, headers = encode(settlement)
        key = settlement.thread.encode()
        await _send(self._app, tp.topic, value, dict(headers), key=key, partition=tp.partition)

    async def let_go(self, *_: object, **__: object) -> None:
        await self._loudly(self._gatherer.let_go())

    async def _loudly(self, work: Awaitable[None]) -> None:
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
