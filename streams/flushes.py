"""One flush after the other: each is folded while the one before is written."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Generic, TypeVar

from streams.aside import aside

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sinks.sink import Flush
    from streams.pipeline import Batch
    from streams.store import Ready, Store

Load = TypeVar("Load")
"""What a flush is made of."""
Answer = TypeVar("Answer")


@dataclass(slots=True)
class _UnderWay(Generic[Load]):
    """A load that a thread is at work on."""

    load: Load
    done: asyncio.Task[bool]
    """Whether that was achieved."""
    batches: Mapping[int, Batch] = field(default_factory=dict)
    """What is being written was folded of these."""

    @property
    def is_achieved(self) -> bool:
        done = self.done
        return done.done() and not done.cancelled() and done.exception() is None and done.result()


class Flushes(Generic[Load]):
    """Folds in one thread while another writes, for as long as some partitions are ours.

    ClickHouse takes its time for an insert, and so does a fold. What goes wrong in either, or cannot be done
    while the other is at work, is done again when everything before is stored, and nothing else meanwhile. A
    flush is never stored before the one that came before it.

    Args:
        store: Folds and writes.
        decode: Gives the batches of a load; called in a thread.
        stored: Called in the event loop with each load that is stored, and what was written; gives whether it
            could hand it over before the partitions went.
    """

    def __init__(
        self,
        store: Store,
        decode: Callable[[Load], Mapping[int, Batch]],
        stored: Callable[[Load, Flush, threading.Event], Awaitable[bool]],
    ) -> None:
        self._store = store
        self._decode = decode
        self._stored = stored
        self._lock = asyncio.Lock()
        """Held while something is folded, or read beside the folds."""
        self._folded: _UnderWay[Load] | None = None
        self._written: _UnderWay[Load] | None = None
        self._is_left = False
        self.leaving = threading.Event()
        """Whether the partitions go: then a sink that is away is tried once and not waited for."""

    async def add(self, take: Callable[[], Load | None]) -> None:
        """Begin to fold one more load; returns when the one before is folded, and what is before that stored.

        Args:
            take: Gives it, when its turn has come; or None, if there is nothing.

        Raises:
            Stop: The sink cannot take what was added before, now or later; or too much of it was refused.
        """
        await self._lock.acquire()
        load = None
        try:
            self._raise()
            load = None if self._is_left else take()
        finally:
            if load is None:
                self._lock.release()
        if load is not None:
            folded = asyncio.create_task(self._advance(load))
            folded.add_done_callback(lambda _: self._lock.release())
            self._folded = _UnderWay(load, folded)

    async def tend(self) -> None:
        """See to what is done meanwhile: what has failed is done again.

        Raises:
            Stop: The sink cannot take it, now or later; or too much was refused.
        """
        if self._folded is not None and self._folded.done.done():
            self._raise()
        # Not where something is folded: that sees to it by itself, and is not to be held up.
        if self._written is not None and self._written.done.done() and not self._lock.locked():
            await self.finish()

    async def finish(self) -> None:
        """Wait until everything is stored that was added.

        Raises:
            Stop: The sink cannot take it, now or later; or too much was refused.
        """
        async with self._lock:
            self._raise()
            await self._wait_for_write()

    async def forget(self) -> None:
        """Drop everything that is remembered, when everything is stored: others have the partitions now."""
        async with self._lock:
            await self._wait_for_write()
            self._store.start_over()

    def anew(self) -> Flushes[Load]:
        """Another one for when this one hangs: what that is at is not handed over, and nothing follows."""
        self._is_left = True
        self.leaving.set()
        for work in (self._folded, self._written):
            if work is not None:
                work.done.cancel()
        return Flushes(self._store.anew(), self._decode, self._stored)

    async def read(self, work: Callable[[], Answer]) -> Answer:
        """Read from the sink in a thread, and not while a fold does."""
        async with self._lock:
            return await aside(work)

    @property
    def loads(self) -> list[Load]:
        """What was added and is not stored."""
        works = [self._written, self._folded]
        return [work.load for work in works if work is not None and not work.is_achieved]

    def _raise(self) -> None:
        """Tell what has become of the last fold, once."""
        folded, self._folded = self._folded, None
        if folded is not None and not folded.done.cancelled():
            folded.done.result()

    async def _advance(self, load: Load) -> bool:
        """Fold a load, and begin to write it when the one before is stored."""
        batches, ready = await aside(self._fold, load)
        if not await self._wait_for_write():
            return False
        if ready is None:
            return await self._store_alone(load, batches)
        self._written = _UnderWay(load, asyncio.create_task(self._write(load, ready)), batches)
        return True

    def _fold(self, load: Load) -> tuple[Mapping[int, Batch], Ready | None]:
        batches = self._decode(load)
        return batches, self._store.fold_ahead(batches, datetime.now(UTC))

    async def _write(self, load: Load, ready: Ready) -> bool:
        is_written = await aside(self._store.write, ready, self.leaving.wait)
        return is_written and await self._stored(load, ready.flush, self.leaving)

    async def _wait_for_write(self) -> bool:
        """Wait until what is being written is stored; gives False where that was given up."""
        written = self._written
        if written is not None:
            await asyncio.wait([written.done])  # and not itself: it is not to end with who waits for it
            self._written = None
        if written is None or self._is_left or written.done.result():
            return not self._is_left
        return not self.leaving.is_set() and await self._store_alone(written.load, written.batches)

    async def _store_alone(self, load: Load, batches: Mapping[int, Batch]) -> bool:
        """Store something with nothing else under way; gives False where it gave up."""
        flush = await aside(self._store.store, batches, datetime.now(UTC), self.leaving.wait)
        return flush is not None and await self._stored(load, flush, self.leaving)
