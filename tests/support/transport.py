"""Applications that run for a while, agents that keep what comes, and patience."""

from __future__ import annotations

from contextlib import asynccontextmanager

from streams.transport import raw_topic


@asynccontextmanager
async def running(*apps):
    for app in apps:
        await app.start()
    try:
        yield
    finally:
        for app in reversed(apps):
            await app.stop()


def collect(app, topic, *, ack=False):
    """Run an agent that keeps every event, and acknowledges it or not."""
    events = []

    @app.agent(raw_topic(app, topic), name=f"collect {topic}")
    async def keep(stream):
        async for event in stream.events():
            events.append(event)
            if ack:
                app.consumer.ack(event.message)

    return events


def offsets(events):
    return [record.offset for event in events for record in event.value]
