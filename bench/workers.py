"""Worker processes, as `hubbub up` starts them, and what they say of themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from bench.contender import memory
from bench.vitals import Vitals, free_port, vitals
from sinks.clickhouse import ClickHouseSink
from sinks.connect import connect
from sinks.migrate import migrate
from streams.process import die_with_parent, end
from streams.registries import keep_registry

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.registry import Registry
    from schemas.settings import Settings


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

    def __enter__(self) -> Self:
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


def prepare(settings: Settings, registry: Registry) -> None:
    """Make the tables of a database, and keep the registry that its workers begin with."""
    with closing(connect(settings)) as client:
        migrate(client, settings.database)
        keep_registry(ClickHouseSink(client), registry, datetime.now(UTC))
