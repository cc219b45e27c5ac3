"""SQL for the messages that aggregates are recomputed from, and for how they hang together."""

from __future__ import annotations

from sinks.definitions import COLUMNS

CONVERSATION = "brand, platform, conversation"
"""What tells apart conversations as brands see them."""
THIS = f"sipHash128Reference({CONVERSATION}, id)"
"""A message, as what answers it points at it."""
ABOVE = f"sipHash128Reference({CONVERSATION}, parent)"
"""What a message answers."""


def within(time: str) -> str:
    """SQL for a time being in the period, `early` to before `late`."""
    return f"{time} >= {{early:DateTime64(6, 'UTC')}} AND {time} < {{late:DateTime64(6, 'UTC')}}"


def messages(time: str) -> str:
    """SQL for the messages with `time` in the period, with `COLUMNS`, and their places `this` and `above`."""
    more = ", ".join(f"({sql}) AS {name}" for name, sql in COLUMNS.items())
    return f"""SELECT *, {THIS} AS this, {ABOVE} AS above, {more}
        FROM interactions FINAL WHERE direction IS NOT NULL AND {within(time)}"""


_SIDES = f"""SELECT this, above, actor, of_brand, indirect
    FROM ({messages("started_at")}) WHERE counts AND (of_brand OR of_customer)"""

LOOPS = f"""
    SELECT last.this
    FROM ({_SIDES}) AS last
    INNER JOIN ({_SIDES}) AS middle ON last.above = middle.this
    INNER JOIN ({_SIDES}) AS opening ON middle.above = opening.this
    WHERE NOT last.indirect AND NOT middle.indirect AND last.this != opening.this
    AND last.of_brand = opening.of_brand AND last.of_brand != middle.of_brand
    AND (last.of_brand OR last.actor = opening.actor)"""
"""SQL for the messages that close a loop: an answer to an answer, the outer two by the same side."""

# Each talk points at the one that it answers, or at itself; then each takes over where that points, again and
# again: after n rounds it points 2^n steps up. Depths tell where a ring of parents is cut.
RUNS = f"""
    WITH RECURSIVE
        all_talk AS (
            SELECT this, above, depth FROM ({messages("started_at")}) WHERE talk
        ),
        path AS (
            SELECT
                this, depth, 0 AS round,
                if(is_talk, above, this) AS top, if(is_talk, depth - 1, depth) AS top_depth
            FROM all_talk
            LEFT JOIN (SELECT this AS above, depth + 1 AS depth, true AS is_talk FROM all_talk) AS answered
                USING (above, depth)
            UNION ALL
            SELECT lower.this, lower.depth, lower.round + 1, upper.top, upper.top_depth
            FROM path AS lower INNER JOIN path AS upper ON lower.top = upper.this
            WHERE lower.round < (SELECT ceil(log2(max(depth) + 2)) FROM all_talk)
        )
    SELECT this, max(depth - top_depth + 1) AS length FROM path GROUP BY this"""
"""SQL for how many messages are on the unbroken path of talk that ends in each."""
