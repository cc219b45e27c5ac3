"""Events into a topic at a pace, until the input ends: the load under which latencies are measured.

    python -m bench.pace --bootstrap 127.0.0.1:9092 --topic bench --data FILE --rate 1000

What it prints in the end: how many events it has sent, and in how many seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.data import Data
from bench.load import load
from bench.topic import PARTITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator


class Pace:
    """Gives out events as they fall due.

    Args:
        events: Where they come from.
        rate: How many a second.
    """

    def __init__(self, events: Iterator[tuple[bytes, bytes]], rate: float) -> None:
        self._events = events
        self._rate = rate
        self._ended = threading.Event()
        self._started = time.perf_counter()
        self.sent = 0

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.perf_counter() - self._started

    def end_with(self, file: object) -> None:
        """End when nobody writes to a file any more."""
        file.read()  # type: ignore[attr-defined]
        self._ended.set()

    def handfuls(self) -> Iterator[list[tuple[bytes, bytes]]]:
        """What is due, whenever somebody asks."""
        while not self._ended.is_set():
            due = int(self._rate * self.seconds) - self.sent
            handful = [event for event, _ in zip(self._events, range(due), strict=False)]
            if len(handful) < due:
                return
            self.sent += len(handful)
            yield handful


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rate", type=float, required=True, help="events a second")
    parser.add_argument("--partitions", type=int, default=PARTITIONS)
    options = parser.parse_args()
    pace = Pace(Data(options.data).lines(), options.rate)
    threading.Thread(target=pace.end_with, args=(sys.stdin.buffer,), daemon=True).start()
    load(options.bootstrap, options.topic, options.partitions, pace.handfuls())
    print(json.dumps({"sent": pace.sent, "seconds": pace.seconds}), flush=True)


if __name__ == "__main__":
    main()
