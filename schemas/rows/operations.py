"""How the pipeline itself does."""

from __future__ import annotations

from datetime import datetime

from schemas.rows.row import Row


class WorkerMinuteRow(Row):
    """Table `worker_minutes`: how a worker did in one minute, as it told itself.

    Key: minute, worker, started_at. Version: looked_at.
    """

    minute: datetime
    """Start of the minute, UTC."""
    worker: str
    started_at: datetime
    """When the process started: one that is started again within the minute has a row of its own."""
    looked_at: datetime
    """When the worker last looked at itself in that minute."""
    seconds: float
    """Seconds that the sums cover."""
    state: str
    """What it did at the last look: ok, stopping, or what it waited for."""
    fault: str
    """Why it waited, or empty."""
    partitions: int
    lag: int
    """Messages of its partitions that were not stored."""
    oldest_unstored: float | None
    """Seconds since the oldest event that was read and not stored came into Kafka."""
    events_read: int
    events_stored: int
    dead_letters: int
    rows_written: int
    flushes: int
    flush_seconds: float
    retries: int
    waiting_seconds: float
    """Spent waiting for ClickHouse."""
    rebalances: int
    cache_hits: int
    cache_misses: int
    conversations_cached: int
    activities_cached: int
    rss_bytes: int | None
    """Resident memory; none where the system does not tell."""
    newest_message_at: datetime | None
    """Event time of the newest message that was stored since the worker started."""
    newest_message_delay: float | None
    """Seconds from that time until it was stored."""
    kept_until: datetime


class StorageMinuteRow(Row):
    """Table `storage_minutes`: how much a table held on disk in one minute. The database fills it in.

    Key: minute, name. Version: looked_at.
    """

    minute: datetime
    name: str
    """Of the table."""
    looked_at: datetime
    parts: int
    """Active ones, of all partitions."""
    stored_rows: int
    """Superseded ones too."""
    stored_bytes: int
    kept_until: datetime


class ReconcileRow(Row):
    """Table `reconcile_runs`: what one `hubbub reconcile` has found.

    Key: ended_at.
    """

    ended_at: datetime
    period_from: datetime | None
    """None: from the beginning."""
    period_to: datetime | None
    """None: to the end."""
    rows_compared: int
    values_compared: int
    differences: int
    seconds: float
    first_differences: tuple[str, ...]
    """Where they are, and what is stored and should be where that is a number or a time. Never a text."""
