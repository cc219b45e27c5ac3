"""A statement that Ctrl-C ends, on the embedded engine too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import clickhouse_connect

from streams.cli import answer

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


def run(client: Client, statement: str, form: str) -> answer.Answer | None:
    """Run a statement, see `answer.run`.

    The engine inside this process lets no signal through until it is done. So it works in a thread, and a
    signal to the main one has it break off.
    """
    engine = getattr(client, "path", None)
    if engine is None:
        return answer.run(client, statement, form)
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(answer.run, client, statement, form)
        try:
            return future.result()
        except (KeyboardInterrupt, SystemExit):
            with closing(clickhouse_connect.get_client(interface="chdb", path=engine)) as other:
                other.command("KILL QUERY WHERE query_id != queryID() ASYNC")
            raise
