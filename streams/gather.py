"""Between a stream of batches and the sink: gather, fold, write, and only then acknowledge."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, TypeVar

from schemas.errors import RetryLater
from streams.flushes import Flushes
from streams.health import Health
from streams.pipeline import Batch
from streams.presence import Presence
from streams.speeds import fastest

if TYPE_CHECKING:
    import threading
    from collections.abc import Awaitable, Callable, Sequence

    from schemas.rows import DeadLetterRow
    from schemas.settings import Settings
    from sinks.sink import Flush
    from streams.decode import Record
    from streams.store import Store

log = logging.getLogger(__name__)

DEAD_LETTERS_GRACE = 30.0
"""Seconds that dead letters may wait before that is worth a line of its own, beside "Kafka is away"."""
Receipt = TypeVar("Receipt")
"""What acknowledges a batch."""
Answer = TypeVar("Answer")


@dataclass(slots=True)
class _Gathered(Generic[Receipt]):
    """What has come since the last flush."""

    records: dict[int, list[Sequence[Record]]] = field(default_factory=dict)
    """Lists of records as they came, by partition."""
    receipts: list[Receipt] = field(default_factory=list)
    events: int = 0
    since: float = 0.0
    oldest: float = math.inf
    """When the oldest of it came into the log, in Unix seconds."""


class Gatherer(Generic[Receipt]):
    """Gathers batches and flushes them on size or on age; acknowledges what is stored and nothing else.

    Whoever adds a batch to a full gatherer waits until what was flushed before is folded, and what is before
    that stored: a slow sink slows the reader down.

    Args:
        store: Folds and writes.
        settings: Limits.
        acknowledge: Called for each batch when it is stored, in the event loop.
        publish: Sends dead letters on; called before they are acknowledged, and again after a `RetryLater`.
        health: Is told what comes; None: nobody wants to know.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        acknowledge: Callable[[Receipt], object],
        publish: Callable[[Sequence[DeadLetterRow]], Awaitable[None]],
        health: Health | None = None,
    ) -> None:
        self._settings = settings
        self._acknowledge = acknowledge
        self._publish = publish
        self._health = health or Health()
        self._gathered: _Gathered[Receipt] = _Gathered()
        self._flushes = Flushes(store, self._decode, self._hand_over)

    async def add(self, partition: int, records: Sequence[Record], receipt: Receipt) -> None:
        """Take in one batch of a partition; returns when there is room for the next."""
        gathered = self._gathered
        if not gathered.receipts:
            gathered.since = time.monotonic()
        gathered.records.setdefault(partition, []).append(records)
        gathered.receipts.append(receipt)
        gathered.events += len(records)
        gathered.oldest = min(gathered.oldest, records[0].timestamp / 1000)
        self._health.took(len(records))
        if gathered.events >= self._settings.flush_events:
            await self._flushes.add(self._take)

    async def flush_if_due(self) -> None:
        """Flush what is old enough, and see to what was flushed. Called by a timer."""
        gathered = self._gathered
        if gathered.receipts and time.monotonic() - gathered.since >= self._settings.flush_seconds:
            await self._flushes.add(self._take)
        else:
            await self._flushes.tend()

    async def flush(self) -> None:
        """Store everything that was gathered, and acknowledge it.

        Waits for as long as the sink is away, unless the partitions are let go.

        Raises:
            Stop: The sink cannot take it, now or later; or too much was refused.
        """
        await self._flushes.add(self._take)
        await self._flushes.finish()

    async def let_go(self) -> bool:
        """Store what was gathered and forget everything: others may have the partitions from now on.

        A sink that is away is tried once more and not waited for; what is not stored is delivered again. One
        that does not answer is left to itself, with whoever waits for it: rows that it takes after all are
        the same that the next owner writes, or have seen less.

        Returns:
            Whether the sink has answered in time.
        """
        flushes = self._flushes
        flushes.leaving.set()
        try:
            async with asyncio.timeout(self._settings.drain_seconds):
                await self.flush()
                await flushes.forget()
        except TimeoutError:
            log.warning(
                "a flush has not ended within %.0f s; its events come again", self._settings.drain_seconds
            )
            self._flushes = flushes.anew()
            self._gathered = _Gathered()
            return False
        finally:
            if self._flushes is flushes:
                flushes.leaving.clear()  # of one that is left to itself, it stays set
        return True

    async def read(self, work: Callable[[], Answer]) -> Answer:
        """Read from the sink in a thread, and not while a fold does."""
        return await self._flushes.read(work)

    @property
    def oldest(self) -> float | None:
        """When the oldest event came into the log that is here and not stored, in Unix seconds."""
        oldest = min(load.oldest for load in (self._gathered, *self._flushes.loads))
        return oldest if math.isfinite(oldest) else None

    def _take(self) -> _Gathered[Receipt] | None:
        """What was gathered since the last time."""
        gathered, self._gathered = self._gathered, _Gathered()
        return gathered if gathered.receipts else None

    async def _hand_over(self, gathered: _Gathered[Receipt], flush: Flush, leaving: threading.Event) -> bool:
        if flush.dead_letters and not await self._published(flush.dead_letters, leaving):
            return False
        for receipt in gathered.receipts:
            self._acknowledge(receipt)
        return True

    async def _published(self, letters: Sequence[DeadLetterRow], leaving: threading.Event) -> bool:
        """Send dead letters on, however long that takes; gives False when the partitions go before."""
        presence = Presence("the topic of the dead letters", DEAD_LETTERS_GRACE)
        while True:
            fault = None
            try:
                await self._publish(letters)
            except RetryLater as error:
                fault = error
            if line := presence.look(str(fault) if fault else None, time.monotonic()):
                log.warning(line)
            if fault is None or leaving.is_set():
                return fault is None
            await asyncio.sleep(fault.retry_after)

    def _decode(self, gathered: _Gathered[Receipt]) -> dict[int, Batch]:
        return {
            partition: _decoded([record for records in lists for record in records], self._settings)
            for partition, lists in gathered.records.items()
        }


def _decoded(records: Sequence[Record], settings: Settings) -> Batch:
    # What is delivered again after a rebalance may stand behind what came later.
    ordered = sorted(records, key=attrgetter("offset"))
    decoded = fastest(compiled=settings.compiled).decode(ordered, keep_direct=settings.keep_direct)
    start, end = ordered[0].offset, ordered[-1].offset + 1
    return Batch(decoded.arrivals, decoded.refusals, start, end, decoded.dropped)
