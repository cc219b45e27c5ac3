"""The same core over a file, without Kafka: for backfills.

A file is a source partition of its own, named by a digest of what is in it, of the registry and of who is
forgotten, under the epoch 0 that no topic has. So a replay that was cut off goes on where it was when it is
run again; a file that was replayed already changes nothing, unless there is a newer registry: then its
threads are seen with that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from streams.decode import Arrival
from streams.fence import open_fence
from streams.ingest import message
from streams.limit import Limit
from streams.pipeline import Batch, Pipeline, Source
from streams.settlement import settlements
from streams.speeds import fastest
from streams.store import Store
from streams.unforeseen import INTERNAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from schemas.settings import Settings
    from sinks.sink import Sink
    from streams.sources import SourceFile


EPOCH = 0
"""Files have an epoch of their own; topics begin with 1."""


class Line(NamedTuple):
    """A record that comes from a file."""

    offset: int
    value: bytes
    timestamp: int
    headers: Sequence[tuple[str, bytes]] = ()


class FilePlace(NamedTuple):
    """A source partition that is not of a topic."""

    name: str
    partition: int


class Digest(Protocol):
    """A hash that is not complete yet."""

    def update(self, data: bytes, /) -> None: ...  # noqa: D102
    def digest(self) -> bytes: ...  # noqa: D102


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
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    place = FilePlace(path.name, partition_of(digest, sink))
    return replay_lines(_batches(source, now, settings.flush_events, on_progress), place, sink, settings, now)


def replay_lines(
    batches: Iterable[Sequence[Line]], place: FilePlace, sink: Sink, settings: Settings, now: datetime
) -> Replayed:
    """Fold lines into a sink, as a source partition of their own.

    The limit of refused events is there to stop a stream that goes wrong unseen. What is replayed was
    checked, and ends: only events that the fold fails on count, for nobody has looked at that.

    Args:
        batches: The lines, in the order of their offsets.
        place: What they come from.
        sink: Where rows go; the registry is the newest that it holds.
        settings: Limits.
        now: Wall-clock time.

    Raises:
        Stop: The sink cannot take it, or the fold fails on too many.
    """
    name, partition = place
    limit = Limit(settings.dead_letter_share, settings.dead_letter_run, only=INTERNAL)
    pipeline = Pipeline.of(sink, settings)
    store = Store(sink, pipeline, lambda: Source(name, EPOCH), limit)
    replayed = Replayed()
    end = 0
    for lines in batches:
        decoded = fastest(compiled=settings.compiled).decode(lines, keep_direct=settings.keep_direct)
        end = lines[-1].offset + 1
        batch = Batch(decoded.arrivals, decoded.refusals, lines[0].offset, end, decoded.dropped)
        flush = store.store_patiently({partition: batch}, now)
        replayed.events += len(lines)
        replayed.refused += len(flush.dead_letters)
        replayed.dropped += decoded.direct_messages
    due = settlements(sink, now, EPOCH, partition)
    # Behind what an earlier replay of the file has settled.
    stored = open_fence(sink, EPOCH, partition).stored
    end = max([end, stored, *sink.applied_marks(EPOCH, partition, after=end)])
    if due:
        arrivals = [Arrival(end + number, settlement) for number, settlement in enumerate(due)]
        store.store_patiently({partition: Batch(arrivals, [], end, end + len(due))}, now)
    return replayed


def partition_of(digest: Digest, sink: Sink) -> int:
    """A number for what was digested, and for the registry and the forgotten that it is seen with."""
    registry = sink.newest_registry()
    digest.update(registry.digest.encode() if registry else b"")
    for known in sorted(sink.forgotten(EPOCH, 0, None).items()):
        digest.update(str(known).encode())
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
