"""The dead letters as they are looked through: by what they were refused for, and each one by its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from schemas.rows import DeadLetterRow
from sinks.answers import query
from sinks.tables import DEAD_LETTERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from clickhouse_connect.driver.client import Client

EXAMPLES = 3
"""Places of a group that are named."""


class Place(NamedTuple):
    """Where a letter stood in the log."""

    topic: str
    epoch: int
    partition: int
    offset: int

    def __str__(self) -> str:
        return "/".join(map(str, self))


@dataclass(frozen=True)
class Wanted:
    """Which letters.

    Args:
        reason: Refused for this reason; empty: for any.
        since: Refused then or later.
        replayed: Those as well that were sent on.
    """

    reason: str = ""
    since: datetime | None = None
    replayed: bool = False

    def where(self) -> tuple[str, dict[str, object]]:
        """The condition as SQL, and its parameters."""
        terms, parameters = ["1"], dict[str, object]()
        if self.reason:
            terms.append("reason = {reason:String}")
            parameters["reason"] = self.reason
        if self.since is not None:
            terms.append("refused_at >= {since:DateTime64(6, 'UTC')}")
            parameters["since"] = self.since
        if not self.replayed:
            terms.append("replayed_at IS NULL")
        return " AND ".join(terms), parameters


@dataclass(frozen=True)
class Group:
    """Letters that were refused for the same reason and field."""

    reason: str
    field: str
    count: int
    first: datetime
    last: datetime
    detail: str
    """Of the newest."""
    examples: tuple[Place, ...]
    """The first by topic, epoch, partition and offset."""


def groups(client: Client, wanted: Wanted) -> list[Group]:
    """Letters by reason and field, the largest group first.

    Raises:
        RetryLater: The database is away.
        Stop: It has no such table.
    """
    where, parameters = wanted.where()
    place = "(source_topic, source_epoch, source_partition, source_offset)"
    rows = _read(
        client,
        f"""SELECT reason, field, count() AS letters, min(refused_at) AS first, max(refused_at) AS last,
            argMax(detail, (refused_at, {place})) AS newest,
            groupArraySorted({EXAMPLES})({place}) AS places
        FROM dead_letters FINAL WHERE {where}
        GROUP BY reason, field ORDER BY letters DESC, reason, field""",
        parameters,
    )
    return [
        Group(
            row["reason"],
            row["field"],
            row["letters"],
            row["first"],
            row["last"],
            row["newest"],
            tuple(Place(*_values(one)) for one in row["places"]),
        )
        for row in rows
    ]


def letters(client: Client, wanted: Wanted) -> list[DeadLetterRow]:
    """Letters in the order of the log.

    Raises:
        RetryLater: The database is away.
        Stop: It has no such table.
    """
    where, parameters = wanted.where()
    return _letters(client, where, parameters)


def letters_at(client: Client, topic: str, partition: int, offset: int) -> list[DeadLetterRow]:
    """The letters of one place, one for each epoch of the topic that has any; the newest epoch last.

    Raises:
        RetryLater: The database is away.
        Stop: It has no such table.
    """
    where = """source_topic = {topic:String} AND source_partition = {partition:UInt32}
        AND source_offset = {offset:UInt64}"""
    return _letters(client, where, {"topic": topic, "partition": partition, "offset": offset})


def place_of(letter: DeadLetterRow) -> Place:
    """Where a letter stood in the log."""
    return Place(letter.source_topic, letter.source_epoch, letter.source_partition, letter.source_offset)


def _letters(client: Client, where: str, parameters: Mapping[str, object]) -> list[DeadLetterRow]:
    order = "source_topic, source_epoch, source_partition, source_offset"
    select = (
        f"SELECT {', '.join(DEAD_LETTERS.columns)} FROM dead_letters FINAL WHERE {where} ORDER BY {order}"
    )
    return [DeadLetterRow(**row) for row in _read(client, select, parameters, {"body": "bytes"})]


def _values(place: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a named tuple comes as a dictionary
    return tuple(place.values()) if isinstance(place, dict) else tuple(place)


def _read(
    client: Client,
    sql: str,
    parameters: Mapping[str, object],
    formats: dict[str, str | dict[str, str]] | None = None,
) -> list[dict[str, Any]]:
    found = query(client, sql, parameters, what="reading the dead letters", formats=formats)
    return list(found.named_results())
