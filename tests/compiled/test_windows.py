"""The compiled cache of sums gives the rows of the definition's, and drops and reads back the same ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rows import minute

from schemas.errors import RetryLater
from schemas.rows import SUMS, MinuteRow
from sinks.memory import MemorySink
from sinks.sink import Flush
from sinks.tables import MINUTES
from streams.fold import Window
from streams.sums import Sums
from streams.windows import Windows

if TYPE_CHECKING:
    from collections.abc import Collection

compiled = pytest.importorskip("hubbub_compiled")

START = datetime(2026, 1, 5, tzinfo=UTC)
WINDOWS = st.builds(
    Window,
    st.integers(0, 2).map(lambda number: START + timedelta(minutes=number)),
    st.sampled_from(("acme", "rival")),
    st.just("x"),
)
SHRINKS = st.none() | st.integers(0, 40)
"""Whether rows are dropped after a step, and up to where they are stored then."""
ADDED = st.dictionaries(
    WINDOWS,
    st.dictionaries(st.sampled_from(SUMS), st.integers(-3, 3), max_size=4).map(Sums),
    max_size=5,
)


class Asked(NamedTuple):
    keys: list[tuple[datetime, str, str]]
    epoch: int
    partition: int


class AskedSink(MemorySink):
    """Notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Asked] = []

    def minutes(
        self, keys: Collection[tuple[datetime, str, str]], epoch: int, partition: int
    ) -> list[MinuteRow]:
        self.asked.append(Asked([*keys], epoch, partition))
        return super().minutes(keys, epoch, partition)


def _known(applied: int, window: Window) -> MinuteRow:
    return minute(
        applied, source_partition=3, minute=window.minute, brand=window.brand, platform="x", bo=5, cc=applied
    )


def _refusal(windows: Any, added: Any, span: tuple[int, int]) -> tuple[str, float] | None:
    try:
        windows.recall(added, span)
    except RetryLater as error:
        return str(error), error.retry_after
    return None


@given(
    stored=st.dictionaries(WINDOWS, st.integers(0, 30)),
    capacity=st.integers(0, 4),
    steps=st.lists(
        st.tuples(ADDED, st.integers(0, 30), st.integers(1, 10), st.booleans(), SHRINKS), max_size=8
    ),
)
@settings(max_examples=300, deadline=None)
def test_rows_are_read_back_changed_kept_and_dropped_alike(
    stored: dict[Window, int],
    capacity: int,
    steps: list[tuple[dict[Window, Sums], int, int, bool, int | None]],
) -> None:
    sinks = AskedSink(), AskedSink()
    for sink in sinks:
        sink.write(Flush(minutes=tuple(_known(applied, window) for window, applied in stored.items())))
    plain = Windows(sinks[0], 1, 3, capacity=capacity)
    other = compiled.Windows(sinks[1], 1, 3, capacity=capacity)
    for added, start, length, writes, shrink_to in steps:
        more = compiled.Added.of(added)
        assert dict(more.items()) == added
        span = (start, start + length)
        assert _refusal(other, more, span) == _refusal(plain, added, span)
        changed = plain.add(added, span[1])
        rows = other.add(more, span[1])
        assert [*rows] == [*changed.values()]
        if writes:
            sinks[0].write(Flush(minutes=tuple(changed.values())))
            sinks[1].write(Flush(minutes=rows))
        if shrink_to is not None:
            plain.shrink(shrink_to)
            other.shrink(shrink_to)
        assert sinks[1].asked == sinks[0].asked
    assert sinks[1].rows(MINUTES) == sinks[0].rows(MINUTES)


def test_what_the_sink_cannot_do_now_is_not_done_later_by_itself() -> None:
    class Fickle(MemorySink):
        def minutes(self, *_: object) -> list[MinuteRow]:
            raise RetryLater("not now", retry_after=7.0)

    windows = compiled.Windows(Fickle(), 1, 3)
    added = compiled.Added.of({Window(START, "acme", "x"): Sums(bo=1)})
    with pytest.raises(RetryLater, match="not now"):
        windows.recall(added, (0, 1))
