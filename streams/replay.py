"""The same core over a file, without Kafka: for backfills.

A file is a source partition of its own, named by a digest of what is in it, of the registry and of who is
forgotten, under the epoch 0 that no topic has. So a replay that was cut off goes on where it was when it is
run again; a file that was replayed already changes nothing, unless there is a newer registry: then its
threads are seen with that.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from schemas.errors import Stop
from streams.decode import Arrival, decode
from streams.ingest import message
from streams.pipeline import Batch, Pipeline, Source
from streams.settlement import settlements
from streams.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from schemas.settings import Settings
    from sinks.sink import Flush, Sink
    from streams.sources import SourceFile

PERSEVERANCE = 60.0
"""Seconds that a database may be away before a replay is given up."""

EPOCH = 0
"""Files have an epoch of their own; topics begin with 1."""


class Line(NamedTuple):
    """A record that comes from a file."""

    offset: int
    value: bytes
    timestamp: int
    headers: Sequence[tuple[str, bytes]] = ()


@dataclass(slots=True)
class Replayed:
    """What has become of a file's events."""

    events: int = 0
    refused: int = 0
    """Of them, those that went to the table `dead_letters`."""
    dropped: int = 0
    """Of them, direct messages that nobody is to read."""


def replay(
    source: SourceFile,
    path: Path,
    sink: Sink,
    settings: Settings,
    on_progress: Callable[[int], None] | None = None,
) -> Replayed:
    """Fold a file that has been checked into a sink.

    Args:
        source: The file, opened.
        path: Where it is: its content names the source partition.
        sink: Where rows go; the registry is the newest that it holds.
        settings: Limits.
        on_progress: Told how many bytes of the file are done.

    Raises:
        Stop: The sink cannot take it.
    """
    now = datetime.now(UTC)
    registry = sink.newest_registry()
    known = [registry.digest if registry else "", *map(str, sorted(sink.forgotten(EPOCH, 0, None).items()))]
    partition = _partition(path, known)
    store = Store(sink, Pipeline(sink, capacity=settings.cache_activities), Source(path.name, EPOCH))
    replayed = Replayed()
    end = 0
    for lines in _batches(source, now, settings.flush_events, on_progress):
        decoded = decode(lines, keep_direct=settings.keep_direct)
        end = lines[-1].offset + 1
        batch = Batch(decoded.arrivals, decoded.refusals, lines[0].offset, end)
        flush = store_patiently(store, {partition: batch}, now)
        replayed.events += len(lines)
        replayed.refused += len(flush.dead_letters)
        replayed.dropped += decoded.direct_messages
    due = settlements(sink, now, EPOCH, partition)
    # Behind what an earlier replay of the file has settled.
    end = max([end, *sink.applied_marks(EPOCH, partition, after=end)])
    if due:
        arrivals = [Arrival(end + number, settlement) for number, settlement in enumerate(due)]
        store_patiently(store, {partition: Batch(arrivals, [], end, end + len(due))}, now)
    return replayed


def store_patiently(store: Store, batches: dict[int, Batch], now: datetime) -> Flush:
    """Store batches, however often it takes for `PERSEVERANCE`.

    Raises:
        Stop: The sink cannot take them, or was away for too long.
    """
    give_up = time.monotonic() + PERSEVERANCE

    def wait(seconds: float) -> bool:
        time.sleep(seconds)
        return time.monotonic() > give_up

    flush = store.store(batches, now, wait)
    if flush is None:
        raise Stop(f"ClickHouse was away for {PERSEVERANCE:.0f} s; run the same command again to go on")
    return flush


def _partition(path: Path, known: Sequence[str]) -> int:
    """A number for what is in a file, and for the registry and the forgotten that it is seen with."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    for text in known:
        digest.update(text.encode())
    return int.from_bytes(digest.digest()[:4])


def _batches(
    source: SourceFile, now: datetime, size: int, on_progress: Callable[[int], None] | None
) -> Iterator[list[Line]]:
    """The messages that `ingest` would send, in batches."""
    logged = int(now.timestamp() * 1000)
    batch: list[Line] = []
    for offset, keyed in enumerate(source.events(on_progress)):
        batch.append(Line(offset, message(keyed.event), logged))
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
