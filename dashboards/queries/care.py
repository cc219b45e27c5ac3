"""Queries of the dashboard Care."""

from __future__ import annotations

from typing import Final

from dashboards.sql import CHOSEN, between

_OVERDUE: Final = f"""FROM exchange_facts
WHERE $__timeFilter(opened_at) AND {CHOSEN} AND overdue"""

BACKLOG: Final = f"""SELECT sum(open_backlog) AS open_backlog
FROM (
    SELECT brand, platform, open_backlog
    FROM {between("backlog")}
    WHERE {CHOSEN}
)"""
"""Everything that is over its promised time without an answer, whenever it was opened."""

OLDEST: Final = f"""SELECT maxOrNull(age) AS seconds
{_OVERDUE}"""
"""Seconds that the oldest of those has waited that were opened in the time range."""

SPEED: Final = f"""SELECT brand, platform, exchanges, answered, reply_rate,
    first_response_p50, first_response_p90, time_to_close_p50
FROM {between("exchanges")}
LEFT JOIN {between("first_responses")} USING (brand, platform)
WHERE {CHOSEN}
ORDER BY brand, platform"""
"""How many exchanges there were and how fast they were answered."""

WAITS: Final = f"""SELECT
    multiIf(NOT answered, 'none yet', first_response < 300, 'within 5 min', first_response < 900, '15 min',
        first_response < 3600, '1 hour', first_response < 14400, '4 hours', first_response < 86400, '1 day',
        'later') AS first_reply,
    count() AS exchanges
FROM exchange_facts
WHERE $__timeFilter(opened_at) AND {CHOSEN}
GROUP BY first_reply
ORDER BY min(ifNull(first_response, 1e12))"""
"""Exchanges by the time until the first reply."""

MEDIAN_BY_DAY: Final = f"""SELECT at AS time, concat(brand, ' ', platform) AS series, first_response_p50
FROM {between("first_responses", daily=True)}
WHERE {CHOSEN}
ORDER BY time, series"""
"""Median time to the first reply by day of the opening; quantiles of platforms cannot be put together."""

BACKLOG_BY_DAY: Final = f"""SELECT at AS time, brand, sum(open_backlog) AS open_backlog
FROM {between("backlog", daily=True)}
WHERE {CHOSEN} AND at >= $__fromTime - INTERVAL 1 DAY
GROUP BY time, brand
ORDER BY time, brand"""
"""What was open at the end of each day, everything older than it included."""

AGENTS: Final = f"""SELECT
    brand, agent, count() AS exchanges,
    countIf(in_time) / nullIf(countIf(in_time IS NOT NULL), 0) AS reply_rate,
    quantileExactInclusiveOrNull(0.5)(first_response) AS `median reply`,
    countIf(confirmed) / nullIf(countIf(confirmed IS NOT NULL), 0) AS help_confirmed_rate,
    countIf(back_at IS NOT NULL) / count() AS `came back`, sum(replies) AS replies
FROM exchange_facts
WHERE $__timeFilter(opened_at) AND {CHOSEN} AND answered AND agent != ''
GROUP BY brand, agent
ORDER BY brand, exchanges DESC, agent
LIMIT 50"""
"""What became of the exchanges that each of us was the first to answer."""

WAITING: Final = f"""SELECT
    brand, platform, opened_at AS opened, age AS waiting, customer, conversation, question_id AS message
{_OVERDUE}
ORDER BY age DESC, question_id
LIMIT 25"""
"""Who has been waiting for the longest, of the exchanges that were opened in the time range."""
