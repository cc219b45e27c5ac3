"""How a worker is doing: what its parts report, counted, and what that amounts to."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from sinks.tables import (
    ACTIVITIES,
    CONVERSATIONS,
    DEAD_LETTERS,
    INTERACTIONS,
    MINUTES,
    REGISTRY_CHANGES,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from schemas.errors import RetryLater
    from schemas.rows import InteractionRow
    from sinks.sink import Flush

SLOW = 30.0
"""Seconds after which a flush that neither ends nor fails counts as waiting: ClickHouse hangs."""

_TABLES: dict[str, Table[Any]] = {
    "dead_letters": DEAD_LETTERS,
    "registry_changes": REGISTRY_CHANGES,
    "minutes": MINUTES,
    "conversations": CONVERSATIONS,
    "interactions": INTERACTIONS,
    "activities": ACTIVITIES,
}
_BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds."""


class State(StrEnum):
    """What a worker does."""

    OK = "ok"
    CLICKHOUSE = "waiting for ClickHouse"
    KAFKA = "waiting for Kafka"
    STOPPING = "stopping"


class Status(NamedTuple):
    """A state, since when, and why."""

    state: State
    since: float | None = None
    """Unix seconds; None for a state that has no beginning of interest."""
    reason: str = ""


class Cached(NamedTuple):
    """What a worker's cache holds, and how often it did."""

    threads: int = 0
    activities: int = 0
    hits: int = 0
    """Threads that a batch needed and that were there."""
    misses: int = 0
    """Those that had to be read back."""


class Newest(NamedTuple):
    """The newest message that is stored."""

    published: datetime
    """Its event time."""
    delay: float
    """Seconds from then until it was stored."""


class Vitals(NamedTuple):
    """A worker at one moment, for whoever asks."""

    health: Health
    status: Status
    lag: dict[int, int]
    """Messages that are not stored, by assigned partition."""
    oldest: float | None
    """When the oldest event came into the log that is here and not stored, in Unix seconds."""


class Spread:
    """Durations by upper bound, in seconds: what Prometheus calls a histogram."""

    def __init__(self) -> None:
        self._counts = [0] * (len(_BOUNDS) + 1)
        self.total = 0.0
        self.count = 0

    def add(self, seconds: float) -> None:
        """Count one."""
        self._counts[bisect_left(_BOUNDS, seconds)] += 1
        self.count += 1
        self.total += seconds

    def at_most(self) -> list[tuple[float, int]]:
        """How many were not above each bound; the last bound is infinite."""
        return list(zip((*_BOUNDS, float("inf")), accumulate(self._counts), strict=True))


@runtime_checkable
class _TellsNewest(Protocol):
    """Rows that tell their newest message without being made one by one."""

    def newest(self) -> datetime | None: ...


@dataclass(slots=True)
class Health:
    """What has happened to one worker since it started. Everything in it only grows, or is as of now.

    The gatherer and the store report; nobody else writes. Reading while they do is fine.
    """

    clock: Callable[[], float] = time.time
    """Gives Unix seconds."""
    read: int = 0
    """Events that came from Kafka; one that is delivered again counts again."""
    batches: int = 0
    stored: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Dead letters that were stored, by reason."""
    rows: Counter[str] = field(default_factory=Counter)
    """Rows that were written, by table."""
    retries: Counter[str] = field(default_factory=Counter)
    """Failed tries that were or will be repeated, by cause."""
    flushes: Spread = field(default_factory=Spread)
    """How long flushes took, with everything that they waited for."""
    rebalances: int = 0
    cached: Cached = field(default_factory=Cached)
    last_stored: float | None = None
    """Unix seconds at which a flush was last stored."""
    newest: Newest | None = None
    unrecorded: int = 0
    """Looks at the worker that could not be written down."""
    stopping: bool = False
    _waited: float = 0.0
    _under_way: list[float] = field(default_factory=list)
    """When the flushes began that have not ended, in their order."""
    _waiting: Status | None = None

    def took(self, events: int) -> None:
        """A batch has come."""
        self.batches += 1
        self.read += events

    def began(self, *, ahead: bool = False) -> None:
        """A flush begins.

        Args:
            ahead: While the one before is still written; else nothing else is under way.
        """
        self._under_way = [*(self._under_way if ahead else ()), self.clock()]

    def idle(self) -> None:
        """What has begun and not ended will not end: it was given up."""
        self._under_way = []

    def failed(self, error: RetryLater) -> None:
        """A try of this flush has failed; it is repeated."""
        self.retried(error)
        since = self.clock() if self._waiting is None else self._waiting.since
        self._waiting = Status(State.CLICKHOUSE, since, str(error))

    def retried(self, error: RetryLater) -> None:
        """Something beside the flushes has failed and is tried again later."""
        self.retries[error.cause] += 1

    def ended(self, events: int, flush: Flush | None, cached: Cached) -> None:
        """The flush that began first has ended.

        Args:
            events: How many came into it.
            flush: What was written; None when it was given up.
            cached: The cache after it.
        """
        now = self.clock()
        if self._waiting is not None:
            self._waited += now - (self._waiting.since or now)
        began, self._under_way = next(iter(self._under_way), now), self._under_way[1:]
        self._waiting = None
        self.cached = cached
        if flush is None:
            return
        self.flushes.add(now - began)
        self.stored += events
        self.last_stored = now
        self.refused.update(letter.reason for letter in flush.dead_letters)
        for name, table in _TABLES.items():
            self.rows[table.name] += len(getattr(flush, name))
        self._stored_at(now, flush.interactions)

    def _stored_at(self, now: float, interactions: Iterable[InteractionRow]) -> None:
        """Note the newest message, if it is among these."""
        newest = _newest(interactions)
        if newest is not None and (self.newest is None or newest > self.newest.published):
            self.newest = Newest(newest, now - newest.timestamp())

    @property
    def waited(self) -> float:
        """Seconds in which ClickHouse did not take anything, up to now."""
        waiting = self._waiting
        return self._waited + (self.clock() - (waiting.since or 0.0) if waiting is not None else 0.0)

    def status(self, *, kafka: bool) -> Status:
        """What the worker does now.

        Args:
            kafka: Whether the group's coordinator is known and answers.
        """
        now, waiting = self.clock(), self._waiting
        began = next(iter(self._under_way), None)
        if self.stopping:
            return Status(State.STOPPING)
        if waiting is not None:
            return waiting
        if began is not None and now - began > SLOW:
            return Status(State.CLICKHOUSE, began, f"a flush has taken {now - began:.0f} s so far")
        return (
            Status(State.OK) if kafka else Status(State.KAFKA, None, "the group's coordinator is not known")
        )


def _newest(interactions: Iterable[InteractionRow]) -> datetime | None:
    """Event time of the newest message. A removed row tells of one that is no more."""
    if isinstance(interactions, _TellsNewest):
        return interactions.newest()
    return max(
        (row.published for row in interactions if row.direction is not None and not row.removed), default=None
    )
