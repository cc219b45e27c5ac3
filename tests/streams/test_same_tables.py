"""Shuffled, in other batches, fed twice: the same tables, on the simulator and on real conversations."""

from __future__ import annotations

import functools
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import twcs as oracle
from support.tables import said

from schemas.rows import RegistryRow
from sinks.memory import MemorySink
from sinks.tables import CONVERSATIONS, INTERACTIONS, MINUTES
from streams.decode import Arrival, decode
from streams.ingest import message
from streams.pipeline import Batch, Pipeline, Source
from streams.replay import Line
from streams.settlement import settlements
from streams.simulator import SUMS, simulate
from streams.sources import open_source

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.registry import Registry

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TOPIC = Source("social.events", 1)


@dataclass(frozen=True)
class Feed:
    registry: Registry
    messages: list[bytes]


@functools.cache
def _simulated(days: int) -> Feed:
    simulation = simulate(days=days)
    return Feed(simulation.registry, [message(event) for event in simulation.events])


@functools.cache
def _real(path: Path, *, with_conversations: bool) -> Feed:
    source = open_source("twcs", path)
    registry = source.brands()
    assert registry is not None
    dropped = {} if with_conversations else {"conversation": None}
    return Feed(registry, [message(keyed.event.model_copy(update=dropped)) for keyed in source.events()])


def _tables(feed: Feed, order: list[int], sizes: list[int], capacity: int) -> MemorySink:
    """Feed the messages in an order, in batches of these sizes over and over."""
    sink = MemorySink()
    registry = feed.registry
    sink.store_registry(
        RegistryRow(version=1, digest=registry.digest, body=registry.to_json(), stored_at=NOW)
    )
    pipeline = Pipeline(sink, capacity=capacity)
    pipeline.assign(TOPIC, 0, 0)
    start = turn = 0
    while start < len(order):
        end = min(start + sizes[turn % len(sizes)], len(order))
        turn += 1
        lines = [
            Line(offset, feed.messages[order[offset]], int(NOW.timestamp() * 1000))
            for offset in range(start, end)
        ]
        decoded = decode(lines)
        assert not decoded.refusals
        sink.write(pipeline.fold({0: Batch(decoded.arrivals, [], start, end)}, NOW))
        pipeline.stored()
        start = end
    due = [Arrival(start + number, item) for number, item in enumerate(settlements(sink, NOW, 1, 0))]
    if due:
        sink.write(pipeline.fold({0: Batch(due, [], start, start + len(due))}, NOW))
    return sink


@functools.cache
def _clean(path: Path | None) -> dict[str, Any]:
    feed = _real(path, with_conversations=True) if path else _simulated(7)
    return said(_tables(feed, list(range(len(feed.messages))), [len(feed.messages)], 10**6))


@st.composite
def _feeding(draw: st.DrawFn, messages: int) -> tuple[list[int], list[int], int]:
    """An order with everything once or twice, batch sizes, and a cache capacity."""
    order = list(range(messages)) * draw(st.sampled_from([1, 2]))
    # A seed and not a permutation: Hypothesis would spend its time on drawing thousands of numbers.
    random.Random(draw(st.integers(0, 2**32))).shuffle(order)
    sizes = draw(st.lists(st.integers(200, 4000), min_size=1, max_size=4))
    return order, sizes, draw(st.sampled_from([0, 500, 10**6]))


@pytest.mark.thorough
@given(data=st.data())
@settings(max_examples=4, deadline=None)
def test_on_the_simulator(data: st.DataObject) -> None:
    feed = _simulated(7)
    feeding = data.draw(_feeding(len(feed.messages)))
    assert said(_tables(feed, *feeding)) == _clean(None)


@pytest.mark.thorough
@pytest.mark.parametrize("with_conversations", [True, False])
@given(data=st.data())
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_on_real_conversations(shared_data: Path, with_conversations: bool, data: st.DataObject) -> None:
    path = shared_data / "twcs_5000.csv"
    feed = _real(path, with_conversations=with_conversations)
    feeding = data.draw(_feeding(len(feed.messages)))
    # Whether the file's reader or the stream works out the roots makes no difference either.
    assert said(_tables(feed, *feeding)) == _clean(path)


def test_real_directions_equal_an_independent_computation(shared_data: Path) -> None:
    path = shared_data / "twcs_5000.csv"
    feed = _real(path, with_conversations=True)
    sink = _tables(feed, list(range(len(feed.messages))), [1000], 10**6)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in sink.rows(INTERACTIONS):
        counts[row.brand][str(row.direction)] += 1
    for brand, expected in oracle.direction_counts(str(path)).items():
        assert {name: counts[brand][name] for name in expected} == expected, brand
    rates: dict[str, Counter[str]] = defaultdict(Counter)
    for window in sink.rows(MINUTES):
        rates[window.brand].update({name: getattr(window, name) for name in SUMS})
    for row in oracle.conversation_rates(str(path)).iter_rows(named=True):
        found = rates[row["brand"]]
        assert (found["root_replies"], found["brand_roots"]) == (row["d5_numerator"], row["d5_denominator"])
        assert found["c2c_conversations"] == row["c2_numerator"]
        assert found["customer_conversations"] == row["c2_denominator"]
    assert sum(row.messages for row in sink.rows(CONVERSATIONS)) == len(sink.rows(INTERACTIONS))


def test_every_sum_equals_the_simulators_truth() -> None:
    simulation = simulate(days=28)
    feed = Feed(simulation.registry, [message(event) for event in simulation.events])
    sink = _tables(feed, list(range(len(feed.messages))), [2000], 10**6)
    by_day: dict[tuple[str, Any], Counter[str]] = defaultdict(Counter)
    for row in sink.rows(MINUTES):
        by_day[row.brand, row.minute.date()].update({name: getattr(row, name) for name in SUMS})
    days = simulation.totals_by_day.items()
    truth = {key: +Counter({name: sums[name] for name in SUMS}) for key, sums in days}
    assert {key: +sums for key, sums in by_day.items() if +sums} == {k: v for k, v in truth.items() if v}
