"""A log of one partition, fed to a pipeline in batches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from support.worlds import REGISTRY

from schemas.rows import RegistryRow
from sinks.memory import MemorySink
from streams.decode import Arrival
from streams.pipeline import Batch, Pipeline, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.event import SocialEvent
    from schemas.registry import Registry
    from streams.control import Control
    from streams.speeds import Speed

TOPIC = Source("social.events", 1)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def sink_with(*registries: Registry) -> MemorySink:
    """A fresh sink that keeps some registries."""
    sink = MemorySink()
    for version, registry in enumerate(registries or (REGISTRY,), start=1):
        sink.store_registry(
            RegistryRow(version=version, digest=registry.digest, body=registry.to_json(), stored_at=NOW)
        )
    return sink


def batch(log: Sequence[SocialEvent | Control], start: int, end: int) -> Batch:
    """A part of a log."""
    return Batch([Arrival(offset, log[offset]) for offset in range(start, end)], [], start, end)


def run(
    sink: MemorySink,
    log: Sequence[SocialEvent | Control],
    *,
    cuts: Sequence[int] = (),
    partition: int = 0,
    capacity: int = 1000,
    speed: Speed | None = None,
) -> MemorySink:
    """Feed a log in batches that end at the cuts."""
    pipeline = Pipeline(sink, capacity=capacity, speed=speed)
    pipeline.assign(TOPIC, partition, 0)
    start = 0
    for end in sorted({*(cut for cut in cuts if 0 < cut < len(log)), len(log)}):
        sink.write(pipeline.fold({partition: batch(log, start, end)}, NOW))
        pipeline.stored()
        start = end
    return sink
