"""Views of the pipeline itself: how workers and tables did, minute by minute, and what reconciling has found.

They stand apart from what analysts read: their rows hang on when a worker ran, not on the events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clickhouse_connect.driver.binding import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SUMS = (
    "seconds",
    "events_read",
    "events_stored",
    "dead_letters",
    "rows_written",
    "flushes",
    "flush_seconds",
    "retries",
    "waiting_seconds",
    "rebalances",
    "cache_hits",
    "cache_misses",
)
_GAUGES = (
    "state",
    "fault",
    "partitions",
    "lag",
    "oldest_unstored",
    "conversations_cached",
    "activities_cached",
    "rss_bytes",
    "newest_message_at",
    "newest_message_delay",
)


def pipeline_minutely(place: str) -> str:
    """SQL for what each worker did in each minute; of one that was started again in it, all of that."""
    sums = (f"sum(looks.{name}) AS {name}" for name in _SUMS)
    # In a tuple, because argMax passes over NULLs.
    gauges = (f"argMax(tuple(looks.{name}), looks.looked_at).1 AS {name}" for name in _GAUGES)
    return f"""
        SELECT
            looks.minute AS at, looks.worker AS worker, max(looks.looked_at) AS looked_at,
            {", ".join(gauges)}, {", ".join(sums)},
            startsWith(state, 'waiting')::Bool AS paused
        FROM {place}worker_minutes AS looks FINAL
        GROUP BY looks.minute, looks.worker"""


def storage_minutely(place: str) -> str:
    """SQL for what each table held in each minute."""
    return f"""
        SELECT minute AS at, name AS table, parts, stored_rows, stored_bytes
        FROM {place}storage_minutes FINAL"""


def reconciles(place: str) -> str:
    """SQL for the comparisons that were made."""
    return f"""
        SELECT
            ended_at AS at, period_from, period_to, rows_compared, values_compared, differences, seconds,
            first_differences
        FROM {place}reconcile_runs FINAL"""


_VIEWS: Mapping[str, Callable[[str], str]] = {
    "pipeline_minutely": pipeline_minutely,
    "storage_minutely": storage_minutely,
    "reconciles": reconciles,
}


def operations(database: str) -> dict[str, str]:
    """The views' names and what each selects.

    Args:
        database: Its name, as it is.
    """
    place = f"{quote_identifier(database)}."
    return {name: select(place) for name, select in _VIEWS.items()}
