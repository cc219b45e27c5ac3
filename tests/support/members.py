"""Worker processes: the real command, and one that kills itself at a point of the flush."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sinks.clickhouse import ClickHouseSink
from sinks.connect import connect
from sinks.tables import FORGOTTEN, MINUTES
from streams.cli.serve import serve
from streams.process import die_with_parent
from streams.worker import create_worker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.context import ForkServerProcess

    import pyarrow as pa
    from clickhouse_connect.driver.client import Client

    from schemas.settings import Settings
    from sinks.sink import Erased, Flush

_FIELDS = {MINUTES.name: "minutes", FORGOTTEN.name: "forgotten"}
"""Fields of `Flush` that are not called like their table."""
PATIENCE = 30.0
"""Seconds that a worker has to end when it is asked to."""


class Member:
    """A process of the group, as the tests handle it."""

    def __init__(self, pid: int, log: Path) -> None:
        self.pid = pid
        self.log = log
        self.peak = 0
        """Bytes that it has had in memory at the most, as far as somebody has looked."""

    @property
    def exit_code(self) -> int | None:
        """None while it runs; the negative signal that has killed it."""
        raise NotImplementedError

    def look(self) -> bool:
        """Note how much memory it has had; gives whether it runs."""
        with suppress(OSError):
            status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
            sizes = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
            self.peak = max(self.peak, *(size * 1024 for size in sizes), 0)
        return self.exit_code is None

    @property
    def stopped(self) -> bool:
        """Whether a SIGSTOP holds it."""
        stat = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        return stat.rpartition(")")[2].split()[0] == "T"

    @property
    def listens(self) -> bool:
        """Whether it does something of its own when it is asked to end."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
        return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self.look():
            os.kill(self.pid, number)

    def end(self) -> int:
        """Ask it to end, and wait; gives its exit code."""
        self.signal(signal.SIGCONT)
        until = time.monotonic() + PATIENCE
        while self.look() and not self.listens and time.monotonic() < until:
            time.sleep(0.02)  # it is only just starting, and would be killed
        self.signal(signal.SIGTERM)
        while self.look() and time.monotonic() < until:
            time.sleep(0.02)
        if self.exit_code is None:
            self.signal(signal.SIGKILL)
            raise AssertionError(f"the worker did not end within {PATIENCE:g} s; see {self.log}")
        return self.exit_code


class Worker(Member):
    """`hubbub worker` in a process of its own."""

    def __init__(self, settings: Settings, log: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUBBUB_")}
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "streams.cli", "worker"],
                env=kept | settings.environment(),
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 - one system call, loaded before the fork
            )
        super().__init__(self._process.pid, log)

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()


@dataclass(frozen=True)
class Doom:
    """When a worker is to kill itself, or to stall."""

    after: str
    """A field of `Flush`: in the first flush in which that table gets rows, when they are written; `nothing`:
    before the first table of a flush; `start`: when the process starts."""
    delay: float = 0.0
    """Seconds between that point and the end."""
    signal: signal.Signals = signal.SIGKILL
    """SIGSTOP for a stall: once, it goes on where it was after a SIGCONT."""


class Victim(Member):
    """A worker that is doomed; forked from a process that has imported everything, so quick to start.

    Args:
        settings: Its settings.
        log: File for what it says.
        doom: What it does to itself; None: nothing.
    """

    def __init__(self, settings: Settings, log: Path, doom: Doom | None = None) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["streams.worker", "sinks.connect", "sinks.clickhouse"])
        self._process: ForkServerProcess = context.Process(target=_run, args=(settings, log, doom))
        self._process.start()
        super().__init__(self._process.pid or 0, log)

    @property
    def exit_code(self) -> int | None:
        return self._process.exitcode


def _run(settings: Settings, log: Path, doom: Doom | None) -> None:
    """What a victim does: the same as the command, on a sink that is deadly."""
    if (prepare := die_with_parent()) is not None:
        prepare()
    with log.open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)

    serve(create_worker(settings, _deadly(connect(settings), doom)))


def _deadly(client: Client, doom: Doom | None) -> ClickHouseSink:
    pending = [doom] if doom else []

    def meet(point: str) -> None:
        if not pending or pending[0].after != point:
            return
        met = pending.pop()
        if met.delay:
            timer = threading.Timer(met.delay, os.kill, (os.getpid(), met.signal))
            timer.daemon = True
            timer.start()
        else:
            os.kill(os.getpid(), met.signal)

    class Deadly(ClickHouseSink):
        """Looks at the doom before the first and after every write."""

        def write(self, flush: Flush) -> None:
            meet("nothing")
            super().write(flush)

        def _insert(self, name: str, rows: pa.Table) -> None:
            super()._insert(name, rows)
            meet(_FIELDS.get(name, name))

        def _erase(self, ids: Sequence[Erased]) -> None:
            super()._erase(ids)
            if ids:
                meet("erased")

    meet("start")
    return Deadly(client)
