"""SQL that computes the catalogue's metrics by window: the views and the report are made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from schemas.metrics import CATALOGUE, Metric, Source
from schemas.rows import SUMS

if TYPE_CHECKING:
    from collections.abc import Sequence

Bucket = Callable[[str], str]

BUCKETS: dict[str, Bucket] = {
    "minute": "toStartOfMinute({})".format,
    "hour": "toStartOfHour({})".format,
    "day": "toStartOfDay({})".format,
    "week": "CAST(toMonday({}), 'DateTime(\\'UTC\\')')".format,
}
"""SQL for the start, UTC, of the window that a time falls into. Weeks start on Monday."""

_MESSAGE = "actor_role = 'customer' AND direction IS NOT NULL"
_SNAPSHOT = "actor_role = 'brand' AND followers IS NOT NULL"


def metrics_of(source: Source) -> tuple[Metric, ...]:
    """The metrics that are computed from one table, in the catalogue's order."""
    return tuple(metric for metric in CATALOGUE if metric.source == source)


def ratio(metric: Metric) -> str:
    """SQL for a ratio over columns that are there, with its name; a zero denominator gives NULL."""
    return f"({metric.numerator}) / nullIf({metric.denominator}, 0) AS {metric.column}"


def dialogue(place: str, bucket: Bucket, keys: Sequence[str], where: str = "true") -> str:
    """SQL for the sums: `at`, the keys, and `SUMS`; a window in which everything was taken back is not there.

    Args:
        place: What stands before the names of tables: a quoted database and a dot, or nothing.
        bucket: Makes the SQL for the start of the window of that for a time.
        keys: Columns that tell the rows of one window apart.
        where: Condition on rows of `dialogue_minutes`.
    """
    sums = ", ".join(f"sum({name}) AS {name}" for name in SUMS)
    return f"""
        SELECT {bucket("minute")} AS at, {", ".join(keys)}, {sums}
        FROM {place}dialogue_minutes FINAL WHERE {where} GROUP BY at, {", ".join(keys)}
        HAVING {" OR ".join(f"{name} != 0" for name in SUMS)}"""


def participation(
    place: str, bucket: Bucket, keys: Sequence[str], where: str = "true", until: str = "true"
) -> str:
    """SQL for D4: `at`, the keys, `participants`, `followers` and `participation_rate`.

    The followers of a brand are the sum over its accounts of what was last seen of each by the end of the
    window. They are unknown, NULL, where a platform has participants and no account with known followers.

    Args:
        place: What stands before the names of tables: a quoted database and a dot, or nothing.
        bucket: Makes the SQL for the start of the window of that for a time.
        keys: Columns that tell the rows of one window apart; `brand` is one of them.
        where: Condition on the rows of `interactions` whose participants are counted.
        until: Condition on those that tell the followers: no lower bound of time, as an old one holds.
    """
    by = ", ".join(keys)
    interactions = f"{place}interactions FINAL"
    participants = next(metric.numerator for metric in CATALOGUE if metric.column == "participants")
    return f"""
        SELECT at, {by}, participants, followers, participants / nullIf(followers, 0) AS participation_rate
        FROM (
            SELECT
                people.at AS at, {", ".join(f"people.{key} AS {key}" for key in keys)},
                any(people.participants) AS participants,
                groupUniqArrayIf(account.platform, snapshot.latest IS NOT NULL) AS known,
                if(hasAll(known, any(people.platforms)), sum(snapshot.latest), NULL) AS followers
            FROM (
                SELECT
                    {bucket("published")} AS at, {by},
                    {participants} AS participants,
                    groupUniqArrayIf(platform, {_MESSAGE}) AS platforms
                FROM {interactions} WHERE {where} GROUP BY at, {by}
            ) AS people
            LEFT JOIN (
                SELECT DISTINCT brand, platform, actor
                FROM {interactions} WHERE {_SNAPSHOT} AND {until}
            ) AS account ON {" AND ".join(f"people.{key} = account.{key}" for key in keys)}
            ASOF LEFT JOIN (
                SELECT
                    {bucket("published")} AS at, brand, platform, actor,
                    argMax(followers, (published, id, activity)) AS latest
                FROM {interactions} WHERE {_SNAPSHOT} AND {until} GROUP BY at, brand, platform, actor
            ) AS snapshot
                ON account.brand = snapshot.brand AND account.platform = snapshot.platform
                AND account.actor = snapshot.actor AND people.at >= snapshot.at
            GROUP BY at, {by}
        )"""


def customers_among_themselves(place: str, bucket: Bucket, keys: Sequence[str], where: str = "true") -> str:
    """SQL for C8 by start of the conversation: `at`, the keys, `with_c2c` and the quantiles.

    `with_c2c` counts the conversations that have any customer-to-customer message.

    Args:
        place: What stands before the names of tables: a quoted database and a dot, or nothing.
        bucket: Makes the SQL for the start of the window of that for a time.
        keys: Columns that tell the rows of one window apart.
        where: Condition on rows of `conversations`.
    """
    by = ", ".join(keys)
    metrics = metrics_of("conversations")
    quantiles = ", ".join(f"{metric.numerator} AS {metric.column}" for metric in metrics)
    # A quantile of nothing is NaN in ClickHouse.
    known = ", ".join(f"if(isNaN(w.{m.column}), NULL, w.{m.column}) AS {m.column}" for m in metrics)
    return f"""
        SELECT at, {by}, with_c2c, {known}
        FROM (
            SELECT {bucket("started_at")} AS at, {by}, countIf(cc > 0) AS with_c2c, {quantiles}
            FROM {place}conversations FINAL WHERE {where} GROUP BY at, {by}
        ) AS w"""
