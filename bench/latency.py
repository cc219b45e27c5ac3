"""Seconds from `produce` until a view shows it, under a steady load: p50 and p99.

    python -m bench.latency --rates 1000 20000 --share 0.8 --maximum 4000

A rate above the maximum is not measured: what comes faster than it is stored only waits longer and longer.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.contenders.hubbub import NEVER
from bench.data import Data, World, add_data_options, data_set
from bench.database import Database
from bench.probes import BRAND, Probes
from bench.report import HERE, read, render, save
from bench.topic import PARTITIONS
from bench.workers import Workers, prepare
from schemas.registry import Registry
from streams.broker import Broker, create_topics

if TYPE_CHECKING:
    from schemas.settings import Settings

_WARM_UP = 5.0  # seconds of probes that do not count
_LARGEST = 10_000_000  # events of a data set


def main() -> None:
    options = _options()
    options.to.mkdir(parents=True, exist_ok=True)
    maximum = options.maximum or _measured(options.to)
    rates = [*options.rates, *([round(options.share * maximum)] if maximum else [])]
    rows = []
    for rate in sorted(set(rates)):
        if maximum and rate > maximum:
            note = f"above the maximum of {maximum:,.0f}"
            row = {"rate": rate, "sent": None, "p50_ms": None, "p99_ms": None, "probes": 0, "note": note}
        else:
            row = _measure(rate, options)
        sys.stderr.write(f"{row}\n")
        rows.append(row)
        save(options.to / "latency.json", rows)
    render(options.to)


def _measure(rate: int, options: argparse.Namespace) -> dict[str, Any]:
    events = min(_LARGEST, round(rate * (options.seconds + 60)))
    data = data_set(World(events, seed=options.seed), options.data)
    with tempfile.TemporaryDirectory() as scratch, Database(Path(scratch)) as database, Broker(0) as broker:
        settings = database.settings(
            kafka=broker.bootstrap,
            database="bench",
            group=f"bench-{uuid.uuid4()}",
            partitions=PARTITIONS,
            session_timeout=3.0,
            settle_seconds=NEVER,
        )
        prepare(settings, Registry(brand=(*data.registry.brand, BRAND)))
        create_topics(broker.bootstrap, settings.topics)
        with Workers(settings, 1, Path(scratch)):
            sent, latencies = _under_load(rate, data, settings, options.seconds)
    shown = sorted(latencies)
    lost = sum(map(math.isinf, shown))
    return {
        "rate": rate,
        "sent": round(sent),
        "p50_ms": _percentile(shown, 0.50),
        "p99_ms": _percentile(shown, 0.99),
        "probes": len(shown),
        "note": f"{lost} not shown in time" if lost else "",
    }


def _under_load(rate: int, data: Data, settings: Settings, seconds: float) -> tuple[float, list[float]]:
    """Events a second that were sent, and the latencies of the probes."""
    place = [f"--bootstrap={settings.kafka}", f"--topic={settings.topic}", f"--data={data.path}"]
    command = [sys.executable, "-m", "bench.pace", *place, f"--rate={rate}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as pace:
        try:
            Probes(settings).run(_WARM_UP)
            latencies = Probes(settings).run(seconds)
        finally:
            output, _ = pace.communicate()
    told = json.loads(output)
    return told["sent"] / told["seconds"], latencies


def _percentile(ordered: list[float], share: float) -> int | None:
    """In milliseconds; None: it was never shown."""
    value = ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]
    return None if math.isinf(value) else round(value * 1000)


def _measured(folder: Path) -> float | None:
    """What hubbub has reached with the largest of the data sets."""
    ours = [row for row in read(folder / "results.json") if row["contender"] == "hubbub"]
    return max(ours, key=lambda row: row["events"])["events_per_second"] if ours else None


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rates", type=int, nargs="*", default=[1_000, 20_000], help="events a second (1000 20000)"
    )
    parser.add_argument("--share", type=float, default=0.8, help="and this share of the maximum (0.8)")
    parser.add_argument(
        "--maximum", type=float, help="events a second that hubbub stores; default: as results.json has it"
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="of each rate (default: %(default)s)")
    parser.add_argument("--to", type=Path, help="folder for the results (default: bench; not if --quick)")
    parser.add_argument("--quick", action="store_true", help="5 s at 100 events/s only, to see it work")
    add_data_options(parser)
    options = parser.parse_args()
    if options.quick:
        options.rates, options.seconds, options.maximum, options.share = [100], 5.0, 125.0, 0.8
    options.to = options.to or (options.data / "quick" if options.quick else HERE)
    return options


if __name__ == "__main__":
    main()
