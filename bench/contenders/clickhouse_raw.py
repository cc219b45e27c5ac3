"""ClickHouse alone: the bytes of the events as they are, JSONEachRow over HTTP, without Kafka."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from urllib.parse import urlsplit

import clickhouse_connect

from bench.contender import COLUMNS, EVENTS_TABLE, Stopwatch, read_task
from bench.data import Data

_BLOCK = 50_000  # events of one insert
_LENIENT = {"input_format_skip_unknown_fields": 1, "date_time_input_format": "best_effort"}


def main() -> None:
    task = read_task(__doc__)
    place = urlsplit(task.clickhouse)
    table = EVENTS_TABLE.replace("actor String", "actor Tuple(id String)")
    watch = Stopwatch(task.events)
    bodies = (body for _, body in islice(Data(task.data).lines(), task.events))
    with closing(clickhouse_connect.get_client(host=place.hostname, port=place.port)) as client:
        client.command(f"CREATE DATABASE {task.database}")
        client.command(table.format(database=task.database))
        while block := list(islice(bodies, _BLOCK)):
            watch.add(len(block))
            client.raw_insert(
                f"{task.database}.events",
                COLUMNS,
                b"\n".join(block),
                fmt="JSONEachRow",
                settings=_LENIENT,
            )
    watch.stop()
    print(watch.result())


if __name__ == "__main__":
    main()
