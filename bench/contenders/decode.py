"""Decode alone: bytes to checked events, 20,000 at a time, on one core. Reading the file does not count."""

from __future__ import annotations

import time

from bench.batches import records
from bench.contender import own_peak, read_task, result
from streams.decode import decode


def main() -> None:
    task = read_task(__doc__)
    events, seconds = 0, 0.0
    for batch in records(task.data, task.events):
        started = time.perf_counter()
        decode(batch)
        seconds += time.perf_counter() - started
        events += len(batch)
    print(result(events, seconds, own_peak()))


if __name__ == "__main__":
    main()
