"""Queries of the dashboard Relationships and market.

Lists of people and topics are of the 28 days up to the newest event: their views are bounded by themselves.
"""

from __future__ import annotations

from typing import Final

from dashboards.sql import CHOSEN, between

BRAND: Final = "$__conditionalAll(brand IN (${brand:singlequote}), $brand)"
MONTHS: Final = 6

TENURE: Final = f"""SELECT brand, platform, reciprocal_now AS relationships, tenure_p50
FROM {between("bonds")}
WHERE {CHOSEN}
ORDER BY brand, platform"""
"""How long relationships last."""

_SINCE: Final = f"toDateTime(toStartOfMonth(addMonths($__toTime, -{MONTHS})))"
"""Whoever came in the months before is not read: a triangle of all times takes seconds."""
_AFTER: Final = ",\n    ".join(
    f"anyIf(toNullable(rate), k = {k}) AS `after {k}`" for k in range(1, MONTHS + 1)
)
RETENTION: Final = f"""SELECT
    brand, formatDateTime(cohort, '%Y-%m') AS `first contact`, any(cohort_people) AS newcomers,
    {_AFTER}
FROM cohorts_between(since = toUnixTimestamp({_SINCE}), until = toUnixTimestamp($__toTime))
WHERE {BRAND}
GROUP BY brand, cohort
ORDER BY brand, cohort"""
"""Share of each month's newcomers who were in contact so many months later."""

PARTNERING: Final = f"""SELECT brand, countIf(partnered) AS answered, countIf(NOT partnered) AS unanswered
FROM advocates
WHERE $__timeFilter(last_share_at) AND {CHOSEN}
GROUP BY brand
ORDER BY brand"""
"""Advocates by whether the brand answered or reacted."""

ADVOCATES: Final = f"""SELECT brand, platform, customer, shares, days, last_share_at AS `last share`
FROM advocates
WHERE $__timeFilter(last_share_at) AND {CHOSEN} AND NOT partnered
ORDER BY shares DESC, customer
LIMIT 20"""
"""Those who are still to be answered."""

TOPICS: Final = f"""SELECT
    brand, topic, messages, topic_share AS share, topic_rise AS rise, topic_sentiment AS sentiment
FROM topics_rising
WHERE {BRAND} AND topic_rise > 0
ORDER BY topic_rise DESC, brand, topic
LIMIT 15"""
"""Topics whose share has grown most."""

TRUSTED: Final = f"""SELECT
    brand, platform, author, trusted_by, answered_by AS answered, reposted_by AS reposted
FROM trusted_voices
WHERE {CHOSEN}
ORDER BY trusted_by DESC, brand, author
LIMIT 15"""
"""Customers whom most others trust."""

LEAVING: Final = f"""SELECT brand,
    100 * sum(after_bo) / nullIf(sum(broadcasts), 0) AS `after a broadcast`,
    100 * sum(after_bc) / nullIf(sum(answers), 0) AS `after an answer`
FROM {between("push")}
WHERE {CHOSEN}
GROUP BY brand
ORDER BY brand"""
"""Unfollows and blocks for each hundred broadcasts, and answers."""
