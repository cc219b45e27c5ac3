"""Worker processes on a Kafka that somebody else runs, and their database in this process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import SecretStr

from sinks.clickhouse import ClickHouseSink
from sinks.migrate import migrate
from streams.decode import decode
from streams.pipeline import Batch, Pipeline, Source
from streams.process import die_with_parent
from streams.registries import keep_registry
from streams.replay import Line
from streams.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.registry import Registry
    from schemas.settings import Settings
    from sinks.engine import Engine
    from sinks.front import Front

PATIENCE = 60.0
"""Seconds that a worker has to stop."""
TABLES = {
    "interactions": "SELECT * FROM interaction_facts ORDER BY ALL",
    "conversations": "SELECT * FROM conversation_facts ORDER BY ALL",
    "minutes": "SELECT * FROM dialogue_minutely ORDER BY ALL",
    "days": "SELECT * FROM dialogue_daily ORDER BY ALL",
    "participation": "SELECT * FROM participation_weekly ORDER BY ALL",
    "messages": "SELECT * FROM conversation_messages ORDER BY ALL",
    "dead letters": "SELECT reason, field, detail, body FROM dead_letter_facts ORDER BY ALL",
}


class WorkerProcess:
    """One `hubbub worker`.

    Args:
        settings: Given to it in its environment.
        log: File for what it says.
    """

    def __init__(self, settings: Settings, log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "streams.cli", "worker"],
                env={**os.environ, **settings.environment()},
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - one system call, loaded before the fork
            )

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def lines(self) -> list[str]:
        """What it has said."""
        return self.log.read_text().splitlines()

    @property
    def peak(self) -> int:
        """Its largest memory so far, in bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def tell_to_stop(self) -> None:
        """Ask it to stop, as a service manager does."""
        self._process.terminate()

    def wait(self, seconds: float) -> int:
        """Wait for its end; gives its exit code."""
        return self._process.wait(seconds)

    def kill(self) -> None:
        """End it at once; does nothing when it has ended."""
        self._process.kill()
        self._process.wait()


class Workers:
    """Workers and the database that they write to. A context manager.

    Args:
        folder: For the logs.
        engine: The embedded engine; it gets a database for the time.
        front: Its HTTP front.
        settings: Kafka, topics, limits; the database and its address are filled in.
    """

    def __init__(self, folder: Path, engine: Engine, front: Front, settings: Settings) -> None:
        self._folder = folder
        self._engine = engine
        place = {"clickhouse": SecretStr(front.address), "database": f"workers_{uuid.uuid4().hex}"}
        self._clean = f"clean_{uuid.uuid4().hex}"
        self.settings = settings.model_copy(update=place)
        self.running: list[WorkerProcess] = []

    def __enter__(self) -> Self:
        migrate(self._engine.client(), self.settings.database)
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()
        for database in (self.settings.database, self._clean):
            self._engine.client().command(f"DROP DATABASE IF EXISTS {database} SYNC")

    def start(self, count: int) -> None:
        """Start so many workers more."""
        for _ in range(count):
            log = self._folder / f"worker-{len(self.running)}.log"
            self.running.append(WorkerProcess(self.settings, log))

    def sink(self, database: str | None = None) -> ClickHouseSink:
        """A sink on the workers' database, or on another beside it."""
        return ClickHouseSink(self._engine.client(database or self.settings.database))

    def count(self, table: str) -> int:
        """The rows of a table."""
        client = self._engine.client(self.settings.database)
        try:
            return client.query(f"SELECT count() FROM {table} FINAL").result_rows[0][0]
        finally:
            client.close()

    def tables(self, database: str | None = None) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that the views say."""
        client = self._engine.client(database or self.settings.database)
        try:
            return {name: client.query(query).result_rows for name, query in TABLES.items()}
        finally:
            client.close()

    def clean_pass(self, registry: Registry, bodies: Sequence[bytes]) -> dict[str, list[tuple[Any, ...]]]:
        """What the tables say after one pass over events, without Kafka and without faults."""
        migrate(self._engine.client(), self._clean)
        sink, now = self.sink(self._clean), datetime.now(UTC)
        keep_registry(sink, registry, now)
        store = Store(sink, Pipeline(sink), lambda: Source("clean", 1))
        logged = int(now.timestamp() * 1000)
        decoded = decode(
            [Line(offset, body, logged) for offset, body in enumerate(bodies)], keep_direct=False
        )
        batch = Batch(decoded.arrivals, decoded.refusals, 0, len(bodies))
        assert store.store({0: batch}, now, lambda _: True) is not None
        return self.tables(self._clean)

    def wait(self, condition, seconds: float) -> None:
        """Wait for a condition while the workers live on."""
        deadline = time.monotonic() + seconds
        while not condition():
            for worker in self.running:
                assert worker.alive, worker.log.read_text()
            said = "\n".join(f"{worker.log.name}: {line}" for worker in self.running for line in worker.lines)
            assert time.monotonic() < deadline, f"waited in vain; {said}"
            time.sleep(0.1)

    def stop(self) -> list[int]:
        """Stop all workers, each with one signal, as a service manager would; gives their exit codes."""
        for worker in self.running:
            worker.tell_to_stop()
        return [worker.wait(PATIENCE) for worker in self.running]

    def _kill(self) -> None:
        for worker in self.running:
            worker.kill()
