"""A flush is folded while the one before is written; the tables are the same, whatever fails."""

from __future__ import annotations

import asyncio
import json
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.logs import NOW, TOPIC, batch, run, sink_with
from support.patience import until
from support.tables import said
from support.worlds import ACCOUNTS, REGISTRY, START, worlds

from schemas.errors import RetryLater, Stop, Superseded
from schemas.event import SocialEvent
from schemas.registry import Registry
from sinks.memory import MemorySink
from streams.control import Concerned, Forget, RegistryChange, Settle
from streams.flushes import Flushes
from streams.pipeline import Batch, Pipeline
from streams.speeds import Defined, fastest
from streams.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sinks.sink import Flush
    from streams.control import Control

REGISTRIES = (REGISTRY, Registry(brand=REGISTRY.brand[:1]))
_CONTROLS = st.one_of(
    st.builds(
        Forget,
        platform=st.just("x"),
        account=st.sampled_from(ACCOUNTS),
        until=st.integers(0, 6).map(lambda minutes: START + timedelta(minutes=minutes)),
        threads=st.sampled_from(Concerned),
    ),
    st.builds(
        Settle,
        platform=st.just("x"),
        thread=st.integers(0, 4).map(lambda number: f"m{number}"),
        until=st.integers(0, 9).map(lambda minutes: START + timedelta(minutes=minutes)),
    ),
    st.builds(RegistryChange, version=st.integers(1, 2)),
)


@st.composite
def _logs(draw: st.DrawFn) -> tuple[list[SocialEvent | Control], list[int]]:
    """A log with duplicates and controls in any order, and where batches of it end."""
    world = draw(worlds())
    doubled = world + draw(st.lists(st.sampled_from(world), max_size=4))
    log = draw(st.permutations([*doubled, *draw(st.lists(_CONTROLS, max_size=4))]))
    cuts = draw(st.lists(st.integers(1, len(log)), min_size=5, max_size=9))
    return log, sorted({*cuts, len(log)})


