"""The re-keying agent in a worker's Faust app: this only wires.

It runs in the worker and not in a command of its own, so that one setting turns it on, and so that it stops,
rebalances and fails with the worker that it feeds.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, cast

from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from faust.exceptions import ProducerSendError

from schemas.errors import Stop
from streams.rekeyer import Parcel, Rekeyer
from streams.transport import raw_topic

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    import faust
    from faust.types import EventT, StreamT

    from schemas.settings import Settings
    from sinks.sink import Sink
    from streams.rekeyer import Read
    from streams.transport import Consumer

LONGEST_WAIT = 2.5
"""Seconds between two looks at what is held."""

log = logging.getLogger(__name__)


def add_rekeyer(
    app: faust.App,
    settings: Settings,
    sink: Sink,
    read: Read,
    loudly: Callable[[Awaitable[None]], Awaitable[None]],
) -> None:
    """Give a worker the agent that reads `settings.rekey_from`.

    Args:
        app: The worker.
        settings: Names the topics.
        sink: The worker's.
        read: Reads from it beside the worker.
        loudly: Awaits, and stops the worker for what cannot be mended.
    """

    async def send(parcels: Sequence[Parcel]) -> None:
        await _send(app, settings.topic, parcels)

    rekeyer: Rekeyer[EventT[Any]] = Rekeyer(settings, sink, read, send, _Batches(app))

    async def rekey(stream: StreamT[Any]) -> None:
        async for event in stream.events():
            await loudly(rekeyer.add(event.value, event))

    async def give_up() -> None:
        while not app.should_stop:
            await app.sleep(min(LONGEST_WAIT, max(0.05, settings.rekey_hold_seconds / 4)))
            await loudly(rekeyer.give_up())

    async def mend() -> None:
        while not app.should_stop:
            await app.sleep(settings.settle_seconds)
            if any(tp == (settings.rekey_from, 0) for tp in app.consumer.assignment()):
                await loudly(rekeyer.mend())

    async def let_go(*_: object, **__: object) -> None:
        rekeyer.let_go()

    app.agent(raw_topic(app, settings.rekey_from), concurrency=1)(rekey)
    app.task(give_up)
    app.task(mend)
    app.on_partitions_revoked.connect(let_go, weak=False)


class _Batches:
    """The consumer, as the re-keyer sees it."""

    def __init__(self, app: faust.App) -> None:
        self._app = app

    def ack(self, event: EventT[Any]) -> None:
        self._app.consumer.ack(event.message)

    def set_aside(self, event: EventT[Any]) -> None:
        cast("Consumer", self._app.consumer).set_aside(event.message)


async def _send(app: faust.App, topic: str, parcels: Sequence[Parcel]) -> None:
    """Send, and wait until all is confirmed; all of it again where something is not, to keep the order."""
    while parcels:
        outcomes: list[object] = []
        try:
            sent = [
                await app.producer.send(
                    topic,
                    parcel.key,
                    parcel.value,
                    None,
                    # Faust cuts it off to milliseconds.
                    None if parcel.timestamp < 0 else (parcel.timestamp + 0.5) / 1000,
                    parcel.headers,
                )
                for parcel in parcels
            ]
            outcomes += await asyncio.gather(*sent, return_exceptions=True)
        except ProducerSendError as error:
            outcomes.append(error.__cause__ or error)
        failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if not failed:
            return
        for fault in failed:
            if isinstance(fault, MessageSizeTooLargeError):
                raise Stop(f"{topic} takes no message as large as its source holds: raise max.message.bytes")
            if not isinstance(fault, (KafkaError, ProducerSendError)):
                raise fault
        log.warning("Kafka has not confirmed %s of %s messages: %r", len(failed), len(parcels), failed[0])
        await asyncio.sleep(1.0)
