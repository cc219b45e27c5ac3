"""Compiled or not: the same rows in every flush, down to what each has seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.logs import NOW, TOPIC, sink_with
from support.worlds import ACCOUNTS, REGISTRY, START, worlds

from schemas.registry import Registry
from streams.control import Concerned, Forget, RegistryChange, Settle
from streams.decode import Arrival
from streams.ingest import message
from streams.pipeline import Batch, Pipeline
from streams.replay import Line
from streams.simulator import simulate
from streams.sources import open_source
from streams.speeds import Defined, Speed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from schemas.event import SocialEvent
    from sinks.memory import MemorySink
    from sinks.sink import Flush
    from streams.control import Control

pytest.importorskip("hubbub_compiled")

from streams.compiled import Compiled

SPEEDS = (Defined(), Compiled())
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


def _lines(log: Sequence[SocialEvent | Control]) -> list[Line]:
    """The events of a log as they come out of Kafka."""
    return [Line(offset, message(item), -1) for offset, item in enumerate(log)]


def _flushes(
    sink: MemorySink, speed: Speed, log: Sequence[SocialEvent | Control], cuts: Sequence[int], capacity: int
) -> Iterator[Flush]:
    pipeline = Pipeline(sink, capacity=capacity, speed=speed)
    pipeline.assign(TOPIC, 0, 0)
    start = 0
    for end in sorted({*(cut for cut in cuts if 0 < cut < len(log)), len(log)}):
        arrivals = [Arrival(offset, log[offset]) for offset in range(start, end)]
        flush = pipeline.fold({0: Batch(arrivals, [], start, end)}, NOW)
        sink.write(flush)
        pipeline.stored()
        yield flush
        start = end


def _said(flush: Flush) -> dict[str, Counter[str]]:
    """All rows of each table, whatever their order."""
    return {table.name: Counter(map(repr, getattr(flush, table.name))) for table in fields(flush)}


@given(world=worlds(), controls=st.lists(_CONTROLS, max_size=4), data=st.data())
@settings(max_examples=150, deadline=None)
def test_every_flush_is_the_same(
    world: list[SocialEvent], controls: list[Control], data: st.DataObject
) -> None:
    doubled = world + data.draw(st.lists(st.sampled_from(world), max_size=4))
    log = data.draw(st.permutations([*doubled, *controls]))
    cuts = data.draw(st.lists(st.integers(1, len(log)), max_size=5))
    capacity = data.draw(st.sampled_from([0, 2, 1000]))
    registries = (REGISTRY, Registry(brand=REGISTRY.brand[:1]))
    sinks = [sink_with(*registries) for _ in SPEEDS]
    both = (_flushes(sink, speed, log, cuts, capacity) for sink, speed in zip(sinks, SPEEDS, strict=True))
    for defined, compiled in zip(*both, strict=True):
        assert _said(compiled) == _said(defined)


@pytest.mark.parametrize("capacity", [0, 300, 100_000])
def test_a_simulated_community_makes_the_same_flushes(capacity: int) -> None:
    simulation = simulate(days=3)
    _compare(simulation.registry, simulation.events, capacity)


@pytest.mark.parametrize("capacity", [0, 1000])
def test_real_conversations_make_the_same_flushes(shared_data: Path, capacity: int) -> None:
    source = open_source("twcs", shared_data / "twcs_5000.csv")
    registry = source.brands()
    assert registry is not None
    _compare(registry, [keyed.event for keyed in source.events()], capacity)


def _compare(registry: Registry, events: Sequence[SocialEvent], capacity: int) -> None:
    lines = _lines(events)
    pipelines = []
    for speed in SPEEDS:
        sink = sink_with(registry)
        pipeline = Pipeline(sink, capacity=capacity, speed=speed)
        pipeline.assign(TOPIC, 0, 0)
        pipelines.append((sink, speed, pipeline))
    for start in range(0, len(lines), 1500):
        part = lines[start : start + 1500]
        said = []
        for sink, speed, pipeline in pipelines:
            decoded = speed.decode(part)
            flush = pipeline.fold(
                {0: Batch(decoded.arrivals, decoded.refusals, start, start + len(part))}, NOW
            )
            sink.write(flush)
            pipeline.stored()
            said.append(_said(flush))
        assert said[0]["interactions"].total() > 100
        assert said[1] == said[0]