def _batches(log: Sequence[SocialEvent | Control], ends: Sequence[int]) -> list[Batch]:
    return [batch(log, start, end) for start, end in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize("speed", [Defined(), fastest()], ids=["defined", "fastest"])
@given(cut=_logs(), capacity=st.sampled_from([0, 2, 1000]))
@settings(max_examples=100, deadline=None)
def test_a_flush_is_the_same_while_the_one_before_is_not_stored(speed, cut, capacity):
    sink = sink_with(*REGISTRIES)
    pipeline = Pipeline(sink, capacity=capacity, speed=speed)
    pipeline.assign(TOPIC, 0, 0)
    ahead: list[Flush] = []
    for part in _batches(*cut):
        ahead.append(pipeline.fold({0: part}, NOW))
        if len(ahead) == 2:
            sink.write(ahead.pop(0))
            pipeline.stored()
    sink.write(ahead.pop())
    pipeline.stored()
    assert pipeline.cached.activities <= capacity
    assert said(sink) == said(run(sink_with(*REGISTRIES), cut[0], cuts=cut[1], capacity=capacity))


def test_where_an_activity_is_outlasts_another_thread_that_has_it_too():
    of_acme = {"platform": "x", "actor": {"id": "acme"}, "published": START.isoformat()}
    log = [
        SocialEvent.model_validate_json(json.dumps(of_acme | event))
        for event in (
            {"id": "b", "activity": "update", "version": 1, "conversation": "elsewhere"},
            {"id": "b", "activity": "reply", "in_reply_to": {"id": "a"}},
            {"id": "a", "activity": "reply", "in_reply_to": {"id": "b"}},
        )
    ]
    sink = sink_with(REGISTRY)
    pipeline = Pipeline(sink, capacity=0)
    pipeline.assign(TOPIC, 0, 0)
    first, second, third = _batches(log, [1, 2, 3])
    written = pipeline.fold({0: first}, NOW)
    ahead = pipeline.fold({0: second}, NOW)
    sink.write(written)
    pipeline.stored()  # drops the thread that only the first flush has used
    last = pipeline.fold({0: third}, NOW)
    for flush in (ahead, last):
        sink.write(flush)
        pipeline.stored()
    assert said(sink) == said(run(sink_with(REGISTRY), log))


FATES = [*["works"] * 6, "rebuilt", "rebuilt", "away", "late"]


class Faulty(MemorySink):
    """A sink that works, fails, or has worked and says that it failed, as it is told for each call.

    In a way that nobody has foreseen, it fails only to write.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__()
        self._faults = iter(faults)

    def write(self, flush: Flush) -> None:
        self._meet(lambda: super(Faulty, self).write(flush), breaks=True)

    def threads(self, keys):
        return self._meet(lambda: super(Faulty, self).threads(keys))

    def minutes(self, keys, epoch, partition):
        return self._meet(lambda: super(Faulty, self).minutes(keys, epoch, partition))

    def _meet(self, call: Callable[[], object], *, breaks: bool = False):
        match next(self._faults, "works"):
            case "away":
                raise RetryLater("ClickHouse is away", retry_after=0.0)
            case "late":
                call()
                raise RetryLater("ClickHouse went away", retry_after=0.0)
            case "rebuilt":
                raise Superseded("the tables were rebuilt", retry_after=0.0)
            case "broken" if breaks:
                raise ValueError("what nobody has foreseen")
        return call()


class Scene:
    """Flushes of batches over a faulty sink, and what was handed over."""

    def __init__(self, faults: Sequence[str] = (), *, capacity: int = 1000) -> None:
        self.sink = Faulty(faults)
        for version in (1, 2):
            self.sink.store_registry(sink_with(*REGISTRIES).registry(version))
        self.stored: list[int] = []
        """Where the batches ended, in the order in which they were handed over."""
        pipeline = Pipeline(self.sink, capacity=capacity)
        self.flushes: Flushes[Batch] = Flushes(
            Store(self.sink, pipeline, lambda: TOPIC), lambda part: {0: part}, self._hand_over
        )

    async def add(self, part: Batch) -> None:
        await self.flushes.add(lambda: part)

    async def _hand_over(self, part: Batch, _: Flush, leaving: threading.Event) -> bool:
        assert not leaving.is_set()
        self.stored.append(part.end)
        return True


@given(
    cut=_logs(),
    faults=st.lists(
        st.sampled_from(["works"] * 6 + ["rebuilt"] * 2 + ["away", "late"]), min_size=40, max_size=40
    ),
    broken=st.none() | st.integers(0, 40),
    capacity=st.sampled_from([0, 2, 1000]),
    rebalance=st.none() | st.integers(0, 9),
)
@settings(max_examples=150, deadline=None)
def test_whatever_fails_everything_is_stored_once_and_in_order(cut, faults, broken, capacity, rebalance):
    if broken is not None:
        faults.insert(broken, "broken")
    scene = Scene(faults, capacity=capacity)

    async def flush() -> None:
        for number, part in enumerate(_batches(*cut)):
            await scene.add(part)
            if number == rebalance:
                await scene.flushes.finish()
                await scene.flushes.forget()
        await scene.flushes.finish()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streams.store.LONGEST_PAUSE", 1e-4)
        asyncio.run(flush())
    assert scene.stored == cut[1]
    assert scene.flushes.loads == []
    assert said(scene.sink) == said(run(sink_with(*REGISTRIES), cut[0], cuts=cut[1], capacity=capacity))


class Gate:
    """Lets nobody through until it is opened; says who stands before it."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self.waiting = 0

    def open(self) -> None:
        self._open.set()

    def pass_through(self) -> None:
        self.waiting += 1
        assert self._open.wait(20)
        self.waiting -= 1


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


@pytest.fixture
def parts() -> list[Batch]:
    log = [
        Settle(platform="x", thread="m0", until=START + timedelta(minutes=minutes)) for minutes in range(5)
    ]
    return _batches(log, range(1, 6))


async def test_one_is_folded_and_one_gathered_while_one_is_written(gate, parts, monkeypatch):
    scene = Scene()
    await scene.add(parts[0])  # alone: the partition is new
    await scene.flushes.finish()
    write, folded = scene.sink.write, []
    monkeypatch.setattr(scene.sink, "write", lambda flush: (gate.pass_through(), write(flush)))
    scene.flushes._decode = lambda part: folded.append(part.end) or {0: part}  # noqa: SLF001 - looks on
    await scene.add(parts[1])
    await until(lambda: gate.waiting)
    await scene.add(parts[2])
    await until(lambda: folded == [2, 3])
    third = asyncio.create_task(scene.add(parts[3]))
    await asyncio.sleep(0)
    assert (scene.stored, [part.end for part in scene.flushes.loads], third.done()) == ([1], [2, 3], False)
    gate.open()
    await third
    await scene.flushes.finish()
    assert scene.stored == [1, 2, 3, 4]


async def test_what_is_left_to_itself_hands_nothing_over_and_nothing_follows(gate, parts, monkeypatch):
    scene = Scene()
    await scene.add(parts[0])
    await scene.flushes.finish()
    written: list[int] = []
    monkeypatch.setattr(
        scene.sink, "write", lambda flush: (gate.pass_through(), written.append(len(flush.activities)))
    )
    await scene.add(parts[1])
    await scene.add(parts[2])
    await until(lambda: gate.waiting)
    taken: list[Batch] = []
    late = asyncio.create_task(scene.flushes.add(lambda: taken.append(parts[3])))
    await asyncio.sleep(0)
    other = scene.flushes.anew()
    gate.open()
    await late
    await until(lambda: written)
    await scene.flushes.finish()
    assert (scene.stored, len(written), taken, other.loads) == ([1], 1, [], [])


async def test_where_one_is_given_up_the_next_is_not_stored(parts, monkeypatch):
    scene = Scene()
    await scene.add(parts[0])
    await scene.flushes.finish()
    tried: list[int] = []

    def refuse(flush: Flush) -> None:
        tried.append(flush.activities[0].source_offset)
        raise RetryLater("ClickHouse is away", retry_after=0.0)

    monkeypatch.setattr(scene.sink, "write", refuse)
    scene.flushes.leaving.set()
    await scene.add(parts[1])
    await scene.add(parts[2])
    await scene.flushes.finish()
    assert (scene.stored, len(set(tried))) == ([1], 1)
    monkeypatch.undo()
    scene.flushes.leaving.clear()
    await scene.flushes.forget()
    await scene.add(parts[1])
    await scene.flushes.finish()
    assert scene.stored == [1, 2]


async def test_what_was_folded_before_a_rebuild_is_folded_again(gate, parts, monkeypatch):
    scene = Scene()
    await scene.add(parts[0])
    await scene.flushes.finish()
    store, write = scene.flushes._store, scene.sink.write  # noqa: SLF001 - looks on
    fold, folded, written = store.fold_ahead, [], []

    def fold_ahead(*batches):
        ready = fold(*batches)
        folded.append(ready)
        return ready

    def refuse_the_first(flush: Flush) -> None:
        written.append(flush)
        if len(written) == 1:
            gate.pass_through()
            raise Superseded("the tables were rebuilt", retry_after=0.0)
        write(flush)

    monkeypatch.setattr(store, "fold_ahead", fold_ahead)
    monkeypatch.setattr(scene.sink, "write", refuse_the_first)
    await scene.add(parts[1])
    await scene.add(parts[2])
    await until(lambda: len(folded) == 2)
    gate.open()
    await scene.flushes.finish()
    assert scene.stored == [1, 2, 3]
    assert len(written) == 3
    assert [any(flush is ready.flush for flush in written) for ready in folded] == [True, False]


async def test_whoever_tends_waits_for_nothing_and_does_again_what_has_failed(gate, parts, monkeypatch):
    scene = Scene()
    await scene.add(parts[0])
    await scene.flushes.finish()
    write, tried = scene.sink.write, []

    def refuse_the_first(flush: Flush) -> None:
        tried.append(flush)
        if len(tried) == 1:
            gate.pass_through()
            raise Superseded("the tables were rebuilt", retry_after=0.0)
        write(flush)

    monkeypatch.setattr(scene.sink, "write", refuse_the_first)
    await scene.add(parts[1])
    await until(lambda: gate.waiting)
    await asyncio.wait_for(scene.flushes.tend(), 5)
    assert scene.stored == [1]
    gate.open()
    await until(scene.flushes._written.done.done)  # noqa: SLF001 - looks on
    await scene.flushes.tend()
    assert scene.stored == [1, 2]


async def test_whoever_tends_hears_what_stops_the_worker(parts, monkeypatch):
    scene = Scene()

    def refuse(_: Flush) -> None:
        raise Stop("no such table; run hubbub migrate")

    monkeypatch.setattr(scene.sink, "write", refuse)
    await scene.add(parts[0])
    await until(scene.flushes._folded.done.done)  # noqa: SLF001 - looks on
    with pytest.raises(Stop, match="migrate"):
        await scene.flushes.tend()
