"""A quixstreams application: a tumbling window of a minute with its state and changelog, and a batching sink.

It decodes each event, inserts it into ClickHouse, counts the events of each key by minute of event time, and
inserts the count of each minute once it is over; what comes later than that its windows drop. It directs
nothing and folds nothing.
"""

from __future__ import annotations

import os
import tempfile
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import clickhouse_connect
from quixstreams import Application
from quixstreams.sinks import BatchingSink, SinkBatch

from bench.contender import COLUMNS, EVENTS_TABLE, WINDOWS_TABLE, Stopwatch, Task, read_task


class ClickHouse(BatchingSink):
    """What quixstreams hands on at each of its checkpoints, into a table.

    Args:
        task: Says where.
        table: The table.
        columns: Its columns.
    """

    def __init__(self, task: Task, table: str, columns: tuple[str, ...]) -> None:
        super().__init__()
        place = urlsplit(task.clickhouse)
        self._client = clickhouse_connect.get_client(host=place.hostname, port=place.port)
        self._table = f"{task.database}.{table}"
        self._columns = columns

    def write(self, batch: SinkBatch) -> None:
        """Insert a batch."""
        self._client.insert(self._table, [item.value for item in batch], self._columns)


def row(event: dict[str, Any]) -> tuple[Any, ...]:
    return (
        event["platform"],
        event["activity"],
        event["id"],
        event["actor"]["id"],
        datetime.fromisoformat(event["published"]),
        event.get("conversation") or "",
        event.get("text") or "",
    )


def event_time(value: dict[str, Any], *_: object) -> int:
    return int(datetime.fromisoformat(value["published"]).timestamp() * 1000)


def main() -> None:
    task = read_task(__doc__)
    watch = Stopwatch(task.events)
    place = urlsplit(task.clickhouse)
    client = clickhouse_connect.get_client(host=place.hostname, port=place.port)
    client.command(f"CREATE DATABASE {task.database}")
    for table in (EVENTS_TABLE, WINDOWS_TABLE):
        client.command(table.format(database=task.database))
    with tempfile.TemporaryDirectory() as state:
        app = Application(
            broker_address=task.bootstrap,
            consumer_group=f"bench-{uuid.uuid4()}",
            auto_offset_reset="earliest",
            state_dir=state,
            loglevel="ERROR",  # it warns of every late event
            # The embedded broker makes a joining member wait half of the session.
            consumer_extra_config={"session.timeout.ms": 6000},
        )
        topic = app.topic(
            task.topic, key_deserializer="str", value_deserializer="json", timestamp_extractor=event_time
        )
        # The embedded broker does not tell the settings of its topics, and this one has no default.
        topic.broker_config.extra_config.setdefault("retention.ms", "604800000")
        events = app.dataframe(topic).update(lambda _: app.stop() if watch.add() else None)
        events.apply(row).sink(ClickHouse(task, "events", COLUMNS))
        windows = events.tumbling_window(timedelta(minutes=1)).count().final()
        windows.apply(
            lambda window, key, *_: (window["start"] // 1000, key, window["value"]), metadata=True
        ).sink(ClickHouse(task, "windows", ("start", "key", "events")))
        app.run()  # returns when the last checkpoint is stored
        watch.stop()
    print(watch.result(), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
