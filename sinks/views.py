"""What analysts read: named views of the latest rows and of every metric by window, and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from clickhouse_connect.driver.binding import quote_identifier

from schemas.metrics import CATALOGUE
from schemas.rows import SUMS
from sinks.tables import CONVERSATIONS, DEAD_LETTERS, INTERACTIONS, Table
from sinks.windows import (
    BUCKETS,
    customers_among_themselves,
    dialogue,
    metrics_of,
    participation,
    ratio,
)

if TYPE_CHECKING:
    from schemas.rows import ConversationRow, InteractionRow

_BOOKKEEPING = frozenset({"seen", "removed", "source_epoch", "source_partition", "source_offset"})
_GRAINS = {"minute": "minutely", "hour": "hourly", "day": "daily", "week": "weekly"}
_KEYS = ("brand", "platform")


def views(database: str) -> dict[str, str]:
    """The views' names and what each selects.

    Args:
        database: Its name, as it is.
    """
    place = f"{quote_identifier(database)}."
    named = {
        "interaction_facts": _facts(place, INTERACTIONS),
        "conversation_facts": _facts(place, CONVERSATIONS),
        "dead_letter_facts": f"SELECT {', '.join(DEAD_LETTERS.columns)} FROM {place}dead_letters FINAL",
        "conversation_messages": _messages(place),
    }
    ratios = ", ".join(ratio(metric) for metric in metrics_of("dialogue_minutes"))
    for grain, adverb in _GRAINS.items():
        bucket = BUCKETS[grain]
        sums = dialogue(place, bucket, _KEYS)
        named[f"dialogue_{adverb}"] = f"SELECT at, brand, platform, {', '.join(SUMS)}, {ratios} FROM ({sums})"
        if grain != "minute":
            named[f"participation_{adverb}"] = participation(place, bucket, _KEYS)
            named[f"c2c_{adverb}"] = customers_among_themselves(place, bucket, _KEYS)
    return named


def view_statements(database: str) -> list[str]:
    """Statements that create the views, or replace them.

    Args:
        database: Its name, as it is.
    """
    place = f"{quote_identifier(database)}."
    return [f"CREATE OR REPLACE VIEW {place}{name} AS {select}" for name, select in views(database).items()]


def report_sql(by: Literal["hour", "day", "week"] | None = None) -> str:
    """SQL for every metric of each brand over a period, all platforms together.

    It reads the client's own database and takes three bound parameters: `brand`, empty for all; `from` and
    `to`, aware times, the period up to but not including `to`.

    Args:
        by: The windows to divide the period into; None for one row a brand.

    Returns:
        A query whose columns are `brand`, `at` (start of the window, UTC; or, for one row a brand, of the
        period), the sums, `with_c2c`, `followers`, and each metric of the catalogue under its column name.
    """
    early = "{from:DateTime64(6, 'UTC')}"
    own = "({brand:String} = '' OR brand = {brand:String})"
    late = "{to:DateTime64(6, 'UTC')}"

    def within(time: str) -> str:
        return f"{own} AND {time} >= {early} AND {time} < {late}"

    keys = ("brand",)
    bucket = BUCKETS[by] if by else lambda _: f"toDateTime({early}, 'UTC')"
    sums = dialogue("", bucket, keys, within("minute"))
    c2c = customers_among_themselves("", bucket, keys, within("started_at"))
    people = participation("", bucket, keys, within("published"), f"{own} AND published < {late}")
    computed = {metric.column: ratio(metric) for metric in metrics_of("dialogue_minutes")}
    columns = [computed.get(metric.column, metric.column) for metric in CATALOGUE]
    return f"""
    SELECT brand, at, {", ".join((*SUMS, "with_c2c", "followers", *columns))}
    FROM (
        SELECT
            brand, at, {", ".join(f"ifNull(sums.{name}, 0) AS {name}" for name in SUMS)},
            ifNull(c2c.with_c2c, 0) AS with_c2c, followers, ifNull(people.participants, 0) AS participants,
            participation_rate, {", ".join(metric.column for metric in metrics_of("conversations"))}
        FROM ({sums}) AS sums
        FULL JOIN ({people}) AS people USING (brand, at)
        FULL JOIN ({c2c}) AS c2c USING (brand, at)
    )
    ORDER BY brand, at
    SETTINGS join_use_nulls = 1"""


def _facts(place: str, table: Table[InteractionRow] | Table[ConversationRow]) -> str:
    columns = [name for name in table.columns if name not in _BOOKKEEPING]
    return f"SELECT {', '.join(columns)} FROM {place}{table.name} FINAL"


def _messages(place: str) -> str:
    """Messages with what they say: the text of their newest edit."""
    return f"""
    SELECT
        brand, conversation, published, actor, actor_role AS role, direction, depth, id, parent,
        said.text AS text
    FROM {place}interactions AS message FINAL
    LEFT JOIN (
        SELECT
            thread, platform, id,
            argMax(JSONExtractString(body, 'text'), (version, activity = 'update')) AS text
        FROM {place}activities FINAL
        WHERE activity IN ('post', 'reply', 'quote', 'update')
        GROUP BY thread, platform, id
    ) AS said
        ON message.conversation = said.thread AND message.platform = said.platform AND message.id = said.id
    WHERE message.direction IS NOT NULL"""
