"""H4: whose answers make customers come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.metrics import BY_COLUMN

if TYPE_CHECKING:
    from sinks.queries.over import Over

FEWEST = 30
"""Answered exchanges below which nothing is said of an agent."""


def each_agent(over: Over) -> str:
    """SQL for `at`, the keys, `agent`, exchanges `answered`, of these those where the customer came `back`,
    `p`, the brand's own rate over all its agents, and `loop_completion`.
    """  # noqa: D205 - one list
    rate = BY_COLUMN["loop_completion"]
    shrunk = f"({rate.numerator}) / ({rate.denominator})"
    return f"""
        SELECT *, if(answered < {FEWEST}, NULL, {shrunk}) AS loop_completion
        FROM (
            SELECT
                {over.bucket("published")} AS at, {over.by}, exchange_agent AS agent,
                count() AS answered, countIf(exchange_back_at IS NOT NULL) AS back,
                sum(back) OVER brand / sum(answered) OVER brand AS p
            FROM {over.interactions}
            WHERE {over.within("published")} AND exchange_reply_at IS NOT NULL AND exchange_agent != ''
            GROUP BY at, {over.by}, agent
            WINDOW brand AS (PARTITION BY at, {over.by})
        )"""


def agents(over: Over) -> str:
    """SQL for `at`, the keys and `social_marketers`: agents above the brand's own rate."""
    return f"""
        SELECT at, {over.by}, countIf(ifNull(loop_completion > p, false)) AS social_marketers
        FROM ({each_agent(over)}) GROUP BY at, {over.by}"""
