"""The transport alone: a Faust agent that takes record batches and does nothing with them.

`--reader stock` is the same agent on Faust's own transport, an event at a time; `--reader getmany` is what
both read with, without Faust.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import uuid
from typing import TYPE_CHECKING, Any

import faust
from aiokafka import AIOKafkaConsumer

from bench.contender import Stopwatch, Task, read_task
from streams.transport import faust_settings, raw_topic, relax_garbage_collection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_DEADLINE = 3600.0  # seconds


async def through_faust(app: faust.App, done: asyncio.Event) -> None:
    """Run an app until it is done."""
    await app.start()
    try:
        await asyncio.wait_for(done.wait(), _DEADLINE)
    finally:
        await app.stop()


def new_app(task: Task, scheme: str, folder: str, **settings: Any) -> faust.App:
    """A Faust app in a group of its own."""
    return faust.App(
        f"bench-{uuid.uuid4()}",
        broker=f"{scheme}://{task.bootstrap}",
        datadir=folder,
        web_enabled=False,
        **settings,
    )


async def batches(task: Task, watch: Stopwatch, folder: str) -> None:
    app, done = new_app(task, "batches", folder, **faust_settings(session_timeout=3.0)), asyncio.Event()

    @app.agent(raw_topic(app, task.topic))
    async def nothing(stream: Any) -> None:
        async for event in stream.events():
            app.consumer.ack(event.message)
            if watch.add(len(event.value)) and not done.is_set():
                watch.stop()
                done.set()

    await through_faust(app, done)


async def stock(task: Task, watch: Stopwatch, folder: str) -> None:
    own = {"broker_session_timeout": 3.0, "broker_heartbeat_interval": 0.5, "topic_disable_leader": True}
    app, done = new_app(task, "aiokafka", folder, **own), asyncio.Event()

    @app.agent(app.topic(task.topic, value_serializer="raw", key_serializer="raw"))
    async def nothing(stream: Any) -> None:
        async for _ in stream:
            if watch.add() and not done.is_set():
                watch.stop()
                done.set()

    await through_faust(app, done)


async def getmany(task: Task, watch: Stopwatch, _: str) -> None:
    consumer = AIOKafkaConsumer(
        task.topic,
        bootstrap_servers=task.bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        async with asyncio.timeout(_DEADLINE):
            done = False
            while not done:
                for records in (await consumer.getmany(timeout_ms=1000)).values():
                    done = watch.add(len(records))
        watch.stop()
    finally:
        await consumer.stop()


READERS: dict[str, Callable[[Task, Stopwatch, str], Awaitable[None]]] = {
    "batches": batches,
    "stock": stock,
    "getmany": getmany,
}


def main() -> None:
    reader = READERS["batches"]
    if "--reader" in sys.argv:
        place = sys.argv.index("--reader")
        reader = READERS[sys.argv[place + 1]]
        del sys.argv[place : place + 2]
    task = read_task(__doc__)
    relax_garbage_collection()  # as in a worker
    watch = Stopwatch(task.events)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(reader(task, watch, folder))  # type: ignore[arg-type]
    print(watch.result(), flush=True)
    os._exit(0)  # what Faust leaves behind need not be waited for


if __name__ == "__main__":
    main()
