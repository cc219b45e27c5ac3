"""SQL that puts stored aggregates next to what the interactions make of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.rows import SUMS
from sinks.definitions import AT_THE_START, COLUMNS, OF_A_CONVERSATION, OWN_TIME
from sinks.tables import CONVERSATIONS, MINUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CONVERSATION = "brand, platform, conversation"


@dataclass(frozen=True)
class Comparison:
    """One stored table and what it should hold."""

    table: str
    key: tuple[str, str, str]
    """Columns that tell the rows apart: brand, platform, and one more."""
    columns: tuple[str, ...]
    """What is compared."""
    both: str
    """SQL for the key, `is_stored` and the columns: the stored rows and the recomputed ones."""
    merge: str
    """The aggregate function that makes one of the rows of a key."""
    rows_matter: bool
    """Whether each key has one row on either side; otherwise a row of zeros is as good as none."""

    def sql(self) -> str:
        """A query for one row: how many keys there are, how many values differ, and some keys where they do.

        It takes the times `early` and `late`, from when until before when, and the number `shown`. The keys
        come as tuples: the key; the rows stored and recomputed; the values stored; the values recomputed.
        """
        sides = [
            f"{self.merge}If({name}, {side}) AS {prefix}_{name}"
            for prefix, side in (("stored", "is_stored"), ("re", "NOT is_stored"))
            for name in self.columns
        ]
        stored, recomputed = (
            ", ".join(f"{side}_{name}" for name in self.columns) for side in ("stored", "re")
        )
        values = " + ".join(f"(stored_{name} IS DISTINCT FROM re_{name})" for name in self.columns)
        different = f"if(stored_rows = 1 AND re_rows = 1, {values}, 1)" if self.rows_matter else values
        key = ", ".join(self.key)
        example = f"(({key}), (stored_rows, re_rows), ({stored}), ({recomputed}))"
        return f"""
        SELECT count(), sum(different), groupArrayIf({{shown:UInt32}})({example}, different > 0)
        FROM (
            SELECT *, {different} AS different
            FROM (
                SELECT
                    {key}, countIf(is_stored) AS stored_rows, countIf(NOT is_stored) AS re_rows,
                    {", ".join(sides)}
                FROM ({self.both})
                GROUP BY {key}
            )
        )"""


def _within(time: str) -> str:
    return f"{time} >= {{early:DateTime64(6, 'UTC')}} AND {time} < {{late:DateTime64(6, 'UTC')}}"


def _messages(time: str) -> str:
    """SQL for the messages with `time` in the period."""
    more = ", ".join(f"({sql}) AS {name}" for name, sql in COLUMNS.items())
    return f"SELECT *, {more} FROM interactions FINAL WHERE direction IS NOT NULL AND {_within(time)}"


def _listed(columns: Iterable[str], definitions: Mapping[str, str], cast: str = "") -> str:
    """SQL for the columns, zero where they have no definition here. Unnamed: some share a message's name."""
    return ", ".join(f"{cast}({definitions.get(name, '0')})" for name in columns)


_WINDOWS = f"""
    SELECT minute, brand, platform, true AS is_stored, {", ".join(SUMS)}
    FROM dialogue_minutes FINAL WHERE {_within("minute")}
    UNION ALL
    SELECT toStartOfMinute(published) AS at, brand, platform, false, {_listed(SUMS, OWN_TIME, "toInt64")}
    FROM ({_messages("published")}) GROUP BY at, brand, platform
    UNION ALL
    SELECT toStartOfMinute(started_at), brand, platform, false, {_listed(SUMS, AT_THE_START, "toInt64")}
    FROM ({_messages("started_at")}) GROUP BY {_CONVERSATION}, started_at"""

# Each talk points at the one that it answers, or at itself; then each takes over where that points, again and
# again: after n rounds it points 2^n steps up. Depths tell where a ring of parents is cut.
_RUNS = f"""
    WITH RECURSIVE
        all_talk AS (
            SELECT
                sipHash128Reference({_CONVERSATION}, id) AS this,
                sipHash128Reference({_CONVERSATION}, parent) AS above,
                depth
            FROM ({_messages("started_at")}) WHERE talk
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

# Where its rows do not agree on when it starts, there are several recomputed rows of a conversation.
_CONVERSATIONS = f"""
    SELECT {_CONVERSATION}, true AS is_stored, {", ".join(OF_A_CONVERSATION)}
    FROM conversations FINAL WHERE {_within("started_at")}
    UNION ALL
    SELECT {_CONVERSATION}, false, {_listed(OF_A_CONVERSATION, OF_A_CONVERSATION)}
    FROM (
        SELECT message.*, ifNull(runs.length, 0) AS run
        FROM ({_messages("started_at")}) AS message
        LEFT JOIN ({_RUNS}) AS runs ON sipHash128Reference({_CONVERSATION}, id) = runs.this
    )
    GROUP BY {_CONVERSATION}, started_at"""

COMPARISONS = (
    Comparison(
        table=MINUTES.name,
        key=("brand", "platform", "minute"),
        columns=SUMS,
        both=_WINDOWS,
        merge="sum",
        rows_matter=False,
    ),
    Comparison(
        table=CONVERSATIONS.name,
        key=("brand", "platform", "conversation"),
        columns=tuple(OF_A_CONVERSATION),
        both=_CONVERSATIONS,
        merge="any",
        rows_matter=True,
    ),
)
"""Every stored table of aggregates."""
