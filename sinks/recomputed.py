"""SQL that puts stored aggregates next to what the interactions make of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.rows import SUMS
from sinks.definitions import AT_THE_PARENT, AT_THE_START, OF_A_CONVERSATION, OWN_TIME, REACTIONS
from sinks.messages import CONVERSATION, LOOPS, RUNS, messages, within
from sinks.retold import KEY, PAIRED, RETOLD
from sinks.tables import CONVERSATIONS, INTERACTIONS, MINUTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Comparison:
    """One stored table and what it should hold."""

    table: str
    key: tuple[str, ...]
    """Columns that tell the rows apart: brand, platform, and what the third names."""
    columns: tuple[str, ...]
    """What is compared."""
    paired: str
    """SQL for the key, `stored_rows`, `re_rows`, and each column as `stored_` and as `re_`."""
    rows_matter: bool
    """Whether each key has one row on either side; otherwise a row of zeros is as good as none."""

    def sql(self) -> str:
        """A query for one row: how many keys there are, how many values differ, and some keys where they do.

        It takes the times `early` and `late`, from when until before when, and the number `shown`. The keys
        come as tuples: the key; the rows stored and recomputed; the values stored; the values recomputed.
        """
        stored, recomputed = (
            ", ".join(f"{side}_{name}" for name in self.columns) for side in ("stored", "re")
        )
        values = " + ".join(f"(stored_{name} IS DISTINCT FROM re_{name})" for name in self.columns)
        different = f"if(stored_rows = 1 AND re_rows = 1, {values}, 1)" if self.rows_matter else values
        key = ", ".join(self.key)
        example = f"(({key}), (stored_rows, re_rows), ({stored}), ({recomputed}))"
        return f"""
        SELECT count(), sum(different), groupArrayIf({{shown:UInt32}})({example}, different > 0)
        FROM (SELECT *, {different} AS different FROM ({self.paired}))"""


def _merged(both: str, key: Sequence[str], columns: Sequence[str], merge: str) -> str:
    """SQL for `Comparison.paired`.

    Args:
        both: SQL for the key, `is_stored` and the columns: the stored rows and the recomputed ones.
        key: Columns that tell the rows apart.
        columns: What is compared.
        merge: The aggregate function that makes one of the rows of a key.
    """
    sides = [
        f"{merge}If({name}, {side}) AS {prefix}_{name}"
        for prefix, side in (("stored", "is_stored"), ("re", "NOT is_stored"))
        for name in columns
    ]
    return f"""
        SELECT
            {", ".join(key)}, countIf(is_stored) AS stored_rows, countIf(NOT is_stored) AS re_rows,
            {", ".join(sides)}
        FROM ({both})
        GROUP BY {", ".join(key)}"""


def _listed(columns: Iterable[str], definitions: Mapping[str, str], cast: str = "") -> str:
    """SQL for the columns, zero where they have no definition here. Unnamed: some share a message's name."""
    return ", ".join(f"{cast}({definitions.get(name, '0')})" for name in columns)


_WHOLE = f"SELECT *, this IN ({LOOPS}) AS closes_loop FROM ({messages('started_at')})"
"""The messages of whole conversations, and whether each closes a loop."""

_WINDOWS = f"""
    SELECT minute, brand, platform, true AS is_stored, {", ".join(SUMS)}
    FROM dialogue_minutes FINAL WHERE {within("minute")}
    UNION ALL
    SELECT toStartOfMinute(published) AS at, brand, platform, false, {_listed(SUMS, OWN_TIME, "toInt64")}
    FROM ({messages("published")}) GROUP BY at, brand, platform
    UNION ALL
    SELECT toStartOfMinute(published) AS at, brand, platform, false, {_listed(SUMS, REACTIONS, "toInt64")}
    FROM interactions FINAL WHERE effect = 'give' AND {within("published")} GROUP BY at, brand, platform
    UNION ALL
    SELECT toStartOfMinute(assumeNotNull(parent_at)) AS at, brand, platform, false, {
    _listed(SUMS, AT_THE_PARENT, "toInt64")
}
    FROM ({messages("assumeNotNull(parent_at)")}) WHERE parent_direction = 'BO' GROUP BY at, brand, platform
    UNION ALL
    SELECT toStartOfMinute(started_at), brand, platform, false, {_listed(SUMS, AT_THE_START, "toInt64")}
    FROM ({_WHOLE}) GROUP BY {CONVERSATION}, started_at"""

# Where its rows do not agree on when it starts, there are several recomputed rows of a conversation.
_CONVERSATIONS = f"""
    SELECT {CONVERSATION}, true AS is_stored, {", ".join(OF_A_CONVERSATION)}
    FROM conversations FINAL WHERE {within("started_at")}
    UNION ALL
    SELECT {CONVERSATION}, false, {_listed(OF_A_CONVERSATION, OF_A_CONVERSATION)}
    FROM (
        SELECT message.*, ifNull(runs.length, 0) AS run
        FROM ({_WHOLE}) AS message LEFT JOIN ({RUNS}) AS runs ON message.this = runs.this
    )
    GROUP BY {CONVERSATION}, started_at"""

_WINDOW = ("brand", "platform", "minute")
_THREAD = ("brand", "platform", "conversation")

COMPARISONS = (
    Comparison(
        table=MINUTES.name,
        key=_WINDOW,
        columns=SUMS,
        paired=_merged(_WINDOWS, _WINDOW, SUMS, "sum"),
        rows_matter=False,
    ),
    Comparison(
        table=CONVERSATIONS.name,
        key=_THREAD,
        columns=tuple(OF_A_CONVERSATION),
        paired=_merged(_CONVERSATIONS, _THREAD, tuple(OF_A_CONVERSATION), "any"),
        rows_matter=True,
    ),
    Comparison(table=INTERACTIONS.name, key=KEY, columns=tuple(RETOLD), paired=PAIRED, rows_matter=False),
)
"""Every stored table, and what of it follows from the rest of the interactions."""
