"""M3: whom customers trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sinks.queries.over import Over


def each_author(over: Over) -> str:
    """SQL for `at`, the keys, `author`, `trusted_by`, and how: customers who answered, and who reposted."""
    answered = "ifNull(direction = 'CC' AND sentiment = 1, false)"
    reposted = "ifNull(effect = 'trust' AND activity = 'repost', false)"
    return f"""
        SELECT
            {over.bucket("published")} AS at, {over.by}, platform AS on, addressee AS author,
            uniqExact(actor) AS trusted_by,
            uniqExactIf(actor, {answered}) AS answered_by,
            uniqExactIf(actor, {reposted}) AS reposted_by
        FROM {over.interactions}
        WHERE {over.within("published")} AND ({answered} OR {reposted})
            AND actor_role = 'customer' AND addressee_role = 'customer' AND actor != addressee
        GROUP BY at, {over.by}, on, author"""


def trust(over: Over) -> str:
    """SQL for `at`, the keys and `trusted_voices`."""
    return f"""
        SELECT at, {over.by}, count() AS trusted_voices FROM ({each_author(over)}) GROUP BY at, {over.by}"""
