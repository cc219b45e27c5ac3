"""What the pipeline's tables and views say, on the real engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from schemas.errors import Stop
from schemas.rows import ReconcileRow, WorkerMinuteRow
from sinks.vitals import VitalsTables, record_reconcile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clickhouse_connect.driver.client import Client

    from sinks.engine import Engine

NINE = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
LATER = NINE + timedelta(days=30)


@pytest.fixture
def client(engine: Engine, tables: str) -> Iterator[Client]:
    client = engine.client(database=tables)
    yield client
    client.close()


def minute(at: datetime = NINE, seen: float = 15.0, **columns: Any) -> WorkerMinuteRow:
    values = dict.fromkeys(WorkerMinuteRow.model_fields, 0) | {
        "minute": at,
        "worker": "one",
        "started_at": NINE,
        "looked_at": at + timedelta(seconds=seen),
        "seconds": seen,
        "state": "ok",
        "fault": "",
        "oldest_unstored": None,
        "rss_bytes": None,
        "newest_message_at": None,
        "newest_message_delay": None,
        "kept_until": LATER,
    }
    return WorkerMinuteRow(**(values | columns))


def told(client: Client, sql: str) -> list[dict[str, Any]]:
    return list(client.query(sql, tz_mode="aware").named_results())


def test_a_minute_that_is_written_again_counts_once(client: Client):
    tables = VitalsTables(client)
    tables.write([minute(seen=15, events_read=10, lag=7)])
    tables.write([minute(seen=30, events_read=30, lag=3), minute(NINE + timedelta(minutes=1), events_read=1)])
    tables.write([minute(seen=15, events_read=10, lag=7)])  # what hung on the way comes last
    first, second = told(client, "SELECT * FROM pipeline_minutely ORDER BY at")
    assert (first["at"], first["worker"], first["events_read"], first["lag"]) == (NINE, "one", 30, 3)
    assert (first["seconds"], first["paused"], first["rss_bytes"]) == (30.0, False, None)
    assert second["events_read"] == 1


def test_a_worker_that_starts_again_in_a_minute_is_one_row(client: Client):
    again = NINE + timedelta(seconds=40)
    tables = VitalsTables(client)
    tables.write(
        [minute(seen=30, events_read=5, rss_bytes=9, lag=4, fault="gone", state="waiting for Kafka")]
    )
    tables.write([minute(seen=59, events_read=7, started_at=again)])
    (row,) = told(client, "SELECT * FROM pipeline_minutely")
    # Sums of both, and all else as the newer one said it, be it nothing.
    assert (row["events_read"], row["lag"], row["rss_bytes"]) == (12, 0, None)
    assert (row["state"], row["fault"], row["paused"]) == ("ok", "", False)


def test_who_waits_is_paused(client: Client):
    VitalsTables(client).write([minute(state="waiting for ClickHouse", fault="too many parts")])
    assert told(client, "SELECT paused, fault FROM pipeline_minutely") == [
        {"paused": True, "fault": "too many parts"}
    ]


def test_the_tables_parts_are_told_by_whoever_writes(client: Client):
    tables = VitalsTables(client)
    client.command("SYSTEM STOP MERGES worker_minutes")
    try:
        for number in range(3):
            tables.write([minute(seen=number + 1)])
    finally:
        client.command("SYSTEM START MERGES worker_minutes")
    rows = {row["table"]: row for row in told(client, "SELECT * FROM storage_minutely")}
    assert rows.keys() >= {"interactions", "worker_minutes", "migrations", "reconcile_runs"}
    assert "pipeline_minutely" not in rows
    assert {row["at"] for row in rows.values()} == {NINE}
    assert (rows["worker_minutes"]["parts"], rows["worker_minutes"]["stored_rows"]) == (3, 3)
    assert rows["worker_minutes"]["stored_bytes"] > 0
    assert (rows["interactions"]["parts"], rows["interactions"]["stored_rows"]) == (0, 0)


def test_rows_are_dropped_when_their_time_is_over(client: Client):
    past = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    VitalsTables(client).write([minute(kept_until=past), minute(NINE + timedelta(minutes=1))])
    client.command("OPTIMIZE TABLE worker_minutes FINAL")
    assert [row["at"] for row in told(client, "SELECT at FROM pipeline_minutely")] == [
        NINE + timedelta(minutes=1)
    ]


def test_reconciles_are_kept_with_what_was_found(client: Client):
    run = ReconcileRow(
        ended_at=NINE,
        period_from=None,
        period_to=NINE,
        rows_compared=7,
        values_compared=70,
        differences=1,
        seconds=0.5,
        first_differences=("conversations acme x p7: row is 0 and should be 1",),
    )
    record_reconcile(client, run)
    (row,) = told(client, "SELECT * FROM reconciles")
    assert (row["at"], row["period_from"], row["period_to"]) == (NINE, None, NINE)
    assert (row["rows_compared"], row["values_compared"], row["differences"]) == (7, 70, 1)
    assert (row["seconds"], list(row["first_differences"])) == (0.5, list(run.first_differences))


def test_a_database_from_before_says_what_to_do(engine: Engine, database: str):
    client = engine.client(database=database)
    try:
        with pytest.raises(Stop, match="hubbub migrate"):
            VitalsTables(client).write([minute()])
    finally:
        client.close()
