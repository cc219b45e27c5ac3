"""A1 and B1: what customers make of the brand's posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.metrics import BY_COLUMN
from sinks.queries.over import COUNTS, can

if TYPE_CHECKING:
    from sinks.queries.over import Over


def roots(over: Over) -> str:
    """SQL for `at`, the keys, and reactions to the brand's roots of that time, wherever they are stored.

    `amplifications` of the `amplifiable_roots`, `applause` of the `applaudable_roots`: those of platforms
    that can show it.
    """
    amplifiable, applaudable = (
        can(BY_COLUMN[column].cannot) for column in ("amplification_rate", "applause_rate")
    )
    # A reaction comes after its root; a day is left for clocks that do not agree.
    since = over.after("published", since="INTERVAL 1 DAY")
    return f"""
        SELECT
            {over.bucket("root.published")} AS at, {over.by},
            countIf({amplifiable}) AS amplifiable_roots,
            sumIf(ifNull(reaction.amplifications, 0), {amplifiable}) AS amplifications,
            countIf({applaudable}) AS applaudable_roots,
            sumIf(ifNull(reaction.applause, 0), {applaudable}) AS applause
        FROM (
            SELECT brand, platform, id, published
            FROM {over.interactions}
            WHERE {over.within("published")} AND direction IS NOT NULL AND {COUNTS}
                AND actor_role = 'brand' AND id = conversation AND depth = 0
        ) AS root
        LEFT JOIN (
            SELECT
                brand, platform, parent,
                countIf(effect = 'amplification') AS amplifications, countIf(effect = 'applause') AS applause
            FROM {over.interactions}
            WHERE {since} AND actor_role = 'customer' AND activity IN ('repost', 'quote', 'like')
                AND effect IN ('amplification', 'applause')
            GROUP BY brand, platform, parent
        ) AS reaction
            ON root.brand = reaction.brand AND root.platform = reaction.platform AND root.id = reaction.parent
        GROUP BY at, {over.by}"""
