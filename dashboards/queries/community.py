"""Queries of the dashboard Community."""

from __future__ import annotations

from typing import Final

from dashboards.sql import CHOSEN, between

FIRST_ANSWERS: Final = f"""SELECT $__timeInterval(published) AS time,
    countIf(answered_by = 'customer') AS `by a customer`,
    countIf(answered_by = 'brand') AS `by the brand`,
    countIf(answered_by IS NULL) AS `by nobody`
FROM interaction_facts
WHERE $__timeFilter(published) AND {CHOSEN} AND question AND actor_role = 'customer'
GROUP BY time
ORDER BY time"""
"""Questions of customers by bucket, and by who answered first."""

DEPTHS: Final = f"""SELECT if(depth >= 8, '8 or more', toString(depth)) AS depth, count() AS conversations
FROM (
    SELECT least(depth, 8) AS depth
    FROM conversation_facts
    WHERE $__timeFilter(started_at) AND {CHOSEN} AND customers > 0
)
GROUP BY depth
ORDER BY depth"""
"""Conversations by the replies on their longest path."""

SIZES: Final = f"""SELECT
    multiIf(customers = 1, '1', customers = 2, '2', customers = 3, '3', customers < 6, '4 to 5',
        customers < 11, '6 to 10', 'more than 10') AS size,
    count() AS conversations
FROM conversation_facts
WHERE $__timeFilter(started_at) AND {CHOSEN} AND customers > 0
GROUP BY size
ORDER BY min(customers)"""
"""Conversations by how many customers wrote in them."""

PARTICIPATION_CURVE: Final = f"""SELECT concat('top ', toString(tenth * 10), '%') AS customers,
    arraySum(arraySlice(sizes, 1, toUInt32(ceil(length(sizes) * tenth / 10)))) / arraySum(sizes) AS share
FROM (
    SELECT arrayReverseSort(groupArray(messages)) AS sizes
    FROM (
        SELECT count() AS messages
        FROM interaction_facts
        WHERE $__timeFilter(published) AND {CHOSEN}
            AND actor_role = 'customer' AND direction IS NOT NULL
        GROUP BY platform, actor
    )
)
ARRAY JOIN range(1, 11) AS tenth
WHERE notEmpty(sizes)
ORDER BY tenth"""
"""Share of the messages that the most active tenths of the customers wrote, cumulated."""

FIGURES: Final = f"""SELECT brand, platform, conversation_h_index, participation_gini, top_1_percent_share,
    c2c_depth_p90, c2c_participants_p90, c2c_duration_p50
FROM {between("conversations")}
LEFT JOIN {between("crowd")} USING (brand, platform)
WHERE {CHOSEN}
ORDER BY brand, platform"""
"""How large, deep and evenly spread the talk is."""

LIVELIEST: Final = f"""SELECT
    conversation, brand, platform, started_at AS began, cc AS `customer to customer`,
    messages, customers, depth, c2c_duration AS duration, if(brand_free, 'no', 'yes') AS `brand took part`
FROM conversation_facts
WHERE $__timeFilter(started_at) AND {CHOSEN} AND cc > 0
ORDER BY cc DESC, customers DESC, conversation
LIMIT 20"""
"""The conversations with most messages from customer to customer."""
