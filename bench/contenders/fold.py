"""Fold alone: decoded events to rows, labels and all, on one core, with all threads in memory."""

from __future__ import annotations

from bench.contender import Stopwatch, read_task
from bench.folding import Folding
from streams.transport import relax_garbage_collection


def main() -> None:
    task = read_task(__doc__)
    relax_garbage_collection()  # as in a worker
    folding = Folding(task.data, task.events)
    watch = Stopwatch(task.events)
    for batch in folding.batches():
        with watch.only(batch.end - batch.start):
            folding.fold(batch)
    print(watch.result())


if __name__ == "__main__":
    main()
