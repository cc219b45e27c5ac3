"""A worker that was cut off goes on writing, and reading on, next to the one that has its partition now."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables import said
from support.worlds import ACCOUNTS, IDS, REGISTRY, START, worlds

from schemas.registry import Registry
from schemas.rows import RegistryRow
from sinks.memory import MemorySink
from sinks.sink import Flush
from streams.control import Forget, RegistryChange, Settle
from streams.decode import Arrival
from streams.pipeline import Batch, Pipeline, Source
from streams.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schemas.event import SocialEvent

    Item = SocialEvent | Settle | Forget | RegistryChange

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = Registry(brand=REGISTRY.brand[:1])
_times = st.sampled_from((100, 400, 10**6)).map(lambda seconds: START + timedelta(seconds=seconds))
_controls = st.one_of(
    st.builds(Settle, platform=st.just("x"), thread=st.sampled_from(IDS), until=_times),
    st.builds(Forget, platform=st.just("x"), account=st.sampled_from(ACCOUNTS[3:]), until=_times),
    st.builds(RegistryChange, version=st.sampled_from((1, 2))),
)


def _sink() -> MemorySink:
    sink = MemorySink()
    for version, registry in enumerate((REGISTRY, LATER), start=1):
        sink.store_registry(
            RegistryRow(version=version, digest=registry.digest, body=registry.to_json(), stored_at=NOW)
        )
    return sink


class Owner:
    """A worker with its own memory; a step folds its next batch, or writes one more table of it."""

    def __init__(self, sink: MemorySink, log: Sequence[Item], ends: Sequence[int], capacity: int) -> None:
        self._sink = sink
        self._log = log
        self._ends = ends
        self._store = Store(
            _Held(self), Pipeline(sink, capacity=capacity), lambda: Source("social.events", 1)
        )
        self._pending: Flush = Flush()
        self._steps = self._work()

    def step(self) -> bool:
        """Do one thing; gives whether there was anything to do."""
        return next(self._steps, None) is not None

    def hold(self, flush: Flush) -> None:
        self._pending = flush

    def _work(self) -> Iterator[bool]:
        start = 0
        for end in self._ends:
            if end > start:
                batch = Batch([Arrival(n, self._log[n]) for n in range(start, end)], [], start, end)
                self._store.store({0: batch}, NOW, lambda _: False)
                yield True
                for table in fields(Flush):
                    self._sink.write(Flush(**{table.name: getattr(self._pending, table.name)}))
                    yield True
                start = end


class _Held(MemorySink):
    """Takes a flush without writing it: its owner does, a table at a time."""

    def __init__(self, owner: Owner) -> None:
        super().__init__()
        self._owner = owner

    def write(self, flush: Flush) -> None:
        self._owner.hold(flush)


@given(world=worlds(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_two_owners_of_a_partition_count_nothing_twice_and_lose_nothing(
    world: list[SocialEvent], data: st.DataObject
) -> None:
    log: list[Item] = [*world, *world]
    for control in data.draw(st.lists(_controls, max_size=6)):
        log.insert(data.draw(st.integers(0, len(log))), control)
    sink = _sink()
    ends = st.lists(st.integers(1, len(log)), max_size=5).map(sorted)
    capacity = st.sampled_from([0, 3, 1000])
    cut_off = Owner(sink, log, data.draw(ends), data.draw(capacity))
    new = Owner(sink, log, [*data.draw(ends), len(log)], data.draw(capacity))
    for is_new in data.draw(st.lists(st.booleans(), max_size=60)):
        (new if is_new else cut_off).step()
    while new.step():
        pass
    while data.draw(st.booleans()) and cut_off.step():
        pass
    clean = _sink()
    pipeline = Pipeline(clean)
    pipeline.assign(Source("social.events", 1), 0, 0)
    batch = Batch([Arrival(n, event) for n, event in enumerate(log)], [], 0, len(log))
    clean.write(pipeline.fold({0: batch}, NOW))
    assert said(sink) == said(clean)
