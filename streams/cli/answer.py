"""The answer to any statement, in a format that suits whoever reads it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clickhouse_connect.driver.exceptions import ClickHouseError

from schemas.errors import BadInput
from sinks.faults import in_short
from sinks.front_sql import read_statement
from streams.cli.screen import stdout

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

JSON = "JSONEachRow"
LINES = "JSONCompactStringsEachRowWithNamesAndTypes"
TABS = "TabSeparatedWithNames"

SHOWN = 1000
"""Rows of a table in the terminal at the most: more are for a program."""

_NOISE = re.compile(r"^.*?DB::Exception: ")
_NULL = {None: "NULL", "ᴺᵁᴸᴸ": "NULL"}
"""What ClickHouse writes for NULL among texts."""
_SETTINGS = {"final": 1, "implicit_select": 0}
"""Of the rows of a replacing table only those that count; and no `1 + 1` for a query, as on a server."""
_JSON = {
    "date_time_output_format": "iso",
    "output_format_json_quote_64bit_integers": 0,
    "output_format_json_quote_denormals": 0,
    "output_format_json_escape_forward_slashes": 0,
    "output_format_json_validate_utf8": 1,
}
_NOT_THERE = frozenset({60, 81})
"""No such table, no such database."""


@dataclass(frozen=True)
class Answer:
    """What a query gives.

    Args:
        content: In the format that was asked for.
        own_format: The statement has named another one.
    """

    content: bytes
    own_format: bool


def run(client: Client, statement: str, form: str) -> Answer | None:
    """Run a statement.

    Args:
        client: Where.
        statement: One statement.
        form: The format of rows, unless the statement names one.

    Returns:
        The answer; None for a statement that gives no rows.

    Raises:
        BadInput: ClickHouse refuses it.
    """
    read = read_statement(statement.encode())
    if read.several:
        raise BadInput("one statement at a time", where="sql")
    settings = _SETTINGS | (_JSON if form == JSON else {})
    try:
        if not read.has_result:
            client.command(statement, settings=settings)
            return None
        fmt = None if read.format else form
        return Answer(client.raw_query(statement, settings=settings, fmt=fmt), own_format=fmt is None)
    except ClickHouseError as error:
        raise BadInput(_NOISE.sub("", in_short(error)) + _advice(client, error), where="sql") from None


def table(content: bytes) -> None:
    """Draw rows that came as `LINES`."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    names, types, *rows = content.splitlines()
    drawn = Table(box=SIMPLE_HEAD)
    for name, type_ in zip(json.loads(names), json.loads(types), strict=True):
        number = type_.removeprefix("Nullable(").startswith(("Int", "UInt", "Float", "Decimal"))
        drawn.add_column(name, justify="right" if number else "left")
    for row in rows[:SHOWN]:
        drawn.add_row(*(_NULL.get(cell, cell) for cell in json.loads(row)))
    stdout().print(drawn)
    if len(rows) > SHOWN:
        stdout().print(f"the first {SHOWN:,} of {len(rows):,} rows; a pipe or --json gets them all")


def _advice(client: Client, error: ClickHouseError) -> str:
    if getattr(error, "code", None) not in _NOT_THERE:
        return ""
    try:
        migrated = client.command("EXISTS TABLE migrations")
    except ClickHouseError:
        migrated = False
    return " - hubbub sql 'SHOW TABLES' lists what is there" if migrated else " - run hubbub migrate first"
