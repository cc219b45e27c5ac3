"""Queries of the dashboard Pipeline, over the vital signs that workers store once a minute."""

from __future__ import annotations

from typing import Final

HEARD: Final = "INTERVAL 5 MINUTE"
"""A worker that was not heard for longer is gone."""

LAG: Final = f"""SELECT sumOrNull(lag) AS lag
FROM (
    SELECT argMax(p.lag, p.at) AS lag
    FROM pipeline_minutely AS p
    WHERE $__timeFilter(at)
    GROUP BY worker
    HAVING max(at) >= $__toTime - {HEARD}
)"""
"""Of the workers that were heard; NULL where none was."""

WORKERS: Final = f"""SELECT uniqExactIf(worker, at >= $__toTime - {HEARD}) AS workers
FROM pipeline_minutely
WHERE $__timeFilter(at)"""

RATE: Final = f"""SELECT sumOrNull(events_stored) / 300 AS events
FROM pipeline_minutely
WHERE $__timeFilter(at) AND at > $__toTime - {HEARD}"""
"""Over the last five minutes of the time range."""

OPEN_LETTERS: Final = """SELECT countIf(replayed_at IS NULL) AS letters
FROM dead_letter_facts
WHERE $__timeFilter(refused_at)"""

DIFFERENCES: Final = """SELECT argMaxOrNull(differences, at) AS differences
FROM reconciles
WHERE at <= $__toTime AND at >= $__fromTime - INTERVAL 30 DAY"""
"""Reconciles are rare: looked for up to a month before the time range too."""

LAG_OVER_TIME: Final = """SELECT $__timeInterval(p.at) AS time, worker, max(p.lag) AS lag
FROM pipeline_minutely AS p
WHERE $__timeFilter(at)
GROUP BY time, worker
ORDER BY time, worker"""

RATE_OVER_TIME: Final = """SELECT $__timeInterval(at) AS time, worker,
    sum(events_stored) / nullIf(sum(seconds), 0) AS events
FROM pipeline_minutely
WHERE $__timeFilter(at)
GROUP BY time, worker
ORDER BY time, worker"""

DELAY: Final = """SELECT $__timeInterval(at) AS time, worker, max(newest_message_delay) AS seconds
FROM pipeline_minutely
WHERE $__timeFilter(at)
GROUP BY time, worker
ORDER BY time, worker"""

WAITING: Final = """SELECT $__timeInterval(p.at) AS time, worker,
    least(sum(p.waiting_seconds) / nullIf(sum(p.seconds), 0), 1) AS share
FROM pipeline_minutely AS p
WHERE $__timeFilter(at)
GROUP BY time, worker
ORDER BY time, worker"""

RETRIES: Final = """SELECT $__timeInterval(p.at) AS time, worker, sum(p.retries) AS retries
FROM pipeline_minutely AS p
WHERE $__timeFilter(at)
GROUP BY time, worker
ORDER BY time, worker"""

REFUSED: Final = """SELECT $__timeInterval(p.at) AS time, worker, sum(p.dead_letters) AS refused
FROM pipeline_minutely AS p
WHERE $__timeFilter(at)
GROUP BY time, worker
ORDER BY time, worker"""

HITS: Final = """SELECT $__timeInterval(p.at) AS time, worker,
    sum(p.cache_hits) / nullIf(sum(p.cache_hits) + sum(p.cache_misses), 0) AS hits
FROM pipeline_minutely AS p
WHERE $__timeFilter(at)
GROUP BY time, worker
ORDER BY time, worker"""

MEMORY: Final = """SELECT $__timeInterval(at) AS time, worker, max(rss_bytes) AS memory
FROM pipeline_minutely
WHERE $__timeFilter(at)
GROUP BY time, worker
ORDER BY time, worker"""

PARTS: Final = """SELECT $__timeInterval(s.at) AS time, table, max(s.parts) AS parts
FROM storage_minutely AS s
WHERE $__timeFilter(at)
GROUP BY time, table
ORDER BY time, table"""

EACH_WORKER: Final = """SELECT
    worker, argMax(p.state, p.at) AS state, argMax(p.fault, p.at) AS `waits for`,
    argMax(p.partitions, p.at) AS partitions, argMax(p.lag, p.at) AS lag, sum(p.events_stored) AS events,
    sum(p.retries) AS retries, sum(p.rebalances) AS rebalances, max(p.rss_bytes) AS memory,
    dateDiff('second', max(p.at), $__toTime) AS `heard`
FROM pipeline_minutely AS p
WHERE $__timeFilter(at)
GROUP BY worker
ORDER BY worker"""

RECONCILES: Final = """SELECT
    at, differences, rows_compared AS `rows`, values_compared AS `values`, seconds,
    arrayStringConcat(arraySlice(first_differences, 1, 1)) AS `the first`
FROM reconciles
WHERE at <= $__toTime AND at >= $__fromTime - INTERVAL 30 DAY
ORDER BY at DESC
LIMIT 20"""

_REASONS: Final = (
    "unreadable", "missing", "wrong_type", "wrong_value", "unknown_activity", "out_of_range", "internal",
)  # fmt: skip
REASONS: Final = f"""SELECT reason, countIf(letters.replayed_at IS NULL AND letters.refused_at > 0) AS letters
FROM (SELECT arrayJoin({list(_REASONS)}) AS reason) AS known
LEFT JOIN (
    SELECT reason, refused_at, replayed_at FROM dead_letter_facts WHERE $__timeFilter(refused_at)
) AS letters USING (reason)
GROUP BY reason
ORDER BY letters DESC, reason"""
"""Those that are open, by why they were refused; every reason has its bar."""
