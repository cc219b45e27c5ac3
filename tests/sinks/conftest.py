"""Sinks of each kind; processes that run Python code, and patience."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import clickhouse_connect
import pytest
from support.rows import Rows, stored

import sinks
from sinks.clickhouse import ClickHouseSink
from sinks.memory import MemorySink
from sinks.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clickhouse_connect.driver.client import Client

    from sinks.engine import Engine
    from sinks.sink import Sink


@pytest.fixture
def python() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start Python code in a process of its own, which is gone after the test."""
    started: list[subprocess.Popen[str]] = []
    root = Path(sinks.__file__).resolve().parents[1]

    def start(code: str, *args: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, args)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait for a condition, ten seconds at the most."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.01)

    return wait


@pytest.fixture(params=["memory", "embedded", "http"])
def sink_and_rows(request: pytest.FixtureRequest) -> Iterator[tuple[Sink, Rows]]:
    if request.param == "memory":
        memory = MemorySink()
        yield memory, memory.rows
        return
    database: str = request.getfixturevalue("database")
    if request.param == "embedded":
        client = request.getfixturevalue("engine").client(database=database)
    else:
        address = urlsplit(request.getfixturevalue("front").address)
        client = clickhouse_connect.get_client(host=address.hostname, port=address.port, database=database)
    migrate(client, database)
    yield ClickHouseSink(client), partial(stored, client)
    client.close()


@pytest.fixture
def client(engine: Engine, database: str) -> Iterator[Client]:
    """A client of an embedded database that has been migrated."""
    client = engine.client(database=database)
    migrate(client, database)
    yield client
    client.close()


@pytest.fixture
def sink(sink_and_rows: tuple[Sink, Rows]) -> Sink:
    return sink_and_rows[0]


@pytest.fixture
def rows(sink_and_rows: tuple[Sink, Rows]) -> Rows:
    return sink_and_rows[1]


@pytest.fixture
def table_client(front, database) -> Iterator[Client]:
    """A client over HTTP of a database with a table `t` (a UInt32, b String)."""
    with clickhouse_connect.get_client(host="127.0.0.1", port=front.port, database=database) as client:
        client.command("CREATE TABLE t (a UInt32, b String) ENGINE = MergeTree ORDER BY a")
        yield client
