"""Flush on size or age; acknowledge what is stored and nothing else."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING

import pytest
from support.patience import until

from schemas.errors import RetryLater, Stop
from schemas.registry import Registry
from schemas.rows import RegistryRow
from schemas.settings import Settings
from sinks.memory import MemorySink
from sinks.tables import DEAD_LETTERS, INTERACTIONS, MINUTES
from streams.decode import LATEST
from streams.gather import Gatherer
from streams.pipeline import Pipeline, Source
from streams.replay import Line
from streams.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from schemas.rows import ActivityRow, DeadLetterRow
    from sinks.sink import Flush


class Faulty(MemorySink):
    """A sink that is away for the next so many calls."""

    def __init__(self) -> None:
        super().__init__()
        self.away_for_writes = 0
        self.away_for_reads = 0
        registry = Registry.of_names("x", ["acme"])
        self.store_registry(
            RegistryRow(version=1, digest=registry.digest, body=registry.to_json(), stored_at=LATEST)
        )

    def write(self, flush: Flush) -> None:
        if self.away_for_writes:
            self.away_for_writes -= 1
            raise RetryLater("ClickHouse is away", retry_after=0.001)
        super().write(flush)

    def threads(self, keys: Collection[tuple[str, str]]) -> Sequence[ActivityRow]:
        if self.away_for_reads:
            self.away_for_reads -= 1
            raise RetryLater("ClickHouse is away", retry_after=0.001)
        return super().threads(keys)


class Scene:
    """A gatherer with everything that can be seen of it."""

    def __init__(self, **limits: float) -> None:
        self.sink = Faulty()
        self.acknowledged: list[str] = []
        self.published: list[DeadLetterRow] = []
        self.away_for_letters = 0
        settings = Settings(flush_events=4, **({"flush_seconds": 3600.0, "drain_seconds": 0.1} | limits))
        store = Store(self.sink, Pipeline(self.sink), lambda: Source("social.events", 1))
        self.gatherer: Gatherer[str] = Gatherer(
            store, settings, acknowledge=self.acknowledged.append, publish=self._publish
        )

    async def _publish(self, letters: Sequence[DeadLetterRow]) -> None:
        assert not self.acknowledged
        if self.away_for_letters:
            self.away_for_letters -= 1
            raise RetryLater("Kafka takes nothing", retry_after=0.001)
        self.published += letters

    async def add(self, receipt: str, *ids: int, partition: int = 0) -> None:
        lines = [Line(number, _post(number), 1_790_000_000_000) for number in ids]
        await self.gatherer.add(partition, lines, receipt)

    @property
    def stored(self) -> set[str]:
        return {row.id for row in self.sink.rows(INTERACTIONS)}


def _post(number: int) -> bytes:
    return json.dumps(
        {
            "platform": "x",
            "activity": "post",
            "id": str(number),
            "actor": {"id": "acme"},
            "published": "2026-02-01T00:00:00Z",
        }
    ).encode()


async def test_flushes_on_size() -> None:
    scene = Scene()
    await scene.add("a", 0, 1, 2)
    assert (scene.stored, scene.acknowledged) == (set(), [])
    await scene.add("b", 3)
    await until(lambda: scene.acknowledged == ["a", "b"])
    assert scene.stored == {"0", "1", "2", "3"}


async def test_flushes_on_age() -> None:
    scene = Scene(flush_seconds=1e-9)
    await scene.add("a", 0)
    await scene.gatherer.flush_if_due()
    await until(lambda: scene.acknowledged == ["a"])
    assert scene.stored == {"0"}


async def test_does_not_flush_before_it_is_due() -> None:
    scene = Scene()
    await scene.add("a", 0)
    await scene.gatherer.flush_if_due()
    assert (scene.stored, scene.acknowledged) == (set(), [])


@pytest.mark.parametrize("fault", ["away_for_writes", "away_for_reads"])
async def test_a_sink_that_comes_back_gets_everything_once(fault: str) -> None:
    scene = Scene()
    setattr(scene.sink, fault, 3)
    await scene.add("a", 0, 1)
    await scene.add("b", 0, 1, partition=1)
    await scene.gatherer.flush()
    assert getattr(scene.sink, fault) == 0
    assert (scene.stored, scene.acknowledged) == ({"0", "1"}, ["a", "b"])


async def test_a_sink_that_is_away_does_not_hold_up_who_leaves_and_nothing_is_lost() -> None:
    scene = Scene()
    scene.sink.away_for_writes = 1_000_000
    await scene.add("a", 0)
    flushing = asyncio.create_task(scene.gatherer.flush())
    await scene.gatherer.let_go()
    await flushing
    assert (scene.stored, scene.acknowledged) == (set(), [])
    scene.sink.away_for_writes = 0
    await scene.add("again", 0, 1, 2, 3)
    await scene.gatherer.flush()
    assert (scene.stored, scene.acknowledged) == ({"0", "1", "2", "3"}, ["again"])


async def test_a_sink_that_hangs_does_not_hold_up_who_leaves_and_what_it_takes_late_counts_once() -> None:
    scene = Scene()
    write, hanging, late = scene.sink.write, threading.Event(), threading.Event()

    def hang(flush: Flush) -> None:
        hanging.wait()
        write(flush)
        late.set()

    scene.sink.write = hang  # type: ignore[method-assign]
    await scene.add("a", 0)
    await scene.gatherer.let_go()
    assert (scene.stored, scene.acknowledged) == (set(), [])
    scene.sink.write = write  # type: ignore[method-assign]
    await scene.add("again", 0, 1, 2, 3)
    await scene.gatherer.flush()
    assert (scene.stored, scene.acknowledged) == ({"0", "1", "2", "3"}, ["again"])
    before = scene.sink.rows(MINUTES)
    hanging.set()
    assert await asyncio.to_thread(late.wait, 10)
    assert scene.stored == {"0", "1", "2", "3"}
    assert scene.sink.rows(MINUTES) == before


async def test_what_was_given_up_comes_again_and_counts_once() -> None:
    scene = Scene()
    await scene.add("a", 0, 1, 2, 3)
    await scene.gatherer.let_go()
    await scene.add("again", 2, 3, 4, 5)
    await scene.gatherer.flush()
    assert scene.stored == {str(number) for number in range(6)}
    assert scene.acknowledged == ["a", "again"]


async def test_refused_events_are_published_before_they_are_acknowledged() -> None:
    scene = Scene()
    await scene.gatherer.add(0, [Line(5, b"\xff", 0)], "a")
    await scene.gatherer.flush()
    (letter,) = scene.published
    assert (letter.body, letter.source_offset, letter.reason) == (b"\xff", 5, "unreadable")
    assert scene.sink.rows(DEAD_LETTERS) == [letter]
    assert scene.acknowledged == ["a"]


async def test_what_is_not_published_yet_is_not_acknowledged_yet() -> None:
    scene = Scene()
    scene.away_for_letters = 2
    await scene.gatherer.add(0, [Line(5, b"\xff", 0)], "a")
    await scene.gatherer.flush()
    assert (len(scene.published), scene.acknowledged) == (1, ["a"])


async def test_dead_letters_that_nobody_takes_do_not_hold_up_who_leaves() -> None:
    scene = Scene()
    scene.away_for_letters = 1_000_000
    await scene.gatherer.add(0, [Line(5, b"\xff", 0)], "a")
    flushing = asyncio.create_task(scene.gatherer.flush())
    await scene.gatherer.let_go()
    await flushing
    assert (scene.published, scene.acknowledged) == ([], [])
    scene.away_for_letters = 0
    await scene.gatherer.add(0, [Line(5, b"\xff", 0)], "again")
    await scene.gatherer.flush()
    assert (len(scene.published), scene.acknowledged) == (1, ["again"])


async def test_redelivered_batches_that_stand_out_of_order_are_put_in_order() -> None:
    scene = Scene()
    await scene.add("late", 2, 3)
    await scene.add("early", 1, 2)
    await scene.gatherer.flush()
    assert scene.stored == {"1", "2", "3"}


async def test_a_fault_for_good_is_not_swallowed() -> None:
    scene = Scene()

    def broken(_: Flush) -> None:
        raise Stop("no such table; run hubbub migrate")

    scene.sink.write = broken  # type: ignore[method-assign]
    await scene.add("a", 0)
    with pytest.raises(Stop, match="migrate"):
        await scene.gatherer.flush()
    assert not scene.acknowledged
