"""A quiet afternoon of two workers, as they would have written it down."""

from __future__ import annotations

from datetime import timedelta
from math import sin
from typing import TYPE_CHECKING

from schemas.rows import WorkerMinuteRow
from sinks.vitals import VitalsTables

if TYPE_CHECKING:
    from datetime import datetime

    from clickhouse_connect.driver.client import Client

MINUTES = 360


def write_vital_signs(client: Client, end: datetime) -> None:
    """Write six hours of them.

    Args:
        client: Of a migrated database.
        end: In the last minute.
    """
    first = end.replace(second=0, microsecond=0) - timedelta(minutes=MINUTES - 1)
    tables = VitalsTables(client)
    for number, worker in enumerate(("worker-0", "worker-1")):
        minutes = [_minute(first, at, worker, number, end) for at in range(MINUTES)]
        # How much the tables hold is written with the last minute of each lot.
        for lot in range(0, MINUTES, 30):
            tables.write(minutes[lot : lot + 30])


def _minute(first: datetime, at: int, worker: str, number: int, end: datetime) -> WorkerMinuteRow:
    minute = first + timedelta(minutes=at)
    busy = 1 + 0.6 * sin(at / 57 + number) + 0.25 * sin(at / 7.3)
    stalled = 200 <= at < 206  # ClickHouse was away for some minutes
    events = 0 if stalled else round(2400 * busy * (3 if 206 <= at < 212 else 1))
    return WorkerMinuteRow(
        minute=minute,
        worker=worker,
        started_at=first,
        looked_at=min(minute + timedelta(seconds=59), end),
        seconds=60.0,
        state="clickhouse" if stalled else "ok",
        fault="writing to interactions: connection refused" if stalled else "",
        partitions=4,
        lag=(2400 + 500 * number) * (at - 199) if stalled else round(40 * busy),
        oldest_unstored=60.0 * (at - 199) if stalled else 0.8 * busy,
        events_read=events,
        events_stored=events,
        dead_letters=1 if at % 90 == 17 + 31 * number else 0,
        rows_written=round(events * 2.6),
        flushes=0 if stalled else 58,
        flush_seconds=0.0 if stalled else 9.5 * busy,
        retries=4 + number if stalled else 0,
        waiting_seconds=60.0 - 9 * number if stalled else 0.0,
        rebalances=1 if at == 0 else 0,
        cache_hits=round(events * 0.96),
        cache_misses=round(events * 0.04),
        conversations_cached=9_000 + 10 * at,
        activities_cached=60_000 + 80 * at,
        rss_bytes=310_000_000 + (90_000 + 30_000 * number) * at,
        newest_message_at=minute,
        newest_message_delay=70.0 * (at - 199) if stalled else 1.4 * busy,
        kept_until=end + timedelta(days=365),
    )
