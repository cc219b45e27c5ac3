"""What a thread yields looks to Python as if the definition had made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.worlds import REGISTRY, START, worlds

from streams.fold import NOTHING, Folded, Stored, fold
from streams.yields import Position

if TYPE_CHECKING:
    from schemas.event import SocialEvent
    from schemas.rows import Row

compiled = pytest.importorskip("hubbub_compiled")


def _fold(world: list[SocialEvent], seen: int) -> Folded:
    stored = [Stored(event, Position(1, 2, offset)) for offset, event in enumerate(world)]
    return fold("t1", stored, REGISTRY, START, seen=seen)


def _types(row: Row) -> list[tuple[str, type]]:
    return [(name, type(value)) for name, value in vars(row).items()]


@given(world=worlds(), seen=st.integers(0, 2**63 - 1))
@settings(max_examples=100, deadline=None)
def test_what_a_thread_yields_reads_as_in_the_definition(world: list[SocialEvent], seen: int) -> None:
    folded = _fold(world, seen)
    same = compiled.Folded.of(folded)
    assert same.interactions == folded.interactions
    assert same.conversations == folded.conversations
    assert same.windows == folded.windows
    assert same.starts == folded.starts


@given(world=worlds())
@settings(max_examples=50, deadline=None)
def test_every_value_is_of_the_very_type_that_it_has_in_the_definition(world: list[SocialEvent]) -> None:
    folded = _fold(world, 7)
    same = compiled.Folded.of(folded)
    assert [*map(type, same.interactions)] == [*map(type, folded.interactions)]
    for of, by in (
        (folded.interactions, same.interactions),
        (folded.conversations, same.conversations),
    ):
        assert [*of] == [*by]
        for key, row in of.items():
            assert type(by[key]) is type(row)
            assert _types(by[key]) == _types(row)
            assert type(row).model_validate(vars(by[key]), strict=True) == row
    for (_, activity, _), (_, known, _) in zip(same.interactions, folded.interactions, strict=True):
        assert type(activity) is type(known)
    assert {type(window) for window in (*same.windows, *same.starts)} <= {
        type(window) for window in (*folded.windows, *folded.starts)
    }
    assert {type(sums) for sums in same.windows.values()} <= {type(sums) for sums in folded.windows.values()}


def test_of_nothing_comes_nothing() -> None:
    same = compiled.Folded.of(NOTHING)
    assert (same.interactions, same.conversations, same.windows, same.starts) == ({}, {}, {}, frozenset())
