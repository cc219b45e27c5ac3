"""Inserts and queries that are believed only where it is ClickHouse that answers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from clickhouse_connect.driver.exceptions import ClickHouseError
from urllib3.exceptions import HTTPError

from schemas.errors import RetryLater
from sinks.faults import NOT_CLICKHOUSE, sorted_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa
    from clickhouse_connect.driver.client import Client
    from clickhouse_connect.driver.query import QueryResult

_WHOLE = {
    "async_insert": 0,
    # One block, so that a table gets all rows of a flush or none; only `interactions` makes a part a month.
    "min_insert_block_size_rows": 2**40,
    "min_insert_block_size_bytes": 0,
    "max_partitions_per_insert_block": 0,  # a backfill may span any number of months
}
_WHO = "what answers is not ClickHouse"


def insert(client: Client, name: str, rows: pa.Table) -> None:
    """Put rows into a table, all or none.

    Args:
        client: Of the table's database.
        name: The table's.
        rows: At least one.

    Raises:
        RetryLater: The fault may pass.
        Stop: It will not.
    """
    with sorted_faults(f"writing to {name}"), _answered():
        done = client.insert_arrow(name, rows, settings=_WHOLE)
    if not done.written_rows:
        # A proxy or a front may say "200" to anything, and the offsets are committed for it.
        raise RetryLater(f"writing to {name}: {_WHO}", cause=NOT_CLICKHOUSE)


def query(
    client: Client,
    sql: str,
    parameters: Mapping[str, object] | None = None,
    *,
    what: str,
    formats: dict[str, str | dict[str, str]] | None = None,
) -> QueryResult:
    """Ask something; times come with their zone.

    Args:
        client: Of the database.
        sql: The query.
        parameters: What is bound in it.
        what: What it is asked for; it begins the message of an error.
        formats: How columns are read, by name, where not as usual.

    Raises:
        RetryLater: The fault may pass.
        Stop: It will not.
    """
    with sorted_faults(what), _answered():
        result = client.query(sql, dict(parameters or {}), tz_mode="aware", column_formats=formats)
    if not result.summary.keys() - {"query_id"}:
        # An empty page would be taken for "nothing is stored", and be counted from 0.
        raise RetryLater(f"{what}: {_WHO}", cause=NOT_CLICKHOUSE)
    return result


@contextmanager
def _answered() -> Iterator[None]:
    """Take an answer that the driver cannot make sense of for one that is not ClickHouse's."""
    try:
        yield
    except (ClickHouseError, OSError, HTTPError):
        raise
    except Exception as error:
        raise RetryLater(f"{_WHO}: {type(error).__name__}", cause=NOT_CLICKHOUSE) from error
