"""What a worker writes down of itself: looks at its health, added up minute by minute."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from prometheus_client import CollectorRegistry, ProcessCollector

from schemas.errors import HubbubError, RetryLater
from schemas.rows import WorkerMinuteRow
from streams.aside import aside
from streams.health import State
from streams.presence import Presence
from streams.unforeseen import unforeseen

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from schemas.settings import Settings
    from streams.health import Health, Vitals

log = logging.getLogger(__name__)

MOST = 120
"""Minutes that are kept while the database is away, at the most; older ones are dropped."""
PATIENCE = 3.0
"""Seconds that anybody waits for these rows: who works is not held up by who keeps the books."""
_WAITING = frozenset({State.CLICKHOUSE, State.KAFKA})


class _Counts(NamedTuple):
    """What only grows, as of one look."""

    events_read: int = 0
    events_stored: int = 0
    dead_letters: int = 0
    rows_written: int = 0
    flushes: int = 0
    flush_seconds: float = 0.0
    retries: int = 0
    waiting_seconds: float = 0.0
    rebalances: int = 0
    cache_hits: int = 0
    cache_misses: int = 0

    @classmethod
    def of(cls, health: Health) -> _Counts:
        return cls(
            health.read,
            health.stored,
            health.refused.total(),
            health.rows.total(),
            health.flushes.count,
            health.flushes.total,
            health.retries.total(),
            health.waited,
            health.rebalances,
            health.cached.hits,
            health.cached.misses,
        )


class Minutes:
    """A worker's looks at itself, added up by the minute, until they are stored.

    A minute's row holds sums, and is written again with every look in that minute: a row that is lost on the
    way, or stored although the answer was lost, is made good by the next one.

    Args:
        worker: Its name.
        started_at: When it started.
        days: For how long its rows are kept.
    """

    def __init__(self, worker: str, started_at: datetime, days: int) -> None:
        self._worker = worker
        self._started_at = started_at
        self._kept = timedelta(days=days)
        self._last, self._counts = started_at, _Counts()
        self._unstored: dict[datetime, WorkerMinuteRow] = {}

    def note(self, vitals: Vitals, now: datetime, rss: int | None) -> None:
        """Take in one look.

        Args:
            vitals: The worker at that moment.
            now: That moment, UTC.
            rss: Bytes of memory; None when nobody knows.
        """
        now = max(now, self._last)  # the clock may be put back
        minute = now.replace(second=0, microsecond=0)
        health, status, lag, oldest = vitals
        counts = _Counts.of(health)
        before = self._unstored.get(minute)
        grown = {
            name: value - was + (getattr(before, name) if before else 0)
            for name, value, was in zip(_Counts._fields, counts, self._counts, strict=True)
        }
        seconds = (now - self._last).total_seconds() + (before.seconds if before else 0.0)
        self._last, self._counts = now, counts
        newest = health.newest
        self._unstored[minute] = WorkerMinuteRow(
            minute=minute,
            worker=self._worker,
            started_at=self._started_at,
            looked_at=now,
            seconds=seconds,
            state=status.state,
            fault=status.reason if status.state in _WAITING else "",
            partitions=len(lag),
            lag=sum(lag.values()),
            oldest_unstored=None if oldest is None else max(0.0, now.timestamp() - oldest),
            conversations_cached=health.cached.threads,
            activities_cached=health.cached.activities,
            rss_bytes=rss,
            newest_message_at=newest.published if newest else None,
            newest_message_delay=newest.delay if newest else None,
            kept_until=now.replace(microsecond=0) + self._kept,
            **grown,
        )
        for old in sorted(self._unstored)[:-MOST]:
            del self._unstored[old]

    @property
    def unstored(self) -> list[WorkerMinuteRow]:
        """Minutes with something that is not stored, in order."""
        return [self._unstored[minute] for minute in sorted(self._unstored)]

    def stored(self, rows: Sequence[WorkerMinuteRow]) -> None:
        """Forget what is stored, but for the last minute, which may go on."""
        newest = max(self._unstored)
        for row in rows:
            if row.minute != newest and self._unstored.get(row.minute) == row:
                del self._unstored[row.minute]


class Diary:
    """Looks at a worker now and then, and writes down what it sees. It never holds the worker up.

    What cannot be written is counted, told once, and kept for a while; without the table or the right to
    write to it, nothing is tried again.

    Args:
        vitals: Gives the worker's state as of now.
        health: Is told what could not be written.
        write: Stores minutes; called in a thread of its own.
        settings: Name the worker, and say for how long its rows are kept.
    """

    def __init__(
        self,
        vitals: Callable[[], Awaitable[Vitals]],
        health: Health,
        write: Callable[[Sequence[WorkerMinuteRow]], None],
        settings: Settings,
    ) -> None:
        self._vitals = vitals
        self._health = health
        self._write = write
        name = settings.worker or f"{socket.gethostname()}-{os.getpid()}"
        self._minutes = Minutes(name, datetime.now(UTC), settings.vitals_days)
        self._presence = Presence("the table of the workers' minutes", 0.0)
        self._writing: asyncio.Task[None] | None = None
        self._given_up = False

    async def look(self) -> None:
        """Look, and write that down, unless ClickHouse is known to be away or the last write still hangs."""
        if self._given_up:
            return
        try:
            vitals = await self._vitals()
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop who works
            self._give_up(error)
            return
        self._minutes.note(vitals, datetime.now(UTC), resident_bytes())
        if vitals.status.state is State.CLICKHOUSE or (self._writing and not self._writing.done()):
            return
        self._writing = asyncio.ensure_future(self._store(self._minutes.unstored))
        await asyncio.wait([self._writing], timeout=PATIENCE)

    async def _store(self, rows: Sequence[WorkerMinuteRow]) -> None:
        try:
            await aside(self._write, rows)
        except RetryLater as error:
            self._health.unrecorded += 1
            self._tell(str(error))
        except Exception as error:  # noqa: BLE001 - as above
            self._give_up(error)
        else:
            self._minutes.stored(rows)
            self._tell(None)

    def _give_up(self, error: Exception) -> None:
        self._health.unrecorded += 1
        self._given_up = True
        reason = error if isinstance(error, HubbubError) else unforeseen(error)
        log.warning("%s; this worker writes nothing more about itself", reason)

    def _tell(self, fault: str | None) -> None:
        if line := self._presence.look(fault, time.monotonic()):
            log.warning(line)


def resident_bytes() -> int | None:
    """Resident memory of this process, as `/metrics` tells it; None where the system does not."""
    for family in ProcessCollector(registry=CollectorRegistry()).collect():
        if family.name == "process_resident_memory_bytes":
            return int(family.samples[0].value)
    return None
