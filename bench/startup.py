"""Seconds from starting a worker process to its first stored row, on the embedded stack.

python bench/startup.py --rounds 3 --json
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from schemas.settings import Settings
from sinks.clickhouse import ClickHouseSink
from streams.ingest import ingest_events
from streams.kafka import Producer
from streams.process import end
from streams.registries import announce_registry, keep_registry
from streams.simulator import START, simulate
from streams.sources import Keyed
from streams.stack import Stack

DEADLINE = 60.0  # seconds


def one_round() -> float:
    simulation = simulate(days=1)
    events = [Keyed(event.conversation or event.id, event, 0) for event in simulation.events]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with Stack(data, Settings(), kafka_port=0, http_port=0, workers=0) as stack:
            client = stack.client()
            with closing(Producer(stack.settings.kafka)) as producer:
                version = keep_registry(ClickHouseSink(client), simulation.registry, START)
                announce_registry(producer, stack.settings.topic, version)
                ingest_events(events, producer, stack.settings.topic)
            started = time.perf_counter()
            worker = subprocess.Popen(
                [sys.executable, "-m", "streams.cli", "worker", "--data", str(data)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                while not client.command("SELECT count() FROM interactions"):
                    if time.perf_counter() - started > DEADLINE or worker.poll() is not None:
                        sys.exit("the worker stored nothing")
                    time.sleep(0.01)
                return time.perf_counter() - started
            finally:
                end(worker, patience=20.0)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a line")
    options = parser.parse_args()
    seconds = [one_round() for _ in range(options.rounds)]
    result = {"median": statistics.median(seconds), "min": min(seconds), "max": max(seconds)}
    if options.json:
        print(json.dumps({"seconds_to_first_row": {name: round(value, 2) for name, value in result.items()}}))
    else:
        print(
            f"worker start to first stored row: {result['median']:.1f} s"
            f" ({result['min']:.1f} to {result['max']:.1f})"
        )


if __name__ == "__main__":
    main()
