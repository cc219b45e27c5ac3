"""From a topic that is not keyed by conversation to the one that is.

    raw topic ─▶ decode ─▶ rekey ─▶ topic, keyed by conversation
                             ╰─ asks the database for what it does not remember

A batch is acknowledged when all that it holds is confirmed by Kafka. After a crash some of it is sent twice,
which is harmless: duplicates are found by identity. Of one key the order is kept, but for what was held.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from schemas.errors import Refused, RetryLater
from streams.control import HEADER, Control
from streams.decode import Record, decode_one
from streams.ingest import message
from streams.rekey import Rekey
from streams.whereabouts import stored_keys, strays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.event import SocialEvent
    from schemas.settings import Settings
    from sinks.sink import Sink

Receipt = TypeVar("Receipt")
"""What acknowledges a batch."""
Given_contra = TypeVar("Given_contra", contravariant=True)
Answer = TypeVar("Answer")

LONGEST_PAUSE = 30.0
"""Seconds between two tries at the most, while the database is away."""

log = logging.getLogger(__name__)


class Parcel(NamedTuple):
    """A message to send."""

    key: bytes | None
    value: bytes | None
    timestamp: int
    """Milliseconds since 1970; negative: that of the sending."""
    headers: list[tuple[str, bytes]]


class Read(Protocol):
    """Reads from the sink, beside whoever else uses it."""

    async def __call__(self, read: Callable[[], Answer], /) -> Answer: ...  # noqa: D102


class Send(Protocol):
    """Sends messages in order, and waits until Kafka has confirmed all of them."""

    async def __call__(self, parcels: Sequence[Parcel], /) -> None: ...  # noqa: D102


class Batches(Protocol[Given_contra]):
    """Where batches come from: what becomes of one is told there."""

    def ack(self, receipt: Given_contra, /) -> object:
        """Everything in a batch is sent."""

    def set_aside(self, receipt: Given_contra, /) -> object:
        """Some of a batch is held: it need not be waited for."""


@dataclass(slots=True, eq=False)
class _Batch(Generic[Receipt]):
    receipt: Receipt
    open: int
    """Records that are not sent."""


class _Plain(NamedTuple):
    """A record as it goes on. Anybody may write to the raw topic: there are no controls in it."""

    offset: int
    key: bytes | None
    value: bytes | None
    timestamp: int
    headers: list[tuple[str, bytes]]

    def parcel(self, key: str | None = None) -> Parcel:
        """The record under a key; without one, under its own."""
        return Parcel(self.key if key is None else key.encode(), self.value, self.timestamp, self.headers)


class Keyed(Record, Protocol):
    """A record with its key."""

    @property
    def key(self) -> bytes | None: ...  # noqa: D102


class Rekeyer(Generic[Receipt]):
    """Sends events on under the key of their conversation.

    Args:
        settings: Limits, and whether direct messages are kept.
        sink: Asked for what is not remembered.
        read: How to read from it.
        send: How to send.
        batches: Where to acknowledge.
    """

    def __init__(
        self, settings: Settings, sink: Sink, read: Read, send: Send, batches: Batches[Receipt]
    ) -> None:
        self._keep_direct = settings.keep_direct
        self._sink = sink
        self._read = read
        self._send = send
        self._batches = batches
        self._rekey: Rekey[tuple[_Plain, _Batch[Receipt]]] = Rekey(
            whole=frozenset(name.strip() for name in settings.rekey_whole.split(",")),
            capacity=settings.rekey_ids,
            patience=settings.rekey_hold_seconds,
        )
        self._busy = asyncio.Lock()

    async def add(self, records: Sequence[Keyed], receipt: Receipt) -> None:
        """Take in one batch of a partition; returns when what need not be held is sent.

        Raises:
            Stop: Kafka or the database cannot take part, now or later.
        """
        async with self._busy:
            events, unreadable = await asyncio.to_thread(self._decoded, records)
            batch = _Batch(receipt, len(events) + len(unreadable))
            keyed = self._rekey.take(((event, (record, batch)) for event, record in events), time.monotonic())
            keyed += await self._look_up(self._rekey.unasked())
            await self._send([*(record.parcel() for record in unreadable), *_parcels(keyed)])
            batch.open -= len(unreadable)
            self._close(batch, keyed)
            if batch.open:
                self._batches.set_aside(receipt)

    async def give_up(self) -> None:
        """Ask once more for what is held, and send on what has been held for long enough. Called by a timer.

        Raises:
            Stop: As `add`.
        """
        async with self._busy:
            if ids := self._rekey.waited_for():
                keyed = await self._look_up(ids)
                keyed += self._rekey.give_up(time.monotonic())
                await self._send(_parcels(keyed))
                self._close(None, keyed)

    async def mend(self) -> None:
        """Send again what has waited in vain. Called now and then, by one worker of the group.

        Raises:
            Stop: As `add`.
        """
        found = await self._patiently(lambda: strays(self._sink))
        await self._send([Parcel(key.encode(), message(event), -1, []) for key, event in found])

    def let_go(self) -> None:
        """Forget what is held: the partitions are others' now, and what is not acknowledged comes again."""
        self._rekey.drop()

    def _decoded(self, records: Sequence[Keyed]) -> tuple[list[tuple[SocialEvent, _Plain]], list[_Plain]]:
        """Events that go on, and what the reader of the topic has to refuse; private ones are neither."""
        events: list[tuple[SocialEvent, _Plain]] = []
        unreadable: list[_Plain] = []
        for record in records:
            headers = [(name, value) for name, value in record.headers if name != HEADER]
            plain = _Plain(record.offset, record.key, record.value, record.timestamp, headers)
            try:
                event = decode_one(plain)
            except Refused:
                unreadable.append(plain)
                continue
            if not isinstance(event, Control) and (event.visibility != "direct" or self._keep_direct):
                events.append((event, plain))
        return events, unreadable

    async def _look_up(self, ids: set[tuple[str, str]]) -> list[tuple[tuple[_Plain, _Batch[Receipt]], str]]:
        if not ids:
            return []
        naming = frozenset(self._rekey.naming)
        return self._rekey.learn(await self._patiently(lambda: stored_keys(self._sink, ids, naming)))

    async def _patiently(self, read: Callable[[], Answer]) -> Answer:
        pause = 0.1
        while True:
            try:
                return await self._read(read)
            except RetryLater as error:
                pause = min(LONGEST_PAUSE, max(error.retry_after, 2 * pause))
                log.warning("%s; asking again within %.1f s", error, pause)
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter

    def _close(
        self,
        current: _Batch[Receipt] | None,
        sent: Sequence[tuple[tuple[_Plain, _Batch[Receipt]], str]],
    ) -> None:
        """Acknowledge the batches of which nothing is left to send."""
        touched = dict.fromkeys([current] if current else [])
        for (_, batch), _ in sent:
            batch.open -= 1
            touched[batch] = None
        for batch in touched:
            if not batch.open:
                self._batches.ack(batch.receipt)


def _parcels(keyed: Sequence[tuple[tuple[_Plain, object], str]]) -> list[Parcel]:
    return [record.parcel(key) for (record, _), key in keyed]
