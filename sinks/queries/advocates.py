"""A2 and A3: customers who speak for the brand, and whether it speaks with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sinks.queries.over import Over

SHARES, DAYS = 3, 2
"""What makes an advocate: so many shares on so many days."""
PARTNERED = "INTERVAL 28 DAY"

_SHARE = (
    "actor_role = 'customer' AND (effect = 'amplification' OR direction = 'CO') AND ifNull(sentiment, 0) >= 0"
)
_GIVE = "addressee_role = 'customer' AND actor_role = 'brand' AND (direction = 'BC' OR effect = 'give')"


def each_advocate(over: Over) -> str:
    """SQL for each window's advocates: `at`, brand, platform, `customer`, `shares`, `days`, `partnered`.

    `partnered` is whether the brand answered or reacted to the customer within 28 days after a share.
    """
    share = f"ifNull({_SHARE}, false) AND {over.inside('published')}"
    return f"""
        SELECT
            at, brand, platform, customer, length(times) AS shares,
            length(arrayDistinct(arrayMap(time -> toDate(time), times))) AS days,
            arrayExists(
                time -> arrayExists(given -> given > time AND given <= time + {PARTNERED}, gives), times
            ) AS partnered,
            arrayMin(times) AS first_share_at, arrayMax(times) AS last_share_at
        FROM (
            SELECT
                at, brand, platform, customer, gives,
                arrayFilter(time -> {over.bucket("time")} = at, shared) AS times
            FROM (
                SELECT
                    brand, platform, if(share, actor, addressee) AS customer,
                    groupArrayIf(published, share) AS shared,
                    groupArrayIf(published, NOT share) AS gives
                FROM (
                    SELECT brand, platform, actor, addressee, published, {share} AS share
                    FROM {over.interactions}
                    WHERE {over.within("published", past=PARTNERED)} AND ({share} OR {_GIVE})
                )
                GROUP BY brand, platform, customer
                HAVING length(shared) >= {SHARES}
            )
            ARRAY JOIN arrayDistinct(arrayMap(time -> {over.bucket("time")}, shared)) AS at
        )
        WHERE shares >= {SHARES} AND days >= {DAYS}"""


def advocates(over: Over) -> str:
    """SQL for `at`, the keys, `advocates` and of these the `partnered`."""
    return f"""
        SELECT at, {over.by}, count() AS advocates, countIf(met) AS partnered
        FROM (SELECT *, partnered AS met FROM ({each_advocate(over)}))
        GROUP BY at, {over.by}"""
