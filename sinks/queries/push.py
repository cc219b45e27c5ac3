"""N3 and B3: what broadcasts drive away, and how much of the talk is about the brand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sinks.queries.over import COUNTS, OF_CUSTOMER

if TYPE_CHECKING:
    from sinks.queries.over import Over

AFTER = "INTERVAL 24 HOUR"


def push(over: Over) -> str:
    """SQL for `at`, the keys, `broadcasts`, `answers`, and what was charged to them: `after_bo`, `after_bc`.

    Each unfollow or block of the brand is charged to its last message before it on that platform, a broadcast
    or an answer, if that is no more than 24 hours old.
    """
    said = f"""
        SELECT brand, platform, published, argMax(assumeNotNull(direction), id) AS last,
            countIf(direction = 'BO') AS broadcasts, countIf(direction = 'BC') AS answers
        FROM {over.interactions}
        WHERE {over.within("published", past=AFTER)} AND direction IN ('BO', 'BC') AND {COUNTS}
        GROUP BY brand, platform, published"""
    charged = f"""
        SELECT left.brand AS brand, left.platform AS platform, said.published AS published, said.last AS last
        FROM (
            SELECT brand, platform, published FROM {over.interactions}
            WHERE {over.within("published", past=AFTER)} AND activity IN ('unfollow', 'block')
                AND actor_role = 'customer' AND addressee_role = 'brand'
        ) AS left
        ASOF INNER JOIN ({said}) AS said
            ON left.brand = said.brand AND left.platform = said.platform AND left.published >= said.published
        WHERE left.published <= said.published + {AFTER}"""
    return f"""
        SELECT
            {over.bucket("published")} AS at, {over.by},
            sum(broadcasts) AS broadcasts, sum(answers) AS answers,
            sum(after_bo) AS after_bo, sum(after_bc) AS after_bc
        FROM (
            SELECT brand, platform, published, broadcasts, answers, 0 AS after_bo, 0 AS after_bc FROM ({said})
            UNION ALL
            SELECT brand, platform, published, 0, 0, last = 'BO', last = 'BC' FROM ({charged})
        )
        WHERE {over.inside("published")}
        GROUP BY at, {over.by}"""


def voice(over: Over) -> str:
    """SQL for `at`, the keys, `customer_messages`, and `all_customer_messages`; always of all brands."""
    others = ", ".join(("at", *(key for key in over.keys if key != "brand")))
    every = replace(over, own="true")
    return f"""
        SELECT
            {over.bucket("published")} AS at, {over.by}, count() AS customer_messages,
            sum(customer_messages) OVER (PARTITION BY {others}) AS all_customer_messages
        FROM {over.interactions} WHERE {every.within("published")} AND {OF_CUSTOMER}
        GROUP BY at, {over.by}"""
