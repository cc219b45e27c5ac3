"""The sink alone: the rows of flush after flush into all tables, over HTTP. Folding them does not count."""

from __future__ import annotations

import time
from contextlib import closing

from pydantic import SecretStr

from bench.contender import own_peak, read_task, result
from bench.folding import Folding
from schemas.settings import Settings
from sinks.clickhouse import ClickHouseSink
from sinks.connect import connect
from sinks.migrate import migrate


def main() -> None:
    task = read_task(__doc__)
    settings = Settings(clickhouse=SecretStr(task.clickhouse), database=task.database)
    folding = Folding(task.data, task.events)
    events, seconds = 0, 0.0
    with closing(connect(settings)) as client:
        migrate(client, task.database)
        sink = ClickHouseSink(client)
        for batch in folding.batches():
            flush = folding.fold(batch)
            started = time.perf_counter()
            sink.write(flush)
            seconds += time.perf_counter() - started
            events += batch.end - batch.start
    print(result(events, seconds, own_peak()))


if __name__ == "__main__":
    main()
