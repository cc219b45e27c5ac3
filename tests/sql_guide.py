"""The answers in docs/sql.md: each is what its query says on the data of `hubbub demo`.

python tests/sql_guide.py    writes them; questions and queries are written by hand
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from support.proof import fresh_database
from support.storing import store

from sinks.engine import Engine
from streams.cli.demo import demo
from streams.cli.play import HISTORY
from streams.simulator import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clickhouse_connect.driver.client import Client

GUIDE = Path(__file__).parent.parent / "docs" / "sql.md"
NOW = datetime(2027, 7, 1, tzinfo=UTC)
"""Long after the demo's events, as when the demo runs: what waits for its parent is settled."""

_QUESTION = re.compile(
    r"^### (?P<heading>.+)\n\n(?P<reading>(?:.+\n)+)\n"
    r"```sql\n(?P<query>(?:.*\n)+?)```\n(?P<answer>\n(?:\|.*\n)+)?",
    re.MULTILINE,
)
_NUMBER = re.compile(r"(?:Nullable\()?(?:U?Int|Float|Decimal)")


class Question(NamedTuple):
    """One question of the guide."""

    heading: str
    reading: str
    """What to read from the answer."""
    query: str
    answer: str
    """A table in Markdown; empty while there is none."""


def questions(text: str) -> list[Question]:
    """The questions that a guide asks, in its order."""
    return [
        Question(found["heading"], found["reading"], found["query"], (found["answer"] or "").lstrip("\n"))
        for found in _QUESTION.finditer(text)
    ]


def with_answers(text: str, client: Client) -> str:
    """The guide with every answer made anew.

    Args:
        text: The guide; what follows a query as a table is replaced.
        client: Of a database with the demo's data.
    """

    def told(found: re.Match[str]) -> str:
        asked = found.group().removesuffix(found["answer"] or "")
        return f"{asked}\n{answer(client, found['query'])}"

    return _QUESTION.sub(told, text)


def answer(client: Client, query: str) -> str:
    """What a query says, as a table in Markdown: numbers stand right, and NULL is named.

    Args:
        client: Of a database with the demo's data.
        query: Without a format.
    """
    said = client.raw_query(query, fmt="JSONCompactEachRowWithNamesAndTypes").decode()
    names, types, *rows = (json.loads(line, parse_float=str, parse_int=str) for line in said.splitlines())
    rule = ["--:" if _NUMBER.match(kind) else "---" for kind in types]
    return "".join(_line(cells) for cells in (names, rule, *rows))


def _line(cells: Sequence[str | bool | None]) -> str:
    return f"| {' | '.join(_cell(cell) for cell in cells)} |\n"


def _cell(value: str | bool | None) -> str:
    if value is None:
        return "NULL"
    text = str(value).lower() if isinstance(value, bool) else value
    return text.replace("|", "\\|").replace("\n", " ")


@contextmanager
def demo_data(engine: Engine) -> Iterator[Client]:
    """A database with all that `hubbub demo` simulates, unless it is told otherwise."""
    options = signature(demo).parameters
    world = simulate(options["days"].default, options["seed"].default, HISTORY)
    with fresh_database(engine, "sql_guide") as client:
        store(client, world.events, world.registry, NOW)
        yield client


def main() -> None:
    """Write the answers."""
    with TemporaryDirectory() as folder, Engine(folder) as engine, demo_data(engine) as client:
        GUIDE.write_text(with_answers(GUIDE.read_text(encoding="utf-8"), client), encoding="utf-8")


if __name__ == "__main__":
    main()
