"""`hubbub sql`: any query."""

import sys
from typing import Annotated

import typer

from streams.cli.options import AsJson, Data
from streams.cli.screen import write

Query = Annotated[str, typer.Argument(metavar='"..."', help="One statement of ClickHouse's SQL.")]


def sql(query: Query, data: Data = None, as_json: AsJson = False) -> None:
    """Run any query; --json prints one JSON object a row.

    Tables read right without FINAL. A pipe gets tab-separated values with a header. Times in JSON are UTC,
    NaN is null, and bytes that are no text are best asked for as hex(...).

    Example: hubbub sql "SELECT brand, direction, count() FROM interactions GROUP BY ALL" --data .hubbub
    """
    from schemas.settings import load_settings
    from streams.cli.answer import JSON, LINES, TABS, table
    from streams.cli.breakable import run
    from streams.cli.database import open_client

    terminal = sys.stdout.isatty()
    with open_client(load_settings(), data) as client:
        answer = run(client, query, JSON if as_json else LINES if terminal else TABS)
    if answer is None:
        if not as_json:
            write("OK")
    elif terminal and not as_json and not answer.own_format:
        table(answer.content)
    else:
        sys.stdout.buffer.write(answer.content)
