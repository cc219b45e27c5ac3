"""Decode alone: bytes to checked events, 20,000 at a time, on one core. Reading the file does not count."""

from __future__ import annotations

from bench.batches import records
from bench.contender import Stopwatch, read_task
from streams.speeds import fastest


def main() -> None:
    task = read_task(__doc__)
    watch = Stopwatch(task.events)
    decode = fastest().decode
    for batch in records(task.data, task.events):
        with watch.only(len(batch)):
            decode(batch)
    print(watch.result())


if __name__ == "__main__":
    main()
