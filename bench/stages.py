"""Events a second that one worker's path takes: decode, fold, insert, each alone; and all of them together.

python -m bench.stages --events 20000 --json
python -m bench.stages --profile fold        where the time goes, by cProfile

The events are simulated and come in the order of arrival, spread over partitions by conversation. CPU is
that of the whole process, the embedded engine's threads included.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import pstats
import tempfile
import time
import zlib
from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from schemas.rows import RegistryRow
from schemas.settings import Settings
from sinks.clickhouse import ClickHouseSink
from sinks.engine import Engine
from sinks.memory import MemorySink
from sinks.migrate import migrate
from streams.decode import decode
from streams.gather import Gatherer
from streams.ingest import message
from streams.pipeline import Batch, Pipeline, Source
from streams.replay import Line
from streams.simulator import simulate
from streams.store import Store
from streams.transport import relax_garbage_collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from schemas.registry import Registry
    from sinks.sink import Flush, Sink

NOW = datetime(2026, 12, 1, tzinfo=UTC)
PARTITIONS = 4
SOURCE = Source("social.events", 1)

Lines = dict[int, list[Line]]
"""A part of the log, by partition."""


class Log(NamedTuple):
    """What a topic holds."""

    registry: Registry
    flushes: list[Lines]
    """In pieces that are stored at once."""
    events: int


class Nowhere(MemorySink):
    """Keeps flushes as they come, and gives none of it back: for a pipeline that forgets nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.flushes: list[Flush] = []

    def write(self, flush: Flush) -> None:
        """Keep the rows."""
        self.flushes.append(flush)


def make_log(events: int, size: int) -> Log:
    simulation = simulate(days=events // 400 + 1)
    ordered = list(islice(simulation.events, events))
    ends = dict.fromkeys(range(PARTITIONS), 0)
    flushes: list[Lines] = []
    for start in range(0, len(ordered), size):
        lines: Lines = {}
        for event in ordered[start : start + size]:
            partition = zlib.crc32((event.conversation or event.id).encode()) % PARTITIONS
            seen = int((event.observed or event.published).timestamp() * 1000)
            lines.setdefault(partition, []).append(Line(ends[partition], message(event), seen))
            ends[partition] += 1
        flushes.append(lines)
    return Log(simulation.registry, flushes, len(ordered))


def decoded(lines: Lines) -> dict[int, Batch]:
    return {
        partition: Batch(decode(some).arrivals, [], some[0].offset, some[-1].offset + 1)
        for partition, some in lines.items()
    }


def keep(sink: Sink, registry: Registry) -> None:
    sink.store_registry(
        RegistryRow(version=1, digest=registry.digest, body=registry.to_json(), stored_at=NOW)
    )


def pipeline_on(sink: Sink, log: Log) -> Pipeline:
    keep(sink, log.registry)
    pipeline = Pipeline(sink, capacity=10**9)
    for partition in range(PARTITIONS):
        pipeline.assign(SOURCE, partition, 0)
    return pipeline


def fold_all(pipeline: Pipeline, sink: Sink, batches: list[dict[int, Batch]]) -> None:
    for batch in batches:
        sink.write(pipeline.fold(batch, NOW))
        pipeline.stored()


async def gather_all(gatherer: Gatherer[None], log: Log) -> None:
    for flush in log.flushes:
        for partition, lines in flush.items():
            await gatherer.add(partition, lines, None)
    await gatherer.flush()


def gatherer_on(sink: Sink, size: int) -> Gatherer[None]:
    async def publish(_: object) -> None: ...

    store = Store(sink, Pipeline(sink, capacity=10**9), lambda: SOURCE)
    return Gatherer(store, Settings(flush_events=size), lambda _: None, publish)


class Stage(NamedTuple):
    """What one stage took."""

    cpu: float
    wall: float


def measured(call: Callable[[], object], profile: cProfile.Profile | None) -> Stage:
    wall, cpu = time.perf_counter(), time.process_time()
    with profile or nullcontext():
        call()
    return Stage(time.process_time() - cpu, time.perf_counter() - wall)


def stages(log: Log, size: int, profiled: str, profile: cProfile.Profile) -> Iterator[tuple[str, Stage]]:
    """Run one stage after the other, each on what the one before has made."""

    def run(name: str, call: Callable[[], Any]) -> tuple[str, Stage]:
        return name, measured(call, profile if profiled == name else None)

    batches: list[dict[int, Batch]] = []
    yield run("decode", lambda: batches.extend(decoded(lines) for lines in log.flushes))
    nowhere = Nowhere()
    pipeline = pipeline_on(nowhere, log)
    yield run("fold", lambda: fold_all(pipeline, nowhere, batches))
    with tempfile.TemporaryDirectory() as folder, Engine(folder) as engine:
        for name in ("insert", "all"):
            migrate(engine.client(), name)
            sink = ClickHouseSink(engine.client(name))
            if name == "insert":
                yield run(name, lambda sink=sink: [sink.write(flush) for flush in nowhere.flushes])
            else:
                keep(sink, log.registry)
                gatherer = gatherer_on(sink, size)
                yield run(name, lambda gatherer=gatherer: asyncio.run(gather_all(gatherer, log)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=20_000, help="events (default: %(default)s)")
    parser.add_argument("--flush", type=int, default=5_000, help="events a flush (default: %(default)s)")
    parser.add_argument("--profile", default="", help="the stage to profile: decode, fold, insert or all")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    options = parser.parse_args()
    relax_garbage_collection()  # like a worker
    log = make_log(options.events, options.flush)
    profile = cProfile.Profile()
    found = dict(stages(log, options.flush, options.profile, profile))
    if options.json:
        rates = {
            name: {kind: round(log.events / value) for kind, value in stage._asdict().items()}
            for name, stage in found.items()
        }
        print(json.dumps({"events_per_second": rates}))
        return
    for name, stage in found.items():
        per_event = stage.cpu / log.events * 1e6
        print(
            f"{name:7} {log.events / stage.cpu:9,.0f} events/s of CPU ({per_event:5.0f} µs an event),"
            f" {log.events / stage.wall:9,.0f} events/s of wall clock"
        )
    if options.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)


if __name__ == "__main__":
    main()
