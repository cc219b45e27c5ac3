"""A database to write rows into, and the report and views over them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from support.stored import MONDAY

from sinks.clickhouse import ClickHouseSink
from sinks.report import read_report
from sinks.sink import Flush

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from clickhouse_connect.driver.client import Client

    from schemas.rows import Row
    from sinks.engine import Engine


@pytest.fixture
def client(engine: Engine, tables: str) -> Iterator[Client]:
    client = engine.client(database=tables)
    yield client
    client.close()


@pytest.fixture
def store(client: Client) -> Callable[..., None]:
    """Store interactions."""
    sink = ClickHouseSink(client)

    def write(*rows: Row, **others: Any) -> None:
        sink.write(Flush(interactions=rows, **others))

    return write


@pytest.fixture
def metrics(client: Client) -> Callable[..., Any]:
    """The metrics of acme over some days from Monday on; by windows, those of each."""

    def read(days: float = 28, *, since: float = 0, by: Any = None, brand: str = "acme") -> Any:
        period = (MONDAY + timedelta(days=since), MONDAY + timedelta(days=days))
        rows = read_report(client, period, by, brand)
        if by:
            return {row["at"]: row for row in rows}
        return rows[0] if rows else {}

    return read


@pytest.fixture
def view(client: Client) -> Callable[..., list[dict[str, Any]]]:
    """Rows of a view, in order of some column."""

    def read(name: str, order: str = "ALL") -> list[dict[str, Any]]:
        sql = f"SELECT * FROM {name} ORDER BY {order}"
        return list(client.query(sql, tz_mode="aware").named_results())

    return read
