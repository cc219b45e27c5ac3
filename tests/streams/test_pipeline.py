"""The answer depends on the set of events, never on order, batches, multiplicity, partitions or crashes."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.logs import NOW, TOPIC, batch, run, sink_with
from support.tables import said
from support.worlds import REGISTRY, START, worlds

from schemas.event import Activity, Actor, Mention, Reference, SocialEvent
from schemas.registry import Registry
from schemas.rows import RegistryChangeRow, RegistryRow
from sinks.memory import MemorySink
from sinks.sink import Flush
from sinks.tables import ACTIVITIES, DEAD_LETTERS, INTERACTIONS, MINUTES, REGISTRY_CHANGES
from streams.control import RegistryChange, Settle
from streams.decode import Arrival
from streams.heard import Hearing
from streams.pipeline import Batch, Pipeline
from streams.store import Store
from streams.thread import restore

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from streams.control import Control


@given(world=worlds(), data=st.data())
@settings(max_examples=120, deadline=None)
def test_order_batches_duplicates_and_a_cold_cache_change_nothing(
    world: list[SocialEvent], data: st.DataObject
) -> None:
    clean = said(run(sink_with(), world))
    shuffled = data.draw(st.permutations(world + data.draw(st.lists(st.sampled_from(world), max_size=4))))
    cuts = data.draw(st.lists(st.integers(1, len(shuffled)), max_size=5))
    other = run(sink_with(), shuffled, cuts=cuts, capacity=data.draw(st.sampled_from([0, 2, 1000])))
    assert said(other) == clean


@given(world=worlds(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_second_pass_through_another_partition_changes_nothing(
    world: list[SocialEvent], data: st.DataObject
) -> None:
    sink = run(sink_with(), world)
    clean = said(sink)
    run(sink, data.draw(st.permutations(world)), partition=1)
    assert said(sink) == clean


@given(world=worlds(), data=st.data())
@settings(max_examples=120, deadline=None)
def test_a_crash_between_any_two_writes_heals_at_the_replay(
    world: list[SocialEvent], data: st.DataObject
) -> None:
    """
    written      ├──── flush 1 ────┼──── flush 2 ─x       a crash after some of its tables
    committed    ├─────────────────┤
    replay                         ├─ other ─┼─ batches ─┼──── and on
    """
    log = world * 2
    clean = said(run(sink_with(), log))
    sink = sink_with()
    committed = 0
    for _ in range(data.draw(st.integers(1, 3))):
        pipeline = Pipeline(sink)
        pipeline.assign(TOPIC, 0, committed)
        ends = sorted(data.draw(st.sets(st.integers(committed, len(log)), min_size=1, max_size=3)))
        for end in ends[:-1]:
            sink.write(pipeline.fold({0: batch(log, committed, end)}, NOW))
            # The commit may be lost although everything is stored.
            committed = end if data.draw(st.booleans()) else committed
            if committed != end:
                break
        else:
            flush = pipeline.fold({0: batch(log, committed, ends[-1])}, NOW)
            names = [field.name for field in fields(flush)]
            survived = names[: data.draw(st.integers(0, len(names)))]
            sink.write(Flush(**{name: getattr(flush, name) for name in survived}))
    pipeline = Pipeline(sink)
    pipeline.assign(TOPIC, 0, committed)
    sink.write(pipeline.fold({0: batch(log, committed, len(log))}, NOW))
    assert said(sink) == clean


@given(world=worlds(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_stalled_worker_cannot_overwrite_what_has_seen_more(
    world: list[SocialEvent], data: st.DataObject
) -> None:
    clean = said(run(sink_with(), world))
    sink = sink_with()
    middle = data.draw(st.integers(0, len(world)))
    stalled = Pipeline(sink)
    stalled.assign(TOPIC, 0, 0)
    late = stalled.fold({0: batch(world, 0, middle)}, NOW)
    run(sink, world, cuts=data.draw(st.lists(st.integers(1, len(world)), max_size=3)))
    sink.write(late)
    assert said(sink) == clean


@given(world=worlds(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_registries_and_settlements_take_effect_where_they_stand_in_the_log(
    world: list[SocialEvent], data: st.DataObject
) -> None:
    threads = ("m0", "m1", "m2", "m3")
    controls: list[Control] = [
        RegistryChange(version=1),
        RegistryChange(version=2),
        *(Settle(platform="x", thread=thread, until=START.replace(minute=4)) for thread in threads),
    ]
    log: list[SocialEvent | Control] = data.draw(st.permutations([*world, *controls]))
    small = Registry(brand=REGISTRY.brand[:1])
    clean = said(run(sink_with(REGISTRY, small), log))
    cuts = data.draw(st.lists(st.integers(1, len(log)), max_size=5))
    sink = sink_with(REGISTRY, small)
    pipeline = Pipeline(sink)
    start = 0
    for end in sorted({*cuts, len(log)}):
        # A new worker every time: what is in force comes from the sink.
        pipeline = Pipeline(sink, capacity=0)
        pipeline.assign(TOPIC, 0, start)
        sink.write(pipeline.fold({0: batch(log, start, end)}, NOW))
        start = end
    assert said(sink) == clean


def _event(identifier: str, by: str, **more: Any) -> SocialEvent:
    return SocialEvent(
        platform="x",
        activity=Activity.POST,
        id=identifier,
        actor=Actor(id=by),
        **{"published": START, **more},
    )


def test_an_asserted_brand_that_nobody_knows_costs_the_known_ones_nothing() -> None:
    sink = run(sink_with(), [_event("m0", "eve", brands=("acme", "nobody"))])
    assert [(row.brand, row.id) for row in sink.rows(INTERACTIONS)] == [("acme", "m0")]
    assert not sink.rows(DEAD_LETTERS)


def test_the_registry_that_a_partition_begins_with_is_on_record() -> None:
    sink = run(sink_with(), [_event("m0", "acme")])
    (change,) = sink.rows(REGISTRY_CHANGES)
    assert (change.version, change.source_offset) == (1, 0)


def test_a_deleted_message_leaves_no_text_behind() -> None:
    event = _event("m0", "eve", text="my number is 12345", mentions=(Mention(id="acme"),))
    delete = _event("d0", "eve").model_copy(
        update={"activity": Activity.DELETE, "object": Reference(id="m0")}
    )
    for log in ([event, delete], [delete, event]):
        sink = run(sink_with(), log, cuts=[1], capacity=0)
        assert not [row for row in sink.rows(ACTIVITIES) if "12345" in row.body]
        assert not sink.rows(INTERACTIONS)
        assert not any(row.cb for row in sink.rows(MINUTES))


def test_a_control_without_its_registry_is_a_dead_letter() -> None:
    sink = run(sink_with(), [_event("m0", "acme"), RegistryChange(version=7), _event("m1", "acme")])
    (letter,) = sink.rows(DEAD_LETTERS)
    assert (letter.reason, letter.source_offset) == ("unknown_registry", 1)
    assert {row.id for row in sink.rows(INTERACTIONS)} == {"m0", "m1"}


def test_a_newer_registry_takes_hold_of_what_is_delivered_again() -> None:
    small = Registry(brand=REGISTRY.brand[1:])
    sink = run(sink_with(small), [_event("m0", "acme")])
    assert not sink.rows(INTERACTIONS)
    sink.store_registry(RegistryRow(version=2, digest="", body=REGISTRY.to_json(), stored_at=NOW))
    run(sink, [_event("m0", "acme")], partition=1)
    assert [row.brand for row in sink.rows(INTERACTIONS)] == ["acme"]
    assert sum(row.bo for row in sink.rows(MINUTES)) == 1


def test_reading_a_thread_back_is_no_change_to_it() -> None:
    """Else a worker that reads back more often would seem to have seen more."""
    log = [_event("m0", "eve"), Settle(platform="x", thread="m0", until=START)]
    sink = run(sink_with(), log, cuts=[1], capacity=0)
    rows = sink.threads([("x", "m0")])
    thread = restore(rows, SocialEvent.model_validate_json, Hearing)["x", "m0"]
    assert thread.seen == max(row.seen for row in rows) == 2


def _told_late(
    sink: MemorySink,
    log: Sequence[SocialEvent],
    late: Flush,
    *,
    from_: int,
    until: int,
) -> MemorySink:
    """A worker goes through a log; when it has stored half of it, one that was cut off writes.

    cut off            ├────── late ──────┤        folded before, written when the other is at `until`
    in its place   from├──── until┤├──────────────┤
    """
    store = Store(sink, Pipeline(sink), lambda: TOPIC)
    assert store.store({0: batch(log, from_, until)}, NOW, lambda _: False)
    sink.write(late)
    assert store.store({0: batch(log, until, len(log))}, NOW, lambda _: False)
    return sink


def _cut_off(sink: MemorySink, log: Sequence[SocialEvent], start: int, end: int) -> Flush:
    """What a worker has folded, but not written, when it loses the partition."""
    stalled = Pipeline(sink)
    stalled.assign(TOPIC, 0, start)
    return stalled.fold({0: batch(log, start, end)}, NOW)


def test_windows_take_along_what_a_worker_that_was_cut_off_stores_meanwhile() -> None:
    """Its threads are read back as they are; the window in the cache has nothing of them."""
    log = [_event(f"m{number}", "acme") for number in range(8)]
    sink = sink_with()
    late = _cut_off(sink, log, 0, 6)
    _told_late(sink, log, late, from_=0, until=2)
    assert said(sink) == said(run(sink_with(), log))


def test_a_window_that_is_ahead_of_its_threads_is_not_added_to() -> None:
    """The worker that was cut off has come no further than its first table."""
    log = [
        _event(f"m{number}", "acme", published=START + timedelta(minutes=number // 2)) for number in range(8)
    ]
    sink = sink_with()
    late = _cut_off(sink, log, 0, 7)
    _told_late(sink, log, Flush(minutes=late.minutes), from_=0, until=2)
    sink.write(late)
    assert said(sink) == said(run(sink_with(), log))


def _reply(identifier: str, parent: str) -> SocialEvent:
    return _event(identifier, "eve", mentions=(Mention(id="acme"),)).model_copy(
        update={"activity": Activity.REPLY, "in_reply_to": Reference(id=parent)}
    )


def test_a_thread_is_waited_for_also_when_somebody_else_has_stored_that() -> None:
    """What is waited for was asked before the worker that was cut off stored a reply to nobody."""
    log = [_event("m0", "acme"), _reply("m2", "m1"), _reply("m1", "m0")]
    sink = sink_with()
    late = _cut_off(sink, log, 0, 2)

    class Meanwhile(MemorySink):
        def waiting(self, limit: int) -> set[tuple[str, str]] | None:
            known = sink.waiting(limit)
            sink.write(late)
            return known

    meeting = Meanwhile()
    vars(meeting).update(vars(sink))
    assert Store(meeting, Pipeline(meeting), lambda: TOPIC).store({0: batch(log, 0, 3)}, NOW, lambda _: False)
    assert said(sink) == said(run(sink_with(), log))


def test_where_a_parent_is_and_what_its_thread_holds_are_read_at_one_moment() -> None:
    """Another worker moves a reply to its parent between the two reads; it must not come back."""
    log = [_reply("m2", "m1"), _reply("m1", "m0"), _reply("m2", "m1"), _event("m0", "acme")]
    sink = sink_with()
    late = _cut_off(sink, log, 0, 2)

    class Meanwhile(MemorySink):
        def find(self, ids: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
            found = super().find(ids)
            sink.write(late)
            return found

    meeting = Meanwhile()
    vars(meeting).update(vars(sink))
    store = Store(meeting, Pipeline(meeting), lambda: TOPIC)
    assert store.store({0: batch(log, 0, 1)}, NOW, lambda _: False)
    assert store.store({0: batch(log, 1, 4)}, NOW, lambda _: False)
    assert said(sink) == said(run(sink_with(), log))


def test_an_activity_that_somebody_else_has_moved_is_in_no_thread_twice_and_none_not_at_all() -> None:
    """One of its threads is remembered from before the move, the other is read back from after it."""
    log = [
        _event("m0", "acme"),
        _reply("m2", "m1"),
        _event("m5", "eve"),
        _reply("m1", "m0"),
        _event("m6", "eve"),
    ]
    sink = sink_with()
    run(sink, log[:2])
    late = _cut_off(sink, log, 2, 4)
    store = Store(sink, Pipeline(sink), lambda: TOPIC)
    again = [_event("m0", "acme")]
    assert store.store({0: Batch([Arrival(2, again[0])], [], 2, 3)}, NOW, lambda _: False)
    sink.write(late)
    assert store.store({0: batch(log, 3, 5)}, NOW, lambda _: False)
    assert said(sink) == said(run(sink_with(), [*log[:2], *again, *log[3:]]))


def test_what_was_so_for_a_moment_only_is_taken_back_also_where_it_was_taken_back_before() -> None:
    """A reaction is in a brand's space only while the brand's reply waits beside it.

    cut off            ├ reply ┤                  the reaction in the brand's space: written last
    in its place       ├ reply ┼ its parent ┤     the reply has moved away within one batch
    """
    follow = _event("f0", "eve", conversation="m1").model_copy(
        update={"activity": Activity.FOLLOW, "object": Reference(id="bob", actor_id="rival")}
    )
    reply = _reply("m2", "m1").model_copy(update={"actor": Actor(id="rival"), "published": START})
    log = [follow, reply, _reply("m1", "m0")]
    sink = sink_with(Registry.of_names("x", ["rival"]))
    clean = said(run(sink_with(Registry.of_names("x", ["rival"])), log))
    run(sink, log[:1])
    late = _cut_off(sink, log, 1, 2)
    assert Store(sink, Pipeline(sink), lambda: TOPIC).store({0: batch(log, 1, 3)}, NOW, lambda _: False)
    sink.write(late)
    assert said(sink) == clean


def _text(identifier: str, parent: str | None, by: str, hours: float, text: str) -> SocialEvent:
    event = _reply(identifier, parent) if parent else _event(identifier, by, mentions=(Mention(id="acme"),))
    changes = {"actor": Actor(id=by), "published": START + timedelta(hours=hours), "text": text}
    return event.model_copy(update=changes)


def _edit(identifier: str, version: int, text: str) -> SocialEvent:
    return _text(identifier, None, "eve", 0, text).model_copy(
        update={"activity": Activity.UPDATE, "version": version}
    )


MOMENTS = {
    "a reply that answers the first exchange until another one is known to have opened": [
        _text("m0", None, "eve", 0, "hello"),
        _text("m1", "m0", "acme", 100, "hello"),
        _text("m2", "m0", "eve", 90, "hello").model_copy(update={"in_reply_to": Reference(id="m1")}),
    ],
    "an edit that is taken back": [
        _text("m0", None, "eve", 0, "this is bad?"),
        _edit("m0", 1, "good"),
        _edit("m0", 2, "this is bad?"),
    ],
    "a neighbour's answer that is deleted": [
        _text("m0", None, "eve", 0, "where?"),
        _text("m1", "m0", "bob", 1, "here"),
        _event("d", "bob").model_copy(
            update={"activity": Activity.DELETE, "object": Reference(id="m1"), "conversation": "m0"}
        ),
    ],
    "thanks that are deleted": [
        *(_text("m0", None, "eve", 0, "where?"), _text("m1", "m0", "acme", 1, "here")),
        _text("m2", "m1", "eve", 2, "thanks"),
        _event("d", "eve").model_copy(
            update={"activity": Activity.DELETE, "object": Reference(id="m2"), "conversation": "m0"}
        ),
    ],
}


@pytest.mark.parametrize("log", MOMENTS.values(), ids=MOMENTS)
def test_what_a_message_said_of_others_for_a_moment_only_is_taken_back(log: list[SocialEvent]) -> None:
    """The one that was cut off has seen all but the last; the one in its place sees the last two at once."""
    clean = said(run(sink_with(), log))
    sink = run(sink_with(), log[:-2])
    late = _cut_off(sink, log, len(log) - 2, len(log) - 1)
    pipeline = Pipeline(sink)
    pipeline.assign(TOPIC, 0, len(log) - 2)
    sink.write(pipeline.fold({0: batch(log, len(log) - 2, len(log))}, NOW))
    sink.write(late)
    assert said(sink) == clean


def test_a_settlement_that_comes_again_brings_the_news_of_a_registry() -> None:
    """It must not be taken for seen with the new one: nothing would see the thread with that any more."""
    small = Registry(brand=REGISTRY.brand[1:])
    settle = Settle(platform="x", thread="m1", until=START)
    reply = _reply("m2", "m1").model_copy(update={"actor": Actor(id="acme")})
    for again in ([settle], [settle, reply], [reply, settle]):
        log: list[SocialEvent | Control] = [reply, settle, RegistryChange(version=2), *again]
        for cuts in ([], [2], [1, 2, 3, 4]):
            sink = sink_with(small, REGISTRY)
            first = RegistryChangeRow(version=1, source_epoch=1, source_partition=0, source_offset=0)
            sink.write(Flush(registry_changes=(first,)))
            run(sink, log, cuts=cuts, capacity=0)
            assert {row.brand for row in sink.rows(INTERACTIONS)} == {"acme"}
