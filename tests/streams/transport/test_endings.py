"""The thread that reads ends by itself after a crash, while others still ask it for something."""

from __future__ import annotations

import asyncio
import threading

import pytest
from aiokafka.errors import ConsumerStoppedError
from support.patience import until
from support.transport import collect, running

from schemas.errors import Stop

PROMPT = 5.0
"""Seconds, less than Kafka has to answer a commit."""


async def test_a_commit_that_a_crash_cuts_off_keeps_nobody_from_stopping(
    make_app, new_topic, produce, committed, monkeypatch
):
    topic = new_topic(1)
    produce(topic, range(3))
    app = make_app(topic, broker_commit_interval=600)
    events = collect(app, topic)
    async with running(app):
        await until(lambda: events)
        asked = []

        async def never(offsets):
            asked.append(offsets)
            await asyncio.Event().wait()

        monkeypatch.setattr(app.consumer._thread._consumer, "commit", never)  # noqa: SLF001
        app.consumer.ack(events[0].message)
        commit = asyncio.create_task(app.consumer.commit())
        await until(lambda: asked)
        await app.crash(Stop("this test's own"))
        assert await asyncio.wait_for(commit, PROMPT) is False
    assert committed(topic, topic) is None


@pytest.mark.parametrize("lingers", [False, True])
async def test_a_thread_that_has_ended_says_so_to_who_asks(make_app, new_topic, monkeypatch, lingers):
    app = make_app(topic := new_topic(1))
    collect(app, topic)
    let_go = threading.Event()

    async def linger():
        await asyncio.to_thread(let_go.wait)

    async with running(app):
        await until(app.consumer.assignment)
        thread = app.consumer._thread  # noqa: SLF001
        if lingers:  # as if it had not come to close its loop yet, and nobody looks into its queue any more
            monkeypatch.setattr(thread, "_gather_remaining_tasks", linger)
        await app.crash(Stop("this test's own"))
        await until(lambda: thread._shutdown.is_set() and (lingers or thread.thread_loop.is_closed()))  # noqa: SLF001
        try:
            with pytest.raises(ConsumerStoppedError):
                await asyncio.wait_for(thread.commit({}), PROMPT)
        finally:
            let_go.set()
