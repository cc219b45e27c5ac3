"""What every contender needs: its task from the command line, a stopwatch, and its one line of JSON.

Only the standard library: contenders run with interpreters of their own, which need not know hubbub.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = ("platform", "activity", "id", "actor", "published", "conversation", "text")
"""What the contenders that only store events store of each."""
EVENTS_TABLE = """
CREATE TABLE {database}.events
(
    platform LowCardinality(String), activity LowCardinality(String), id String, actor String,
    published DateTime64(6, 'UTC'), conversation String, text String
) ENGINE = MergeTree ORDER BY (platform, published)"""
WINDOWS_TABLE = """
CREATE TABLE {database}.windows (start DateTime('UTC'), key String, events UInt64)
ENGINE = ReplacingMergeTree(events) ORDER BY (start, key)"""
"""The contenders' tables, as wide as what they count."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a contender has to do."""

    bootstrap: str
    topic: str
    partitions: int
    clickhouse: str
    """HTTP address of a ClickHouse in which it may do as it likes."""
    database: str
    data: Path
    """The data set that is in the topic."""
    events: int
    """How many of them, from the first on."""
    workers: int
    samples: Path | None
    """File for how its memory grows: seconds, events so far, MiB."""

    def arguments(self) -> list[str]:
        """The command line that gives this task."""
        given = [f"--{name}={getattr(self, name)}" for name in self.__slots__ if name != "samples"]
        return [*given, *([f"--samples={self.samples}"] if self.samples else [])]


def read_task(description: str | None) -> Task:
    """The task on the command line."""
    parser = argparse.ArgumentParser(description=description)
    for name in ("bootstrap", "topic", "clickhouse", "database"):
        parser.add_argument(f"--{name}", default="")
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--samples", type=Path)
    return Task(**vars(parser.parse_args()))


class Stopwatch:
    """Runs from the first record until the last is done with."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.seen = 0
        self.started = 0.0
        self._seconds = 0.0

    def add(self, records: int = 1) -> bool:
        """Count records that have just come; gives whether these were the last."""
        if not self.seen:
            self.started = time.perf_counter()
        self.seen += records
        return self.seen >= self.expected

    @contextmanager
    def only(self, records: int) -> Iterator[None]:
        """Count records, and of all the time only what is inside: for a part that others feed."""
        started = time.perf_counter()
        yield
        self._seconds += time.perf_counter() - started
        self.seen += records

    def stop(self) -> None:
        """Everything so far is done with."""
        self._seconds = time.perf_counter() - self.started

    def result(self) -> str:
        """What is printed."""
        return result(self.seen, self._seconds, own_peak())


def result(events: int, seconds: float, rss_mib: float) -> str:
    """The one line of a contender: events, seconds, and memory at the most, in MiB."""
    return json.dumps({"events": events, "seconds": round(seconds, 4), "rss_mib": round(rss_mib, 1)})


def own_peak() -> float:
    """The largest memory of this process so far, in MiB."""
    return memory("self")


def memory(process: int | str, what: str = "VmHWM") -> float:
    """Memory of a process in MiB: `VmRSS` now, `VmHWM` at the most so far."""
    # Not `getrusage`: that begins with what the process was forked from.
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
