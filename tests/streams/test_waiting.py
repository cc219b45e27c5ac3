"""Ids that are waited for: few are known at once, many are asked for batch by batch."""

from __future__ import annotations

from datetime import UTC, datetime

from schemas.rows import ActivityRow
from sinks.memory import MemorySink
from sinks.sink import Flush
from streams.waiting import Waiting


def _row(thread, *, waiting, seen=1):
    return ActivityRow(
        thread=thread,
        platform="x",
        id=f"reply to {thread}",
        activity="reply",
        version=0,
        published=datetime(2026, 1, 5, tzinfo=UTC),
        body="{}",
        waiting=waiting,
        registry=1,
        seen=seen,
        source_epoch=1,
        source_partition=0,
        source_offset=0,
        removed=False,
    )


class _Counting(MemorySink):
    def __init__(self):
        super().__init__()
        self.asked = []

    def waiting(self, limit):
        self.asked.append("all")
        return super().waiting(limit)

    def waiting_among(self, ids):
        self.asked.append("among")
        return super().waiting_among(ids)


def _sink(*threads):
    sink = _Counting()
    sink.write(Flush(activities=tuple(_row(thread, waiting=True) for thread in threads)))
    return sink


def _key(thread):
    return ("x", thread)


def test_few_are_asked_for_once():
    sink = _sink("a", "b")
    waiting = Waiting(sink, capacity=2)
    for ids in ({_key("a")}, {_key("c")}):
        waiting.recall(ids)
    assert _key("b") in waiting
    assert _key("c") not in waiting
    assert sink.asked == ["all"]


def test_many_are_asked_for_batch_by_batch():
    sink = _sink("a", "b", "c")
    waiting = Waiting(sink, capacity=2)
    for ids in ({_key("a")}, {_key("c"), _key("d")}, set()):
        waiting.recall(ids)
        assert {key for key in map(_key, "abcd") if key in waiting} == ids - {_key("d")}
    assert sink.asked == ["all", "among", "among"]


def test_too_many_that_are_added_are_no_longer_kept():
    sink = _sink("a")
    waiting = Waiting(sink, capacity=1)
    waiting.recall(set())
    waiting.begin()
    waiting.add(_key("b"))
    assert _key("b") in waiting
    sink.write(Flush(activities=(_row("b", waiting=True),)))
    waiting.shrink()
    waiting.recall({_key("b"), _key("c")})
    assert _key("b") in waiting
    assert _key("c") not in waiting
    assert sink.asked == ["all", "among"]


def test_what_has_come_is_waited_for_no_longer_even_before_that_is_stored():
    for capacity in (0, 10):
        sink = _sink("a")
        waiting = Waiting(sink, capacity)
        waiting.recall({_key("a")})
        waiting.begin()
        waiting.has_come(_key("a"))
        waiting.recall({_key("a")})
        assert _key("a") not in waiting
        sink.write(Flush(activities=(_row("a", waiting=False, seen=2),)))
        waiting.shrink()
        waiting.recall({_key("a")})
        assert _key("a") not in waiting


def test_what_is_noted_before_the_flush_before_is_stored_outlasts_that():
    for capacity in (0, 10):
        sink = _sink("a")
        waiting = Waiting(sink, capacity)
        waiting.recall({_key("a"), _key("b")})
        waiting.begin()
        waiting.has_come(_key("a"))
        waiting.begin()
        waiting.add(_key("b"))
        sink.write(Flush(activities=(_row("a", waiting=False, seen=2),)))
        waiting.shrink()
        waiting.recall({_key("a"), _key("b")})
        assert (_key("a") in waiting, _key("b") in waiting) == (False, True)
        waiting.begin()
        waiting.has_come(_key("b"))
        waiting.add(_key("a"))
        assert (_key("a") in waiting, _key("b") in waiting) == (True, False)
        sink.write(Flush(activities=(_row("b", waiting=True),)))
        waiting.shrink()
        waiting.recall({_key("a"), _key("b")})
        assert (_key("a") in waiting, _key("b") in waiting) == (True, False)
