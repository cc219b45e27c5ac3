"""Events a second of CPU that one worker's path takes: decode, fold, insert, each alone; and all together.

python -m bench.stages --events 20000 --json
python -m bench.stages --profile fold        where the time goes, by cProfile

CPU is that of the whole process, the embedded engine's threads included. `python -m bench.run` has the same
parts by the clock, each in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import pstats
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from bench.batches import records
from bench.data import Data, World, add_data_options, data_set
from bench.folding import Folding, decoded
from schemas.settings import Settings
from sinks.clickhouse import ClickHouseSink
from sinks.engine import Engine
from sinks.migrate import migrate
from streams.gather import Gatherer
from streams.pipeline import Batch, Pipeline, Source
from streams.registries import keep_registry
from streams.store import Store
from streams.transport import relax_garbage_collection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sinks.sink import Flush
    from streams.replay import Line

STAGES = ("decode", "fold", "insert", "all")


class Stage(NamedTuple):
    """Seconds that one stage took."""

    cpu: float
    wall: float


def sink_on(engine: Engine, database: str) -> ClickHouseSink:
    migrate(engine.client(), database)
    return ClickHouseSink(engine.client(database))


def gatherer_on(sink: ClickHouseSink, data: Data, flush: int) -> Gatherer[None]:
    async def publish(_: object) -> None: ...

    keep_registry(sink, data.registry, datetime.now(UTC))
    store = Store(sink, Pipeline(sink, capacity=10**9), lambda: Source("bench", 1))
    return Gatherer(store, Settings(flush_events=flush), lambda _: None, publish)


async def gather(gatherer: Gatherer[None], flushes: Sequence[Sequence[Line]]) -> None:
    for lines in flushes:
        await gatherer.add(0, lines, None)
    await gatherer.flush()


def measured(call: Callable[[], object], profile: cProfile.Profile | None) -> Stage:
    wall, cpu = time.perf_counter(), time.process_time()
    with profile or nullcontext():
        call()
    return Stage(time.process_time() - cpu, time.perf_counter() - wall)


def measure(
    data: Data, events: int, flush: int, profiled: Mapping[str, cProfile.Profile]
) -> dict[str, Stage]:
    """Run one stage after the other, each on what the one before has made."""
    lines = list(records(data.path, events, flush))
    folding = Folding(data.path, events)
    batches: list[Batch] = []
    flushes: list[Flush] = []
    with tempfile.TemporaryDirectory() as folder, Engine(folder) as engine:
        sink, gatherer = sink_on(engine, "insert"), gatherer_on(sink_on(engine, "all"), data, flush)
        calls: dict[str, Callable[[], object]] = {
            "decode": lambda: batches.extend(map(decoded, lines)),
            "fold": lambda: flushes.extend(map(folding.fold, batches)),
            "insert": lambda: [sink.write(one) for one in flushes],
            "all": lambda: asyncio.run(gather(gatherer, lines)),
        }
        return {name: measured(calls[name], profiled.get(name)) for name in STAGES}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=20_000, help="events (default: %(default)s)")
    parser.add_argument("--flush", type=int, default=5_000, help="events a flush (default: %(default)s)")
    parser.add_argument("--profile", choices=STAGES, help="the stage to profile")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    add_data_options(parser)
    options = parser.parse_args()
    relax_garbage_collection()  # like a worker
    profiled = {options.profile: cProfile.Profile()} if options.profile else {}
    data = data_set(World(options.events, seed=options.seed), options.data)
    found = measure(data, options.events, options.flush, profiled)
    rates = {
        name: {kind: round(options.events / seconds) for kind, seconds in stage._asdict().items()}
        for name, stage in found.items()
    }
    if options.json:
        print(json.dumps({"events_per_second": rates}))
        return
    for name, rate in rates.items():
        print(
            f"{name:7} {rate['cpu']:9,} events/s of CPU ({1e6 / rate['cpu']:5.0f} µs an event),"
            f" {rate['wall']:9,} events/s of wall clock"
        )
    for profile in profiled.values():
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)


if __name__ == "__main__":
    main()
