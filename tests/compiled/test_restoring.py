"""Compiled or not: stored rows tell the same threads, in whatever order they are read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rows import activity
from support.worlds import ACCOUNTS, START, worlds

from schemas.rows import FENCE_MARK, FORGET_MARK, SETTLE_MARK, ActivityRow, ColumnarRows
from streams.fold import Stored
from streams.heard import Hearing
from streams.speeds import Defined

if TYPE_CHECKING:
    from schemas.event import SocialEvent
    from streams.place import Key
    from streams.thread import Thread

pytest.importorskip("hubbub_compiled")

import hubbub_compiled

from streams.compiled import Compiled

HEARING = Hearing()
MARKS = [
    ("", SETTLE_MARK),
    ("", FENCE_MARK),
    *((f"{sign}{account}", FORGET_MARK) for sign in (">", "") for account in ACCOUNTS),
]


@st.composite
def stored(draw: st.DrawFn, world: list[SocialEvent]) -> ActivityRow:
    """A row as it may stand in the table, or as only somebody else may have put it there."""
    event = draw(st.sampled_from(world))
    named = (event.id, str(event.activity))
    identity, name = draw(st.just(named) | st.sampled_from(MARKS))
    return activity(
        thread=draw(st.sampled_from(("m0", "m1"))),
        platform=draw(st.sampled_from(("x", "y"))),
        id_=identity,
        activity=name,
        version=event.version,
        published=START,
        body=event.model_dump_json(exclude_defaults=True),
        waiting=draw(st.booleans()),
        registry=draw(st.integers(0, 3)),
        seen=draw(st.integers(0, 4)),
        source_epoch=draw(st.integers(0, 2)),
        source_partition=draw(st.integers(0, 2)),
        source_offset=draw(st.integers(0, 2**40)),
        removed=draw(st.booleans()),
    )


@given(world=worlds(), data=st.data())
@settings(max_examples=100, deadline=None)
def test_the_threads_are_the_definitions(world: list[SocialEvent], data: st.DataObject) -> None:
    rows = data.draw(st.lists(stored(world), max_size=8))
    expected = Defined().restore(rows)
    for told in (rows, ColumnarRows.of(ActivityRow, rows)):
        restored = Compiled().restore(told)
        assert [*restored] == [*expected]
        assert _plain(restored) == expected
        assert repr(_plain(restored)) == repr(_plain(expected))


def _plain(threads: dict[Key, Thread]) -> dict[Key, Thread]:
    """The same with events of the definition."""
    return {
        key: replace(thread, hearing=HEARING, activities=_activities(thread))
        for key, thread in threads.items()
    }


def _activities(thread: Thread) -> dict[object, Stored]:
    return {
        identity: Stored(event.definition() if isinstance(event, hubbub_compiled.Event) else event, position)
        for identity, (event, position) in thread.activities.items()
    }
