"""hubbub as its users run it: `hubbub worker`, all guarantees on, on an empty database.

The clock runs from the first record that a worker has read to the last flush that is stored, as the workers'
own `/metrics` tell. The memory is the workers'.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from bench.contender import Task, memory, read_task, result
from bench.data import Data
from bench.vitals import Vitals, free_port, vitals
from schemas.settings import Settings
from sinks.clickhouse import ClickHouseSink
from sinks.connect import connect
from sinks.migrate import migrate
from streams.process import die_with_parent, end
from streams.registries import keep_registry

_FIRST_LOOK, _LOOK = 0.02, 0.5  # seconds between two, before and after the first record


class Workers:
    """Worker processes on a prepared database. A context manager.

    Args:
        settings: Where everything is.
        count: How many.
        folder: For their logs.
    """

    def __init__(self, settings: Settings, count: int, folder: Path) -> None:
        self._settings = settings
        self._count = count
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._ports: list[int] = []

    def __enter__(self) -> Workers:
        for number in range(self._count):
            self._start(number)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:  # all at once, then each is waited for
            process.terminate()
        for process in self._processes:
            end(process, patience=30.0)

    def look(self) -> Vitals:
        """All workers together, now."""
        for number, process in enumerate(self._processes):
            if process.poll() is not None:
                sys.exit(f"worker {number} has ended: {self._log(number).read_text()}")
        each = [told for port in self._ports if (told := vitals(port))]
        return Vitals(
            read=sum(one.read for one in each),
            lag=sum(one.lag for one in each),
            partitions=sum(one.partitions for one in each),
            last_stored=max((one.last_stored for one in each), default=0.0),
        )

    def memory(self, what: str = "VmRSS") -> float:
        """Memory of all workers, in MiB: `VmRSS` now, `VmHWM` at the most so far."""
        return sum(memory(process.pid, what) for process in self._processes)

    def _start(self, number: int) -> None:
        port = free_port()
        own = self._settings.model_copy(update={"health": f"127.0.0.1:{port}"})
        with self._log(number).open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "streams.cli", "worker"],
                env={**os.environ, **own.environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - one system call, loaded before the fork
            )
        self._processes.append(process)
        self._ports.append(port)

    def _log(self, number: int) -> Path:
        return self._folder / f"worker-{number}.log"


def prepare(settings: Settings, data: Data) -> None:
    """Make the tables, and keep the registry of a data set."""
    with closing(connect(settings)) as client:
        migrate(client, settings.database)
        keep_registry(ClickHouseSink(client), data.registry, datetime.now(UTC))


def worker_settings(task: Task) -> Settings:
    """The defaults, where the task is, in a group of its own."""
    return Settings(
        _env_file=None,
        kafka=task.bootstrap,
        clickhouse=SecretStr(task.clickhouse),
        database=task.database,
        topic=task.topic,
        group=f"bench-{uuid.uuid4()}",
        session_timeout=3.0,
    )


def run(task: Task) -> str:
    settings = worker_settings(task)
    prepare(settings, Data(task.data))
    samples: list[tuple[float, int, float]] = []
    with tempfile.TemporaryDirectory() as folder, Workers(settings, task.workers, Path(folder)) as workers:
        seen = Vitals()
        started = 0.0
        while not (seen.read >= task.events and seen.partitions and not seen.lag):
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
