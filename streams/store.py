"""Fold and write, as often as it takes."""

from __future__ import annotations

import logging
import random
import time
from copy import copy
from dataclasses import fields
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
PERSEVERANCE = 60.0
"""Seconds that a sink may be away before a command gives up."""


class Store:
    """Puts batches through the pipeline and into the sink, one call at a time.

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
        self._tally = Tally(limit)
        self._health = health or Health()
        self._ends: dict[int, int] = {}
        """Offset after what has come, by assigned partition."""
        self._known_rebuilds: list[int] = []

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

    def anew(self) -> Store:
        """Another one that remembers nothing, for when this one hangs in a call that does not come back."""
        other = copy(self)
        other._pipeline = self._pipeline.anew()  # noqa: SLF001 - its twin
        other._source = None  # noqa: SLF001
        other._ends = {}  # noqa: SLF001
        return other

    def _store(
        self, batches: Mapping[int, Batch], now: datetime, wait: Callable[[float], bool]
    ) -> Flush | None:
        events = sum(len(batch.arrivals) + len(batch.refusals) for batch in batches.values())
        flush: Flush | None = None
        pause = 0.1
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
                pause = min(LONGEST_PAUSE, max(error.retry_after, 2 * pause))
                self._health.failed(error)
                log.warning("%s; trying again within %.1f s", error, pause)
                # Jitter: workers that lost the same server do not come back all at once.
                if wait(pause * random.uniform(0.5, 1.0)):  # noqa: S311
                    self.forget()
                    self._health.ended(events, None, self._pipeline.cached)
                    return None
            else:
                self._pipeline.stored()
                self._tally = tally
                self._health.ended(events, flush, self._pipeline.cached)
                return flush

    def _assign(self, batches: Mapping[int, Batch]) -> None:
        try:
            self._take_over(batches)
        except HubbubError:
            raise
        except Exception as error:
            what = f"partitions {', '.join(map(str, batches))} of {self._topic} cannot be taken over"
            # No event is to blame for it.
            raise Stop(f"{what}: {unforeseen(error)} - this is a bug, or a table was changed") from error

    def _take_over(self, batches: Mapping[int, Batch]) -> None:
        if any(batch.start < self._ends.get(partition, 0) for partition, batch in batches.items()):
            # Offsets that go back are read again, or are those of a topic that was made anew.
            self.forget()
        rebuilds = [row.epoch for row in self._sink.epochs() if row.rebuilt]
        if rebuilds != self._known_rebuilds:
            # What is remembered was read from tables that are served no longer.
            self.forget()
            self._known_rebuilds = rebuilds
        if self._source is None:
            self._source = self._find_source()
            self._topic = self._source.topic
        for partition, batch in batches.items():
            if partition not in self._ends:
                self._pipeline.assign(self._source, partition, batch.start)
            self._ends[partition] = batch.end

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


def _together(flushes: Sequence[Flush]) -> Flush:
    tables = {field.name: [getattr(flush, field.name) for flush in flushes] for field in fields(Flush)}
    return Flush(**{name: tuple(chain.from_iterable(rows)) for name, rows in tables.items()})
