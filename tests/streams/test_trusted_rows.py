"""The pipeline makes its rows without validation; here the models look at them all the same."""

from __future__ import annotations

from dataclasses import fields
from itertools import chain
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from support.logs import NOW, TOPIC, batch, sink_with
from support.worlds import worlds

from schemas.rows import Row
from streams.pipeline import Pipeline

if TYPE_CHECKING:
    from schemas.event import SocialEvent
    from sinks.sink import Flush


def _rows(flush: Flush) -> list[Row]:
    rows = chain.from_iterable(getattr(flush, field.name) for field in fields(flush))
    return [row for row in rows if isinstance(row, Row)]


@given(world=worlds(), cut=st.integers(1, 6))
@settings(max_examples=100, deadline=None)
def test_every_row_is_what_its_model_makes_of_the_same_columns(world: list[SocialEvent], cut: int) -> None:
    sink = sink_with()
    pipeline = Pipeline(sink)
    pipeline.assign(TOPIC, 0, 0)
    for start, end in ((0, cut), (cut, len(world))):
        flush = pipeline.fold({0: batch(world, start, min(end, len(world)))}, NOW)
        sink.write(flush)
        for row in _rows(flush):
            checked = type(row).model_validate(vars(row), strict=True)
            assert checked == row
            assert {name: type(value) for name, value in checked} == {name: type(v) for name, v in row}
            assert [*vars(row)] == [*type(row).model_fields]


@given(world=worlds())
@settings(max_examples=20, deadline=None)
def test_a_row_with_other_columns_leaves_the_first_as_it_was(world: list[SocialEvent]) -> None:
    pipeline = Pipeline(sink_with())
    pipeline.assign(TOPIC, 0, 0)
    for row in pipeline.fold({0: batch(world, 0, len(world))}, NOW).interactions:
        before = row.model_copy()
        assert row.but(seen=77) == row.model_copy(update={"seen": 77})
        assert row == before
