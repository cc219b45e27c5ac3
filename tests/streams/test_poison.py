"""An event that breaks the fold is a dead letter; what stands around it is stored as if it were not there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables import said
from support.worlds import REGISTRY, START, worlds

from schemas.errors import Refused, RetryLater, Stop
from schemas.event import Activity, Actor, SocialEvent
from schemas.rows import MARKS, ActivityRow, RegistryRow
from sinks.memory import MemorySink
from sinks.tables import ACTIVITIES, DEAD_LETTERS
from streams.control import RegistryChange, Settle
from streams.decode import Arrival, Refusal, decode_one
from streams.limit import UNLIMITED, Limit
from streams.pipeline import Batch, Pipeline, Source
from streams.replay import Line
from streams.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sinks.sink import Flush
    from streams.control import Control

Item = SocialEvent | RegistryChange | Settle


def _activities(sink: MemorySink) -> list[ActivityRow]:
    return [row for row in sink.rows(ACTIVITIES) if row.activity not in MARKS]


def _topic() -> Source:
    return Source("social.events", 1)


class Poisoned(Pipeline):
    """Breaks when it is done with a batch that holds what is poison: its memory is as spoilt as it can be."""

    def __init__(self, sink: MemorySink, is_poison: Callable[[Item], bool]) -> None:
        super().__init__(sink)
        self.is_poison = is_poison
        self.folds = 0

    def fold(self, batches: Mapping[int, Batch], now: datetime) -> Flush:
        self.folds += 1
        flush = super().fold(batches, now)
        if any(self.is_poison(arrival.item) for batch in batches.values() for arrival in batch.arrivals):
            raise KeyError("my number is 12345")
        return flush


class Choosy(MemorySink):
    """Breaks before it stores anything of a flush with a row for what is poison."""

    def __init__(self, poison: frozenset[str]) -> None:
        super().__init__()
        self._poison = poison

    def write(self, flush: Flush) -> None:
        if any(row.id in self._poison for row in flush.activities):
            raise OverflowError("too large")
        super().write(flush)


def _with_registry(sink: MemorySink) -> MemorySink:
    sink.store_registry(
        RegistryRow(version=1, digest=REGISTRY.digest, body=REGISTRY.to_json(), stored_at=START)
    )
    return sink


def _post(number: int, by: str = "acme") -> SocialEvent:
    return SocialEvent(
        platform="x",
        activity=Activity.POST,
        id=str(number),
        actor=Actor(id=by),
        published=START,
        text="my number is 12345",
    )


def _batch(log: Sequence[Item], start: int, end: int) -> Batch:
    return Batch([Arrival(offset, log[offset]) for offset in range(start, end)], [], start, end)


def _letter(offset: int) -> Refusal:
    return Refusal(offset, b"{", Refused("unreadable", detail="not JSON"))


def _never(_: float) -> bool:
    return False


def _feed(store: Store, log: Sequence[Item], cuts: Sequence[int] = ()) -> Store:
    start = 0
    for end in sorted({*(cut for cut in cuts if 0 < cut < len(log)), len(log)}):
        assert store.store({0: _batch(log, start, end)}, START, _never) is not None
        start = end
    return store


def _refused(sink: MemorySink) -> set[int]:
    return {row.source_offset for row in sink.rows(DEAD_LETTERS)}


@given(world=worlds(), data=st.data())
@settings(max_examples=50, deadline=None)
def test_the_tables_are_those_of_the_rest_and_the_letters_are_those_that_break_it(
    world: list[SocialEvent], data: st.DataObject
) -> None:
    names = [(event.id, event.activity, event.version) for event in world]
    poison = data.draw(st.sets(st.sampled_from(names)))
    healthy = [event for event, name in zip(world, names, strict=True) if name not in poison]
    clean = _with_registry(MemorySink())
    if healthy:
        _feed(Store(clean, Pipeline(clean), _topic), healthy)
    sink = _with_registry(MemorySink())
    pipeline = Poisoned(
        sink,
        lambda item: isinstance(item, SocialEvent) and (item.id, item.activity, item.version) in poison,
    )
    store = Store(sink, pipeline, _topic)
    cuts = data.draw(st.lists(st.integers(1, len(world)), max_size=3))
    _feed(store, world, cuts)
    assert said(sink) == said(clean)
    assert _refused(sink) == {offset for offset, name in enumerate(names) if name in poison}
    # And when all of it comes again.
    _feed(store, world)
    assert said(sink) == said(clean)


def test_a_row_that_the_sink_cannot_take_is_found_too() -> None:
    log = [_post(number) for number in range(20)]
    sink = Choosy(frozenset({"3", "4", "19"}))
    _feed(Store(_with_registry(sink), Pipeline(sink), _topic), log)
    assert _refused(sink) == {3, 4, 19}
    assert {row.id for row in _activities(sink)} == {str(n) for n in range(20)} - {"3", "4", "19"}


def test_of_two_that_only_break_together_the_later_one_is_refused() -> None:
    class Together(Poisoned):
        def fold(self, batches: Mapping[int, Batch], now: datetime) -> Flush:
            flush = super().fold(batches, now)
            there = {row.id for row in (*sink.rows(ACTIVITIES), *flush.activities)}
            if {"5", "11"} <= there:
                raise RecursionError
            return flush

    sink = _with_registry(MemorySink())
    # What comes after the pair breaks no more: the later one never gets in.
    log = [_post(number) for number in range(16)]
    _feed(Store(sink, Together(sink, lambda _: False), _topic), log)
    assert _refused(sink) == {11}


def test_a_letter_holds_the_event_and_says_what_has_happened_without_quoting_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = [_post(number) for number in range(4)]
    sink = _with_registry(MemorySink())
    with caplog.at_level(logging.WARNING):
        _feed(Store(sink, Poisoned(sink, lambda item: item == log[2]), _topic), log)
    (letter,) = sink.rows(DEAD_LETTERS)
    assert (letter.reason, letter.field) == ("internal", "")
    assert letter.detail.startswith("KeyError: '…' (store.py:")
    assert decode_one(Line(0, letter.body, -1)) == log[2]
    (warning,) = caplog.messages
    assert warning.startswith("social.events/0/2 cannot be folded")
    assert "12345" not in warning + letter.detail


@pytest.mark.parametrize(
    "control", [RegistryChange(version=1), Settle(platform="x", thread="1", until=START)], ids=["r", "s"]
)
def test_a_control_that_breaks_it_stays_a_control(control: Control) -> None:
    sink = _with_registry(MemorySink())
    _feed(
        Store(sink, Poisoned(sink, lambda item: item == control), _topic),
        [_post(1), control, _post(2)],
    )
    (letter,) = sink.rows(DEAD_LETTERS)
    assert (letter.control, letter.reason, letter.source_offset) == (True, "internal", 1)


def test_several_partitions_are_told_apart() -> None:
    log = [_post(number) for number in range(8)]
    sink = _with_registry(MemorySink())
    store = Store(sink, Poisoned(sink, lambda item: item in (log[1], log[6])), _topic)
    store.store({0: _batch(log, 0, 3), 1: _batch(log, 3, 5), 2: _batch(log, 5, 8)}, START, _never)
    assert {(row.source_partition, row.source_offset) for row in sink.rows(DEAD_LETTERS)} == {(0, 1), (2, 6)}
    assert len(_activities(sink)) == 6


def test_what_is_delivered_twice_in_one_batch_is_found() -> None:
    event = _post(0)
    sink = _with_registry(MemorySink())
    batch = Batch([Arrival(0, event), Arrival(0, event), Arrival(1, _post(1))], [], 0, 2)
    Store(sink, Poisoned(sink, lambda item: item == event), _topic).store({0: batch}, START, _never)
    assert _refused(sink) == {0}


def test_finding_a_few_takes_few_folds() -> None:
    log = [_post(number) for number in range(1_024)]
    sink = _with_registry(MemorySink())
    pipeline = Poisoned(sink, lambda item: item in (log[7], log[500]))
    _feed(Store(sink, pipeline, _topic), log)
    assert pipeline.folds <= 2 * (2 * 10 + 3)


def test_a_fault_that_passes_costs_no_event() -> None:
    log = [_post(0)]
    sink = _with_registry(MemorySink())
    broken = [True]
    store = Store(sink, Poisoned(sink, lambda _: bool(broken and broken.pop())), _topic)
    _feed(store, log)
    assert not sink.rows(DEAD_LETTERS)
    assert len(_activities(sink)) == 1


def test_when_everything_breaks_the_limit_stops_it() -> None:
    log = [_post(number) for number in range(100)]
    sink = _with_registry(MemorySink())
    pipeline = Poisoned(sink, lambda _: True)
    with pytest.raises(Stop, match=r"6 events in a row .* 6 internal; .* 0/0 internal: KeyError"):
        _feed(Store(sink, pipeline, _topic, Limit(share=1.0, run=5)), log)
    assert pipeline.folds < 40


def test_a_batch_above_the_limit_is_not_written() -> None:
    class Unwritten(MemorySink):
        def write(self, flush: Flush) -> None:
            raise AssertionError(flush)

    sink = Unwritten()
    batch = _batch([_post(0)], 0, 1)
    batch.refusals += [_letter(offset) for offset in range(1, 4)]
    with pytest.raises(Stop, match="3 events in a row"):
        Store(sink, Pipeline(sink), _topic, Limit(share=1.0, run=2)).store({0: batch}, START, _never)


def test_a_batch_that_was_not_written_at_first_counts_once() -> None:
    class Away(MemorySink):
        faults = 3

        def write(self, flush: Flush) -> None:
            if self.faults:
                self.faults -= 1
                raise RetryLater("away")
            super().write(flush)

    sink = Away()
    batch = Batch([], [_letter(0), _letter(1)], 0, 2)
    store = Store(sink, Pipeline(sink), _topic, Limit(share=1.0, run=3))
    assert store.store({0: batch}, START, _never) is not None
    assert _refused(sink) == {0, 1}


def test_who_leaves_does_not_look_for_the_event() -> None:
    sink = _with_registry(MemorySink())
    store = Store(sink, Poisoned(sink, lambda _: True), _topic, UNLIMITED)
    assert store.store({0: _batch([_post(0), _post(1)], 0, 2)}, START, lambda _: True) is None
    assert not sink.rows(DEAD_LETTERS)


def test_a_fault_for_which_no_event_is_to_blame_is_not_hidden() -> None:
    class Broken(MemorySink):
        def write(self, flush: Flush) -> None:
            raise TimeoutError(flush)

    sink = Broken()
    with pytest.raises(TimeoutError):
        Store(sink, Pipeline(sink), _topic).store({0: Batch([], [_letter(0)], 0, 1)}, START, _never)


def test_a_partition_that_cannot_be_taken_over_costs_no_event() -> None:
    class Unreadable(MemorySink):
        def applied_marks(self, epoch: int, partition: int, after: int) -> list[int]:
            raise IndexError(epoch, partition, after)

    sink = Unreadable()
    with pytest.raises(
        Stop, match=r"partitions 0 of social.events cannot be taken over: internal: IndexError"
    ):
        _feed(Store(sink, Pipeline(sink), _topic), [_post(0)])
    assert not sink.rows(DEAD_LETTERS)
