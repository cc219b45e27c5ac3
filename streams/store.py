"""Fold and write, as often as it takes."""

from __future__ import annotations

import logging
import random
import time
from typing import TYPE_CHECKING

from schemas.errors import RetryLater, Stop, Superseded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sinks.sink import Flush, Sink
    from streams.pipeline import Batch, Pipeline, Source

log = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
"""Seconds between two tries at the most, while the sink is away."""


class Store:
    """Puts batches through the pipeline and into the sink, one call at a time.

    Args:
        sink: Where rows go.
        pipeline: Makes the rows.
        source: Names the topic, and the epoch that it is in now.
    """

    def __init__(self, sink: Sink, pipeline: Pipeline, source: Callable[[], Source]) -> None:
        self._sink = sink
        self._pipeline = pipeline
        self._find_source = source
        self._source: Source | None = None
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
            Stop: The sink cannot take it, now or later.
        """
        flush: Flush | None = None
        pause = 0.1
        while True:
            try:
                if flush is None:
                    flush = self._fold(batches, now)
                self._sink.write(flush)
            except RetryLater as error:
                if flush is None or isinstance(error, Superseded):
                    # Half of the batches may be in the pipeline's memory: begin again from what is stored.
                    self.forget()
                    flush = None
                pause = min(LONGEST_PAUSE, max(error.retry_after, 2 * pause))
                log.warning("%s; trying again within %.1f s", error, pause)
                # Jitter: workers that lost the same server do not come back all at once.
                if wait(pause * random.uniform(0.5, 1.0)):  # noqa: S311
                    self.forget()
                    return None
            except Exception:
                self.forget()
                raise
            else:
                self._pipeline.stored()
                return flush

    def store_within(self, seconds: float, batches: Mapping[int, Batch], now: datetime) -> Flush:
        """Store some batches, for a command that does not wait for ever.

        Args:
            seconds: How long the sink may be away.
            batches: By partition.
            now: Wall-clock time, for the dead letters.

        Returns:
            What was written.

        Raises:
            Stop: The sink is away for longer, or cannot take it.
        """
        give_up = time.monotonic() + seconds

        def wait(pause: float) -> bool:
            time.sleep(pause)
            return time.monotonic() > give_up

        flush = self.store(batches, now, wait)
        if flush is None:
            raise Stop(f"ClickHouse was away for {seconds:.0f} s; run the same command again")
        return flush

    def forget(self) -> None:
        """Drop everything that is remembered: others may write these rows from now on."""
        self._pipeline.revoke()
        self._source = None
        self._ends.clear()

    def _fold(self, batches: Mapping[int, Batch], now: datetime) -> Flush:
        if any(batch.start < self._ends.get(partition, 0) for partition, batch in batches.items()):
            # Offsets that go back are read again, or are those of a topic that was made anew.
            self.forget()
        rebuilds = self._rebuilds()
        if rebuilds != self._known_rebuilds:
            # What is remembered was read from tables that are served no longer.
            self.forget()
            self._known_rebuilds = rebuilds
        if self._source is None:
            self._source = self._find_source()
        for partition, batch in batches.items():
            if partition not in self._ends:
                self._pipeline.assign(self._source, partition, batch.start)
            self._ends[partition] = batch.end
        return self._pipeline.fold(batches, now)

    def _rebuilds(self) -> list[int]:
        return [row.epoch for row in self._sink.epochs() if row.rebuilt]
