"""Queries of the dashboard Conversation: of one thread."""

from __future__ import annotations

from typing import Final

from dashboards.sql import CHOSEN

_THREAD: Final = f"conversation = ${{conversation:singlequote}} AND {CHOSEN}"

LIVELIEST: Final = f"""SELECT conversation
FROM conversation_facts
WHERE $__timeFilter(started_at) AND {CHOSEN}
GROUP BY conversation
ORDER BY max(cc) DESC, max(messages) DESC, conversation
LIMIT 100"""
"""The threads to choose from, the liveliest first."""

TIMELINE: Final = f"""SELECT
    published, dateDiff('second', min(published) OVER (), published) AS after,
    toString(role) AS who, toString(direction) AS direction,
    concat(repeat('· ', least(depth, 8)), ifNull(text, '')) AS message, actor
FROM (
    SELECT published, role, direction, depth, text, actor, platform, id
    FROM conversation_messages
    WHERE $__timeFilter(published) AND {_THREAD}
    LIMIT 1 BY platform, id
)
ORDER BY published, id
LIMIT 500"""
"""Each message once, though several brands may have it in their spaces."""

PACE: Final = f"""SELECT
    multiIf(wait < 300, 'within 5 min', wait < 3600, '1 hour', wait < 14400, '4 hours', wait < 86400, '1 day',
        'later') AS after,
    uniqExactIf(id, actor_role = 'brand') AS `by the brand`,
    uniqExactIf(id, actor_role = 'customer') AS `by customers`
FROM (
    SELECT id, actor_role, dateDiff('second', started_at, published) AS wait
    FROM interaction_facts
    WHERE $__timeFilter(published) AND {_THREAD} AND direction IS NOT NULL
)
GROUP BY after
ORDER BY min(wait)"""
"""Messages by the time since the thread began."""

PEOPLE: Final = f"""SELECT
    actor, toString(any(actor_role)) AS who, uniqExact(id) AS messages, min(published) AS `first message`,
    max(published) AS `last message`
FROM interaction_facts
WHERE $__timeFilter(published) AND {_THREAD} AND direction IS NOT NULL
GROUP BY actor
ORDER BY messages DESC, actor
LIMIT 50"""
"""Everybody who wrote in it."""


def fact(column: str) -> str:
    """One number of the thread, in the space that has most of it."""
    return f"""SELECT {column}
FROM conversation_facts
WHERE $__timeFilter(started_at) AND {_THREAD}
ORDER BY messages DESC, brand
LIMIT 1"""
