"""The core without Kafka and without a database: data sets into the rows of flush after flush."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench.batches import records
from bench.data import Data
from sinks.memory import MemorySink
from streams.pipeline import Batch, Pipeline, Source
from streams.registries import keep_registry
from streams.speeds import fastest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sinks.sink import Flush
    from streams.replay import Line


def decoded(lines: Sequence[Line]) -> Batch:
    """Some records, as the fold takes them."""
    found = fastest().decode(lines)
    return Batch(found.arrivals, found.refusals, lines[0].offset, lines[-1].offset + 1, found.dropped)


class Folding:
    """Folds with everything in memory: nothing is read back, as if nothing was ever dropped from the caches.

    Args:
        path: The data set.
        events: How many of its events.
    """

    def __init__(self, path: Path, events: int) -> None:
        self._path = path
        self._events = events
        sink = MemorySink()
        keep_registry(sink, Data(path).registry, datetime.now(UTC))
        self._pipeline = Pipeline(sink, capacity=events)
        self._pipeline.assign(Source("bench", 1), 0, 0)

    def batches(self) -> Iterator[Batch]:
        """What is to be folded, decoded."""
        return map(decoded, records(self._path, self._events))

    def fold(self, batch: Batch) -> Flush:
        """The rows that a batch makes."""
        flush = self._pipeline.fold({0: batch}, datetime.now(UTC))
        self._pipeline.stored()
        return flush
