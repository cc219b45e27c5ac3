"""The embedded stack: database, broker and workers on one machine, started and stopped together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from pydantic import SecretStr

from schemas.errors import Stop
from sinks.clickhouse import ClickHouseSink
from sinks.engine import Engine, running_front
from sinks.front import Front
from sinks.migrate import migrate
from streams.broker import Broker, create_topics
from streams.health_server import nth_address
from streams.lag import LagGauge
from streams.process import die_with_parent, end
from streams.settlement import send_due

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from clickhouse_connect.driver.client import Client

    from schemas.settings import Settings

CARD = "stack.json"
EMBEDDED_SESSION = 3.0
"""Seconds: the embedded broker makes a joining member wait half of it."""


class Stack:
    """Everything that hubbub needs, in one data folder. A context manager.

    Args:
        data_dir: The data folder; made when it is not there.
        settings: Names of topics and database, and limits; where the servers are is the stack's own business.
        kafka_port: Port of the broker on the loopback interface; 0 for a free one.
        http_port: Port of the database on the loopback interface; 0 for a free one.
        workers: Worker processes to run.
    """

    def __init__(
        self,
        data_dir: Path,
        settings: Settings,
        *,
        kafka_port: int = 9092,
        http_port: int = 8123,
        workers: int = 1,
    ) -> None:
        self.data_dir = data_dir
        self._given = settings
        self._broker = Broker(kafka_port, log=data_dir / "broker.log")
        self._engine = Engine(data_dir)
        self._front = Front(self._engine, http_port)
        self._count = workers
        self._workers: list[subprocess.Popen[bytes]] = []
        self._exits = ExitStack()
        self.settings = settings

    def __enter__(self) -> Self:
        """Start everything, in the order in which one part needs another.

        Raises:
            Stop: The folder is held by somebody else, a port is taken, or a part is not installed.
        """
        with ExitStack() as starting:
            starting.enter_context(self._engine)
            starting.enter_context(self._front)
            starting.enter_context(self._broker)
            self.settings = self._given.model_copy(
                update={
                    "kafka": self._broker.bootstrap,
                    "clickhouse": SecretStr(self._front.address),
                    "session_timeout": EMBEDDED_SESSION,
                }
            )
            migrate(self._engine.client(), self.settings.database)
            create_topics(self.settings.kafka, self.settings.topics)
            starting.callback(self._stop_workers)
            for number in range(self._count):
                self._workers.append(self._start_worker(number))
            card = self.data_dir / CARD
            card.write_text(json.dumps({"kafka": self.settings.kafka}) + "\n", encoding="utf-8")
            starting.callback(card.unlink, missing_ok=True)
            self._exits = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop everything, the workers first: they store what they hold."""
        self._exits.close()

    def client(self) -> Client:
        """A client of the stack's database, closed with the stack at the latest."""
        return self._engine.client(self.settings.database)

    def check(self) -> None:
        """See whether everything still runs.

        Raises:
            Stop: A part has ended; the message names its log.
        """
        if self._broker.pid is None:
            raise Stop(f"the embedded broker has ended; see {self.data_dir / 'broker.log'}")
        for number, worker in enumerate(self._workers):
            if worker.poll() is not None:
                raise Stop(f"worker {number} has ended; see {self._worker_log(number)}")

    def wait_until_stored(self, timeout: float) -> None:
        """Wait until the workers have stored everything that is in the topic, and settled what is due.

        Args:
            timeout: Seconds.

        Raises:
            Stop: That takes too long, or a part has ended.
        """
        deadline = time.monotonic() + timeout
        sink = ClickHouseSink(self.client())
        with LagGauge(self.settings) as gauge:
            while True:
                while (left := gauge.read()) > 0:
                    self.check()
                    if time.monotonic() > deadline:
                        late = f"{left} events are not stored after {timeout:.0f} s"
                        raise Stop(f"{late}; see {self._worker_log(0)}")
                    time.sleep(0.1)
                if not send_due(sink, self.settings, datetime.now(UTC)):
                    return

    def _start_worker(self, number: int) -> subprocess.Popen[bytes]:
        own = self.settings.model_copy(
            update={
                "health": nth_address(self.settings.health, number),
                "worker": f"{self.settings.worker or 'worker'}-{number}",
            }
        )
        environment = {**os.environ, **own.environment()}
        with self._worker_log(number).open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "streams.cli", "worker"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - one system call, loaded before the fork
            )

    def _stop_workers(self) -> None:
        for worker in self._workers:  # all at once, then wait for each
            worker.terminate()
        for worker in self._workers:
            end(worker, patience=20.0)
        self._workers.clear()

    def _worker_log(self, number: int) -> Path:
        return self.data_dir / f"worker-{number}.log"


def running_stack(data_dir: Path) -> str | None:
    """Where the broker of a stack is that runs on a data folder, `host:port`.

    Returns:
        None when no stack runs there.
    """
    if running_front(data_dir) is None:
        return None
    try:
        card = json.loads((data_dir / CARD).read_text(encoding="utf-8"))
        return str(card["kafka"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
