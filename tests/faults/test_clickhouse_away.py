"""ClickHouse away, hanging, lying and refusing, in the midst of the load: waited out, and nothing is lost.

The proof at the end of each is `Scene.check`: every table as one clean pass makes it, byte for byte after the
views, every event there once, and no worker with more than `support.scene.MEMORY` in memory.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from support.fickle import Fickle
from support.watch import Watch, free_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.scene import Scene

ROOM = 96 << 20
"""Bytes by which a worker may grow in an outage, while ten times as much comes into its topic."""


class Outage:
    """A scene with one worker behind a fickle proxy, and what it says of itself."""

    def __init__(self, scene: Scene, fickle: Fickle, address: str) -> None:
        self.scene = scene
        self.fickle = fickle
        self.watch = Watch(address)
        self.rng = Random(7)
        self._messages = iter((*scene.world.early, *scene.world.late))
        self.worker = scene.start()
        self.until(lambda: self.watch.health()["partitions"], "the worker has its partitions")
        self.rebalances = self.watch.metric("hubbub_rebalances_total")

    def until(self, condition: Callable[[], object], what: str, seconds: float = 90.0) -> None:
        self.scene.wait_until(condition, seconds, what)

    def send(self, count: int) -> None:
        """Send some more of the world."""
        self.scene.send(message for message, _ in zip(self._messages, range(count), strict=False))

    def send_rest(self) -> None:
        self.scene.send(self._messages)
        self.scene.announce(1)
        self.scene.send(self.scene.world.late)  # again, so that all of it is seen with the newest registry

    def is_waiting(self, cause: str) -> bool:
        waiting = self.watch.health()["state"] == "waiting for ClickHouse"
        return waiting and self.watch.metric("hubbub_retries_total", cause=cause) > 0

    def is_well(self) -> bool:
        return self.watch.health()["state"] == "ok"

    @contextmanager
    def altered(self, table: str, setting: str) -> Iterator[None]:
        """The engine itself refuses rows for a table."""
        self.scene.client.command(f"ALTER TABLE {table} MODIFY SETTING {setting}")
        try:
            yield
        finally:
            self.scene.client.command(f"ALTER TABLE {table} RESET SETTING {setting.partition('=')[0]}")


SOON = {
    "NETWORK": lambda outage: outage.fickle.gone(),
    "NOT_CLICKHOUSE": lambda outage: outage.fickle.answering(200, b""),
    "READONLY": lambda outage: outage.fickle.with_settings(readonly=1),
}
"""What is tried again soon."""
SLOWLY = {
    "TOO_MANY_PARTS": lambda outage: outage.altered("interactions", "parts_to_throw_insert=1"),
    "NOT_ENOUGH_SPACE": lambda outage: outage.altered(
        "activities", f"min_free_disk_bytes_to_perform_insert={10**17}"
    ),
    "MEMORY_LIMIT_EXCEEDED": lambda outage: outage.fickle.with_settings(
        max_memory_usage=1000, max_untracked_memory=0
    ),
    "TIMEOUT_EXCEEDED": lambda outage: outage.fickle.with_settings(max_execution_time=0.000001),
}
"""What a server needs time to get over; the short round leaves it to `tests/sinks/test_wrong_answers.py`."""


@pytest.fixture
def outage(stage, front) -> Iterator[Callable[[int], Outage]]:
    with Fickle(front.port) as fickle:

        def begin(days: int) -> Outage:
            address = free_address()
            place = SecretStr(f"http://127.0.0.1:{fickle.port}")
            return Outage(stage(days, clickhouse=place, health=address), fickle, address)

        yield begin


def test_every_refusal_is_waited_out_and_nothing_is_lost(outage, full: bool):
    one = outage(6 if full else 1)
    troubles = SOON | SLOWLY if full else SOON
    for cause, trouble in troubles.items():
        with trouble(one):
            one.send(50)
            one.until(lambda cause=cause: one.is_waiting(cause), f"it waits because of {cause}")
            assert one.watch.health()["oldest_unstored"] is not None
        one.until(one.is_well, f"it goes on after {cause}")
    misled = one.fickle.misled
    with one.fickle.cutting(1):  # what was asked for has happened, but who asked does not know
        one.send(50)
        one.until(lambda: one.fickle.misled > misled + 3, "answers are cut")
    one.until(one.is_well, "it goes on")
    stored = one.watch.metric("hubbub_events_stored_total")
    with one.fickle.slow(0.1):
        one.send(50)
        one.until(lambda: one.watch.metric("hubbub_events_stored_total") > stored, "it is slow, and goes on")
    one.send_rest()
    one.scene.finish()
    assert one.watch.metric("hubbub_rebalances_total") == one.rebalances
    one.scene.check()


def test_clickhouse_gone_for_long_in_the_midst_of_the_load(outage, full: bool):
    """For 60 s in the full round, in which heartbeats go on, nothing is fetched in vain, and memory stays."""
    one = outage(6 if full else 1)
    one.send(100)
    one.until(lambda: one.watch.metric("hubbub_events_stored_total") > 0, "something is stored")
    with one.fickle.gone():
        one.send(200)
        one.until(lambda: one.is_waiting("NETWORK"), "it waits")
        before = one.watch.metric("process_resident_memory_bytes")
        back = time.monotonic() + (60.0 if full else 3.0)  # three sessions in the short round
        while time.monotonic() < back:  # the load goes on
            one.scene.send(one.rng.choices(one.scene.world.late, k=500 if full else 100))
        one.until(lambda: sum(one.watch.health()["lag"].values()) > 200, "it knows what waits in the topic")
        report = one.watch.health()
        assert (report["state"], report["partitions"]) == ("waiting for ClickHouse", [0, 1, 2])
        assert one.watch.metric("hubbub_waiting_seconds_total") > (50 if full else 2)
        assert one.watch.metric("process_resident_memory_bytes") - before < ROOM
    one.send_rest()
    one.until(lambda: not any(one.watch.health()["lag"].values()), "it has caught up", 300.0)
    one.scene.finish()
    assert one.watch.metric("hubbub_rebalances_total") == one.rebalances
    assert one.is_well()
    one.scene.check()


@pytest.mark.parametrize("how", ["gone", "hanging"])
def test_a_worker_that_is_told_to_stop_in_an_outage_stops_and_the_next_one_loses_nothing(
    outage, full: bool, how: str
):
    if how == "hanging" and not full:
        pytest.skip(
            "takes the worker's whole patience: in the full round, and in tests/streams/test_gather.py"
        )
    one = outage(3 if full else 1)
    one.send(100)
    trouble = one.fickle.gone() if how == "gone" else one.fickle.hanging()
    misled = one.fickle.misled
    with trouble:
        one.send(200)
        if how == "gone":
            one.until(lambda: one.is_waiting("NETWORK"), "it waits")
        else:
            one.until(lambda: one.fickle.misled > misled, "it is kept waiting")
        told = time.monotonic()
        assert one.worker.end() == 0
        assert time.monotonic() - told < (5.0 if how == "gone" else one.scene.settings.drain_seconds + 5.0)
    one.scene.start(health="")
    one.send_rest()
    one.scene.finish()
    one.scene.check()
