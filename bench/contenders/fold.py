"""Fold alone: decoded events to rows, labels and all, on one core, with all threads in memory."""

from __future__ import annotations

import time

from bench.contender import own_peak, read_task, result
from bench.folding import Folding
from streams.transport import relax_garbage_collection


def main() -> None:
    task = read_task(__doc__)
    relax_garbage_collection()  # as in a worker
    folding = Folding(task.data, task.events)
    events, seconds = 0, 0.0
    for batch in folding.batches():
        started = time.perf_counter()
        folding.fold(batch)
        seconds += time.perf_counter() - started
        events += batch.end - batch.start
    print(result(events, seconds, own_peak()))


if __name__ == "__main__":
    main()
