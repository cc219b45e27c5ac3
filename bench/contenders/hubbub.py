"""hubbub as its users run it: `hubbub worker` with its defaults, all guarantees on, on an empty database.

The clock runs from the first record that a worker has read to the last flush that is stored, as the workers'
own `/metrics` tell. The memory is the workers'. Only one thing is not as by default: replies whose parent
never comes are not settled, because that is said in the topic, which other contenders read too.
"""

from __future__ import annotations

import tempfile
import time
import uuid
from pathlib import Path

from pydantic import SecretStr

from bench.contender import Task, read_task, result
from bench.data import Data
from bench.vitals import Vitals
from bench.workers import Workers, prepare
from schemas.settings import Settings

_FIRST_LOOK, _LOOK = 0.02, 0.5  # seconds between two, before and after the first record
NEVER = 1e6  # seconds


def worker_settings(task: Task) -> Settings:
    """The defaults, where the task is, in a group of its own."""
    return Settings(
        _env_file=None,
        kafka=task.bootstrap,
        clickhouse=SecretStr(task.clickhouse),
        database=task.database,
        topic=task.topic,
        partitions=task.partitions,
        group=f"bench-{uuid.uuid4()}",
        session_timeout=3.0,
        settle_seconds=NEVER,
    )


def run(task: Task) -> str:
    settings = worker_settings(task)
    prepare(settings, Data(task.data).registry)
    samples: list[tuple[float, int, float]] = []
    with tempfile.TemporaryDirectory() as folder, Workers(settings, task.workers, Path(folder)) as workers:
        seen = Vitals()
        started = 0.0
        while not (seen.read >= task.events and seen.partitions == task.partitions and not seen.lag):
            time.sleep(_LOOK if started else _FIRST_LOOK)
            seen = workers.look()
            if seen.read:
                started = started or time.time()
                samples.append((time.time() - started, seen.read, workers.memory()))
        if task.samples:
            lines = (f"{seconds:.1f},{events},{mib:.1f}\n" for seconds, events, mib in samples)
            task.samples.write_text("seconds,events,rss_mib\n" + "".join(lines), encoding="utf-8")
        return result(task.events, max(seen.last_stored - started, 1e-3), workers.memory("VmHWM"))


if __name__ == "__main__":
    print(run(read_task(__doc__)))
