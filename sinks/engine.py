"""The embedded ClickHouse engine on one data folder."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self
from weakref import WeakSet

import clickhouse_connect

from schemas.errors import Stop
from sinks.handle import Rinsed, connect
from sinks.holder import Holder, running_front

if TYPE_CHECKING:
    from types import TracebackType

    from clickhouse_connect.driver.client import Client

    from sinks.handle import Handle

__all__ = ["Engine", "running_front"]


class Engine:
    """ClickHouse inside this process, its tables in `DATA_DIR/clickhouse`.

    A context manager. The folder belongs to this process from enter to exit; other processes reach it through
    `sinks.front`. The engine itself allows one folder a process, and any number of clients and threads on it.

    Args:
        data_dir: The data folder; made when it is not there yet.
    """

    def __init__(self, data_dir: Path | str) -> None:
        self.data_dir = Path(data_dir)
        self._holder = Holder(self.data_dir)
        # The engine compares paths as text, so every handle must spell it the same way.
        self._path = os.path.realpath(self.data_dir / "clickhouse")
        self._clients: WeakSet[Client] = WeakSet()
        self._addresses: list[str] = []
        self._lock = threading.Lock()
        self._anchor: Handle | None = None

    def __enter__(self) -> Self:
        """Take the folder and open the engine.

        Raises:
            Stop: The folder cannot be used, another process has it, or the engine is not installed.
        """
        # Our lock first: on a conflict the engine would print its own, longer story to stderr.
        self._holder.acquire()
        try:
            self._anchor = connect(self._path)
        except BaseException:
            self._holder.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def client(self, database: str | None = None) -> Client:
        """Open a client of clickhouse-connect, for one thread; closed with the engine at the latest.

        Args:
            database: Its database; None for `default`.
        """
        self._check_open()
        client = clickhouse_connect.get_client(
            interface="chdb", path=self._path, database=database or "default"
        )
        kept = client._backend._handle  # type: ignore[attr-defined] # noqa: SLF001 - there is no public door to it
        kept.conn = Rinsed(kept.conn)
        with self._lock:
            self._clients.add(client)
        return client

    def handle(self) -> Handle:
        """Open a bare handle on the engine; the caller closes it."""
        self._check_open()
        return connect(self._path)

    def announce(self, address: str) -> None:
        """Tell other processes that the folder is served over HTTP there; the first of several is told."""
        with self._lock:
            self._addresses.append(address)
            self._holder.announce(self._addresses[0])

    def retract(self, address: str) -> None:
        """Take back an announcement."""
        with self._lock:
            self._addresses.remove(address)
            self._holder.announce(next(iter(self._addresses), None))

    def close(self) -> None:
        """Close every client, then the engine, then let go of the folder; waits for statements that run."""
        with self._lock:
            clients = list(self._clients)
            self._clients.clear()
        for client in clients:
            client.close()
        if self._anchor is not None:
            self._anchor.close()
            self._anchor = None
        self._holder.release()

    def _check_open(self) -> None:
        if self._anchor is None:
            raise Stop(f"the engine on {self.data_dir} is not open: use it inside its with block")
