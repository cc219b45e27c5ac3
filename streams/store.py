"""Fold and write, as often as it takes."""

from __future__ import annotations

import logging
import random
import time
from copy import copy
from dataclasses import dataclass, fields
from itertools import chain
from typing import TYPE_CHECKING

from schemas.errors import HubbubError, RetryLater, Stop, Superseded
from sinks.sink import Flush
from streams.halving import halves, joined, refused
from streams.health import Health
from streams.limit import UNLIMITED, Limit, Tally, outcomes
from streams.unforeseen import unforeseen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sinks.sink import Sink
    from streams.pipeline import Batch, Pipeline, Source

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
"""Seconds between two tries at the most, while the sink is away."""
_FIRST_PAUSE = 0.1
"""Seconds that are doubled before the first of them."""
PERSEVERANCE = 60.0
"""Seconds that a sink may be away before a command gives up."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A flush that is folded and not written yet."""

    events: int
    flush: Flush
    tally: Tally
    start: int
    """Which of the store's starts it belongs to."""


class Store:
    """Puts batches through the pipeline and into the sink.

    `store` does all of it, whatever comes. `fold_ahead` and `write` are its halves, for two threads: a flush
    is folded while the one before is written. What one of them could not do, `store` does again, from what is
    stored, while neither is at work.

    Args:
        sink: Where rows go.
        pipeline: Makes the rows.
        source: Names the topic, and the epoch that it is in now.
        limit: How much may be refused.
        health: Is told how it goes; None: nobody wants to know.
    """

    def __init__(
        self,
        sink: Sink,
        pipeline: Pipeline,
        source: Callable[[], Source],
        limit: Limit = UNLIMITED,
        health: Health | None = None,
    ) -> None:
        self._sink = sink
        self._pipeline = pipeline
        self._find_source = source
        self._source: Source | None = None
        self._topic = ""
        self._tally = self._ahead = Tally(limit)
        """Of what is stored, and of what is folded."""
        self._health = health or Health()
        self._ends: dict[int, int] = {}
        """Offset after what has come, by assigned partition."""
        self._known_rebuilds: list[int] = []
        self._starts = 0
        """How often it has started over."""
        self._has_failed = False
        """Whether it has to: what is remembered is ahead of what is stored."""
        self._written = self._noted = 0
        """How many flushes were written since, and of how many the pipeline knows."""

    def store(
        self, batches: Mapping[int, Batch], now: datetime, wait: Callable[[float], bool]
    ) -> Flush | None:
        """Store some batches.

        Args:
            batches: By partition.
            now: Wall-clock time, for the dead letters.
            wait: Waits some seconds before the next try; gives whether to stop trying.

        Returns:
            What was written; None when it was given up.

        Raises:
            Stop: The sink cannot take it, now or later; or more was refused than the limit lets pass.
        """
        if self._has_failed:
            self.start_over()
        self._note()
        # An event on which the fold fails in a way that nobody has foreseen would come again, and fail again,
        # for ever: the batch is halved until that event is alone, and it is refused.
        left: list[Mapping[int, Batch]] = [batches]
        written: list[Flush] = []
        has_failed = False
        while left:
            part = left.pop()
            try:
                flush = self._store(part, now, wait)
            except HubbubError:
                self.forget()
                raise
            except Exception as error:  # noqa: BLE001 - that is what it is about
                self.forget()
                if divided := halves(part):
                    left += divided
                elif has_failed:
                    left.append(joined(self._without(part, error), left))
                else:
                    left.append(part)  # It may have passed: what came alone is not blamed at once.
                has_failed = True
                if wait(0):
                    return None
            else:
                if flush is None:
                    return None
                written.append(flush)
        return _together(written)

    def fold_ahead(self, batches: Mapping[int, Batch], now: datetime) -> Ready | None:
        """Fold some batches while `write` may be at work on those before.

        Args:
            batches: By partition.
            now: Wall-clock time, for the dead letters.

        Returns:
            What to write next; None where it cannot go on like that, for whatever reason: `store` has to do
            it, when everything before is stored.
        """
        try:
            self._note()
            if not self._goes_on(batches):
                return None
            self._health.began(ahead=True)
            flush = self._pipeline.fold(batches, now)
            self._ahead = self._ahead.after(outcomes(batches))
        except Exception:  # noqa: BLE001 - it comes again, and then it is told
            self._has_failed = True
            return None
        self._go_on(batches)
        return Ready(_events(batches), flush, self._ahead, self._starts)

    def write(self, ready: Ready, wait: Callable[[float], bool]) -> bool:
        """Write what was folded ahead; gives whether that was achieved, or else `store` has to do all of it.

        Args:
            ready: The first that is not written.
            wait: Waits some seconds before the next try; gives whether to stop trying.
        """
        pause = _FIRST_PAUSE
        while ready.start == self._starts:
            try:
                self._sink.write(ready.flush)
            except RetryLater as error:
                pause = _longer(pause, error)
                if isinstance(error, Superseded) or self._pause(pause, error, wait):
                    break
            except Exception:  # noqa: BLE001 - it comes again, and then it is told
                break
            else:
                self._written += 1
                self._tally = ready.tally
                self._health.ended(ready.events, ready.flush, self._pipeline.cached)
                return True
        self._has_failed = True
        return False

    def start_over(self) -> None:
        """Forget what was folded ahead and is not written, and everything that is remembered.

        While neither half is at work.
        """
        self.forget()
        self._starts += 1
        self._has_failed = False
        self._health.idle()

    def store_patiently(self, batches: Mapping[int, Batch], now: datetime) -> Flush:
        """Store some batches, for a command that does not wait for ever.

        Args:
            batches: By partition.
            now: Wall-clock time, for the dead letters.

        Returns:
            What was written.

        Raises:
            Stop: The sink is away for longer than `PERSEVERANCE`, or cannot take it.
        """
        waited = 0.0

        def wait(pause: float) -> bool:
            nonlocal waited
            time.sleep(pause)
            waited += pause
            return waited > PERSEVERANCE

        flush = self.store(batches, now, wait)
        if flush is None:
            raise Stop(f"ClickHouse was away for {PERSEVERANCE:.0f} s; run the same command again")
        return flush

    def forget(self) -> None:
        """Drop everything that is remembered: others may write these rows from now on."""
        self._pipeline.revoke()
        self._source = None
        self._ends.clear()
        self._ahead = self._tally
        self._written = self._noted = 0

    def anew(self) -> Store:
        """Another one that remembers nothing, for when this one hangs in a call that does not come back."""
        other = copy(self)
        other._pipeline = self._pipeline.anew()  # noqa: SLF001 - its twin
        other._source = None  # noqa: SLF001
        other._ends = {}  # noqa: SLF001
        other._written = other._noted = 0  # noqa: SLF001
        other._has_failed = False  # noqa: SLF001
        return other

    def _store(
        self, batches: Mapping[int, Batch], now: datetime, wait: Callable[[float], bool]
    ) -> Flush | None:
        flush: Flush | None = None
        pause = _FIRST_PAUSE
        self._health.began()
        while True:
            try:
                if flush is None:
                    self._assign(batches)
                    flush = self._pipeline.fold(batches, now)
                    # Not before: the fold refuses something, too. And not later: nothing is written yet.
                    tally = self._tally.after(outcomes(batches))
                self._sink.write(flush)
            except RetryLater as error:
                if flush is None or isinstance(error, Superseded):
                    # Half of the batches may be in the pipeline's memory: begin again from what is stored.
                    self.forget()
                    flush = None
                pause = _longer(pause, error)
                if self._pause(pause, error, wait):
                    self.forget()
                    self._health.ended(0, None, self._pipeline.cached)
                    return None
            else:
                self._pipeline.stored()
                self._tally = self._ahead = tally
                self._health.ended(_events(batches), flush, self._pipeline.cached)
                return flush

    def _pause(self, pause: float, error: RetryLater, wait: Callable[[float], bool]) -> bool:
        """Wait before the next try; gives whether to stop trying."""
        self._health.failed(error)
        log.warning("%s; trying again within %.1f s", error, pause)
        # Jitter: workers that lost the same server do not come back all at once.
        return wait(pause * random.uniform(0.5, 1.0))  # noqa: S311

    def _assign(self, batches: Mapping[int, Batch]) -> None:
        try:
            self._take_over(batches)
        except HubbubError:
            raise
        except Exception as error:
            what = f"partitions {', '.join(map(str, batches))} of {self._topic} cannot be taken over"
            # No event is to blame for it.
            raise Stop(f"{what}: {unforeseen(error)} - this is a bug, or a table was changed") from error

    def _note(self) -> None:
        """Let the pipeline know what is written. While nothing is folded."""
        while self._noted < self._written:
            self._noted += 1
            self._pipeline.stored()

    def _goes_on(self, batches: Mapping[int, Batch]) -> bool:
        """Whether these batches only go on where the last ones ended."""
        return (
            batches.keys() <= self._ends.keys()
            and not self._goes_back(batches)
            and self._rebuilds() == self._known_rebuilds
        )

    def _goes_back(self, batches: Mapping[int, Batch]) -> bool:
        return any(batch.start < self._ends.get(partition, 0) for partition, batch in batches.items())

    def _rebuilds(self) -> list[int]:
        return [row.epoch for row in self._sink.epochs() if row.rebuilt]

    def _take_over(self, batches: Mapping[int, Batch]) -> None:
        if self._goes_back(batches):
            # Offsets that go back are read again, or are those of a topic that was made anew.
            self.forget()
        if (rebuilds := self._rebuilds()) != self._known_rebuilds:
            # What is remembered was read from tables that are served no longer.
            self.forget()
            self._known_rebuilds = rebuilds
        if self._source is None:
            self._source = self._find_source()
            self._topic = self._source.topic
        for partition, batch in batches.items():
            if partition not in self._ends:
                self._pipeline.assign(self._source, partition, batch.start)
        self._go_on(batches)

    def _go_on(self, batches: Mapping[int, Batch]) -> None:
        self._ends.update((partition, batch.end) for partition, batch in batches.items())

    def _without(self, batches: Mapping[int, Batch], error: Exception) -> Mapping[int, Batch]:
        refusals = refused(batches, error)
        if refusals is None:
            raise error  # no event is to blame for it
        for partition, batch in refusals.items():
            place = f"{self._topic}/{partition}/{batch.refusals[-1].offset}"
            what = batch.refusals[-1].error
            log.warning("%s cannot be folded and goes to the dead letters, the rest goes on: %s", place, what)
        self._tally.after(outcomes(refusals))  # where all of them fail, none is ever written
        return refusals


def _longer(pause: float, error: RetryLater) -> float:
    """Seconds until the next try."""
    return min(LONGEST_PAUSE, max(error.retry_after, 2 * pause))


def _events(batches: Mapping[int, Batch]) -> int:
    return sum(len(batch.arrivals) + len(batch.refusals) for batch in batches.values())


def _together(flushes: Sequence[Flush]) -> Flush:
    if len(flushes) == 1:  # as it nearly always is: its rows need not become objects
        return flushes[0]
    tables = {field.name: [getattr(flush, field.name) for flush in flushes] for field in fields(Flush)}
    return Flush(**{name: tuple(chain.from_iterable(rows)) for name, rows in tables.items()})
