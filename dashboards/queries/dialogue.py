"""Queries of the dashboard Dialogue."""

from __future__ import annotations

from typing import Final

from dashboards.config import BASELINE_DAYS, ROLLING_DAYS
from dashboards.sql import CHOSEN, buckets, formula, minutes, sums

MIX: Final = f"""SELECT t.at AS time,
    sum(t.bo) AS BO, sum(t.bc) AS BC, sum(t.cb) AS CB, sum(t.cc) AS CC, sum(t.co) AS CO
FROM {buckets()} AS t
WHERE {CHOSEN}
GROUP BY time
ORDER BY time"""
"""Messages of each direction by bucket."""

PEOPLE_BY_DAY: Final = f"""SELECT
    toStartOfDay(published) AS time, brand,
    uniqExactIf((platform, actor), actor_role = 'customer' AND direction IS NOT NULL) AS participants
FROM interaction_facts
WHERE $__timeFilter(toStartOfDay(published)) AND {CHOSEN}
GROUP BY time, brand
ORDER BY time, brand"""
"""Distinct customers by brand and day, those of several platforms added: nobody is known to be on two.

Not from the view `participation_daily`, which would look for all followers first.
"""

PEOPLE: Final = f"""SELECT uniqExact(platform, actor) AS participants
FROM interaction_facts
WHERE $__timeFilter(published) AND {CHOSEN} AND actor_role = 'customer' AND direction IS NOT NULL"""
"""Distinct customers with a message."""

WHO: Final = f"""SELECT
    actor, actor_role AS role, platform, count() AS messages,
    countIf(direction = 'CB') AS `to the brand`, countIf(direction = 'CC') AS `to customers`,
    countIf(direction = 'CO') AS `to nobody`, uniqExact(conversation) AS conversations,
    max(published) AS `last message`
FROM interaction_facts
WHERE $__timeFilter(published) AND {CHOSEN}
    AND direction IS NOT NULL AND actor_role = 'customer'
GROUP BY actor, role, platform
ORDER BY messages DESC, actor
LIMIT 20"""
"""The customers who wrote most, and to whom."""

ROLES: Final = f"""SELECT
    transform(toString(actor_role), ['brand', 'customer', 'other_brand', 'bot'],
        ['the brand', 'customers', 'other brands', 'bots'], '') AS who,
    count() AS messages, uniqExact(platform, actor) AS accounts
FROM interaction_facts
WHERE $__timeFilter(published) AND {CHOSEN} AND direction IS NOT NULL
GROUP BY who
ORDER BY messages DESC"""
"""Messages and accounts by who stands behind them."""


def compared() -> str:
    """Dialogue ratio and broadcast share of the last days, and before: by brand and platform."""
    recent = f"$__toTime - INTERVAL {ROLLING_DAYS} DAY"
    earlier = f"$__toTime - INTERVAL {ROLLING_DAYS + BASELINE_DAYS} DAY"
    columns = ("dialogue_ratio", "broadcast_share")

    def part(view: str) -> str:
        return f"""SELECT brand, platform, {formula(columns[0])}, {formula(columns[1])}, bo + bc AS messages
    FROM (
        SELECT brand, platform, {sums(*columns)}
        FROM {view} AS t
        WHERE {CHOSEN}
        GROUP BY brand, platform
    )"""

    return f"""SELECT
    brand, platform, now.{columns[0]} AS {columns[0]}, now.{columns[1]} AS {columns[1]},
    base.{columns[1]} AS baseline, now.{columns[1]} - base.{columns[1]} AS change, now.messages AS messages
FROM (
    {part(minutes(recent))}
) AS now
LEFT JOIN (
    {part(minutes(earlier, recent))}
) AS base USING (brand, platform)
ORDER BY change DESC NULLS LAST, brand, platform"""
