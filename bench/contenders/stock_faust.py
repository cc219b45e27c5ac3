"""A stock Faust application, as its guide writes one: an agent by event, a windowed table, batch inserts.

It decodes into a record, counts the events of each platform and activity by minute of event time in a table
with a changelog, and inserts each event into ClickHouse, 10,000 at a time or every second. It directs
nothing, folds nothing, and a replay would count twice.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import clickhouse_connect
import faust

from bench.contender import COLUMNS, EVENTS_TABLE, Stopwatch, Task, read_task

_ROWS = 10_000
_DEADLINE = 3600.0  # seconds


class Event(faust.Record, isodates=True, serializer="json"):
    """What the application reads of an event; the rest is ignored."""

    platform: str
    activity: str
    id: str
    actor: dict[str, Any]
    published: datetime
    conversation: str | None = None
    text: str | None = None


def application(task: Task, watch: Stopwatch, done: asyncio.Event, folder: str) -> faust.App:
    app = faust.App(
        f"bench-{uuid.uuid4()}",
        broker=f"kafka://{task.bootstrap}",
        datadir=folder,
        web_enabled=False,
        topic_replication_factor=1,
        topic_partitions=task.partitions,
        # The embedded broker makes a joining member wait half of the session.
        broker_session_timeout=3.0,
        broker_heartbeat_interval=0.5,
        topic_disable_leader=True,
    )
    topic = app.topic(task.topic, value_type=Event, key_serializer="raw")
    minutes = app.Table("minutes", default=int).tumbling(
        timedelta(minutes=1), expires=timedelta(hours=1), key_index=True
    )
    by_minute = minutes.relative_to_field(Event.published)
    place = urlsplit(task.clickhouse)
    client = clickhouse_connect.get_client(host=place.hostname, port=place.port)
    client.command(f"CREATE DATABASE {task.database}")
    client.command(EVENTS_TABLE.format(database=task.database))
    rows: list[tuple[Any, ...]] = []
    storing = asyncio.Lock()

    async def store() -> None:
        async with storing:  # the timer and the agent both come here
            stored = rows[:]
            rows.clear()
            if stored:
                await asyncio.to_thread(client.insert, f"{task.database}.events", stored, COLUMNS)

    app.timer(interval=1.0)(store)

    @app.agent(topic)
    async def events(stream: faust.StreamT[Event]) -> None:
        async for event in stream:
            if done.is_set():
                return  # there may be more in the topic
            last = watch.add()
            by_minute[f"{event.platform} {event.activity}"] += 1
            rows.append(
                (
                    event.platform,
                    event.activity,
                    event.id,
                    event.actor["id"],
                    event.published,
                    event.conversation or "",
                    event.text or "",
                )
            )
            if len(rows) >= _ROWS or last:
                await store()
            if last:
                watch.stop()
                done.set()

    return app


async def run(task: Task, watch: Stopwatch) -> None:
    done = asyncio.Event()
    with tempfile.TemporaryDirectory() as folder:
        app = application(task, watch, done, folder)
        await app.start()
        await asyncio.wait_for(done.wait(), _DEADLINE)
        print(watch.result(), flush=True)
        os._exit(0)  # stopping waits for the changelog's producer, and is not what is measured


if __name__ == "__main__":
    given = read_task(__doc__)
    asyncio.run(run(given, Stopwatch(given.events)))
