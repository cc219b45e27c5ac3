"""Numbered SQL migrations: each is applied once, in order, and what was applied is on record."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from clickhouse_connect.driver.binding import quote_identifier

from schemas.errors import Stop
from sinks.comments import comment_statements
from sinks.faults import sorted_faults
from sinks.views import view_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class Migration:
    """One file of `sinks/migrations`: a single statement that does no harm when it runs twice.

    Args:
        number: From 1 and without gaps.
        name: Name of the file, `NNNN_what.sql`.
        sql: Its text; the database is the parameter `{database:Identifier}`.
    """

    number: int
    name: str
    sql: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text, hex."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> list[Migration]:
    """The migrations of this version, in order."""
    found = [
        Migration(int(path.name[:4]), path.name, path.read_text(encoding="utf-8"))
        for path in files("sinks").joinpath("migrations").iterdir()
        if re.fullmatch(r"\d{4}_\w+\.sql", path.name)
    ]
    return sorted(found, key=lambda migration: migration.number)


def migrate(client: Client, database: str, steps: Sequence[Migration] | None = None) -> list[str]:
    """Bring a database to this version: make it, apply what is missing, and replace the analysts' views.

    Args:
        client: A client of the server; its own database need not exist.
        database: The database to make or to bring forward.
        steps: The migrations; by default those of this version.

    Returns:
        Names of the migrations that were applied now, in order.

    Raises:
        Stop: The record does not fit the migrations: a gap, a changed file, a newer database.
        RetryLater: ClickHouse is away; what was applied so far is on record.
    """
    known = migrations() if steps is None else list(steps)
    if [step.number for step in known] != list(range(1, len(known) + 1)):
        raise Stop("the migrations are not numbered from 1 without gaps: reinstall hubbub")
    with sorted_faults(f"migrating database {database}"):
        client.command(
            "CREATE DATABASE IF NOT EXISTS {database:Identifier}", {"database": database}, use_database=False
        )
        recorded = _recorded(client, database)
        _check(recorded, known, database)
        missing = [step for step in known if step.number not in recorded]
        for step in missing:
            client.command(step.sql, {"database": database}, use_database=False)
            _record(client, database, step)
        for statement in view_statements(database):
            client.command(statement, use_database=False)
        for statement in comment_statements(client, database):
            client.command(statement, use_database=False)
    return [step.name for step in missing]


def _recorded(client: Client, database: str) -> dict[int, str]:
    """Digests on record by number; none in a fresh database, where the first migration makes the record."""
    parameters = {"database": database}
    if not client.command("EXISTS TABLE {database:Identifier}.migrations", parameters, use_database=False):
        return {}
    rows = client.query(
        f"SELECT number, digest FROM {quote_identifier(database)}.migrations FINAL"
    ).result_rows
    return {row[0]: row[1] for row in rows}


def _check(recorded: dict[int, str], known: Sequence[Migration], database: str) -> None:
    if max(recorded, default=0) > len(known):
        raise Stop(f"database {database} was migrated by a newer hubbub: install that version or a later one")
    for step in known:
        if recorded.get(step.number, step.digest) != step.digest:
            raise Stop(
                f"migration {step.name} was applied to database {database} with another text: "
                f"restore that file, and put changes into a new migration"
            )


def _record(client: Client, database: str, step: Migration) -> None:
    # In SQL: the driver's own insert asks for the columns first, and that takes longer than most migrations.
    client.command(
        "INSERT INTO {database:Identifier}.migrations (number, name, digest, applied_at) "
        "SETTINGS async_insert = 0 "
        "VALUES ({number:UInt32}, {name:String}, {digest:String}, {now:DateTime64(6, 'UTC')})",
        {
            "database": database,
            "number": step.number,
            "name": step.name,
            "digest": step.digest,
            "now": datetime.now(UTC),
        },
        use_database=False,
    )
