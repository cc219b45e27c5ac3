"""The sink alone: the rows of flush after flush into all tables, over HTTP. Folding them does not count."""

from __future__ import annotations

from contextlib import closing

from pydantic import SecretStr

from bench.contender import Stopwatch, read_task
from bench.folding import Folding
from schemas.settings import Settings
from sinks.clickhouse import ClickHouseSink
from sinks.connect import connect
from sinks.migrate import migrate


def main() -> None:
    task = read_task(__doc__)
    settings = Settings(clickhouse=SecretStr(task.clickhouse), database=task.database)
    folding = Folding(task.data, task.events)
    watch = Stopwatch(task.events)
    with closing(connect(settings)) as client:
        migrate(client, task.database)
        sink = ClickHouseSink(client)
        for batch in folding.batches():
            flush = folding.fold(batch)
            with watch.only(batch.end - batch.start):
                sink.write(flush)
    print(watch.result())


if __name__ == "__main__":
    main()
