"""What is deleted or forgotten counts no more and leaves no text, whatever order it comes in."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.logs import NOW, TOPIC, batch, run, sink_with
from support.tables import said
from support.worlds import ACCOUNTS, START, worlds

from schemas.errors import Refused, Stop
from schemas.event import Activity, Actor, Mention, Reference, SocialEvent
from sinks.sink import Erased, Flush
from sinks.tables import ACTIVITIES, DEAD_LETTERS, FORGOTTEN, INTERACTIONS, MINUTES
from streams.control import Concerned, Forget, RegistryChange, Settle
from streams.decode import Refusal
from streams.forgetting import Announced, wait_for_workers
from streams.pipeline import Batch, Pipeline, Source

if TYPE_CHECKING:
    from sinks.memory import MemorySink
    from streams.control import Control

Log = list["SocialEvent | Control"]

FOREVER = START + timedelta(days=1)
forgets = st.lists(
    st.builds(
        Forget,
        platform=st.just("x"),
        account=st.sampled_from(ACCOUNTS),
        until=st.sampled_from((START + timedelta(seconds=150), FOREVER)),
        threads=st.sampled_from(Concerned),
    ),
    min_size=1,
    max_size=3,
)


def _forget(account: str = "eve", until: Any = FOREVER, **more: Any) -> Forget:
    return Forget(platform="x", account=account, until=until, **more)


def _event(identifier: str, by: str = "eve", activity: Activity = Activity.POST, **more: Any) -> SocialEvent:
    values = {"platform": "x", "published": START, "mentions": (Mention(id="acme"),)}
    actor = Actor(id=by, handle=f"{by}_handle", name="Somebody", followers=99)
    return SocialEvent(**(values | {"id": identifier, "activity": activity, "actor": actor} | more))


def _bodies(sink: MemorySink) -> str:
    return "".join(row.body for row in sink.rows(ACTIVITIES))


@given(world=worlds(), controls=forgets, data=st.data())
@settings(max_examples=50, deadline=None)
def test_where_a_forgetting_stands_among_the_events_changes_nothing(
    world: list[SocialEvent], controls: list[Forget], data: st.DataObject
) -> None:
    clean = said(run(sink_with(), [*controls, *world]))
    log: Log = data.draw(st.permutations([*world, *controls]))
    cuts = data.draw(st.lists(st.integers(1, len(log)), max_size=5))
    assert said(run(sink_with(), log, cuts=cuts, capacity=data.draw(st.sampled_from([0, 2, 1000])))) == clean


@given(world=worlds(), controls=forgets)
@settings(max_examples=50, deadline=None)
def test_who_is_forgotten_is_in_no_row_that_counts(world: list[SocialEvent], controls: list[Forget]) -> None:
    sink = run(sink_with(), [*world, *controls])
    until = {forget.account: forget.until for forget in sorted(controls, key=lambda one: one.until)}
    for row in sink.rows(INTERACTIONS):
        assert not (row.actor in until and row.published <= until[row.actor])
    for row in sink.rows(ACTIVITIES):
        event = SocialEvent.model_validate_json(row.body) if row.body else None
        if event and event.actor.id in until and event.published <= until[event.actor.id]:
            assert event == event.bare()
    for account, time in until.items():
        assert not sink.held("x", account, time)


@given(world=worlds(), controls=forgets, data=st.data())
@settings(max_examples=50, deadline=None)
def test_a_crash_between_any_two_writes_heals_at_the_replay(
    world: list[SocialEvent], controls: list[Forget], data: st.DataObject
) -> None:
    log: Log = data.draw(st.permutations([*world, *world, *controls]))
    clean = said(run(sink_with(), log))
    sink = sink_with()
    committed = 0
    for _ in range(data.draw(st.integers(1, 3))):
        pipeline = Pipeline(sink)
        pipeline.assign(TOPIC, 0, committed)
        ends = sorted(data.draw(st.sets(st.integers(committed, len(log)), min_size=1, max_size=3)))
        for end in ends[:-1]:
            sink.write(pipeline.fold({0: batch(log, committed, end)}, NOW))
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


@given(world=worlds(), controls=forgets, data=st.data())
@settings(max_examples=50, deadline=None)
def test_a_stalled_worker_cannot_bring_back_what_is_forgotten(
    world: list[SocialEvent], controls: list[Forget], data: st.DataObject
) -> None:
    log: Log = data.draw(st.permutations([*world, *controls]))
    clean = said(run(sink_with(), log))
    sink = sink_with()
    middle = data.draw(st.integers(0, len(log)))
    stalled = Pipeline(sink)
    stalled.assign(TOPIC, 0, 0)
    late = stalled.fold({0: batch(log, 0, middle)}, NOW)
    run(sink, log, cuts=data.draw(st.lists(st.integers(1, len(log)), max_size=3)))
    sink.write(late)
    assert said(sink) == clean


@given(world=worlds(), controls=forgets, data=st.data())
@settings(max_examples=50, deadline=None)
def test_forgetting_goes_with_registries_and_settlements_over_restarts(
    world: list[SocialEvent], controls: list[Forget], data: st.DataObject
) -> None:
    others: list[Control] = [
        RegistryChange(version=1),
        *(Settle(platform="x", thread=f"m{n}", until=START + timedelta(minutes=4)) for n in range(3)),
    ]
    log: Log = data.draw(st.permutations([*world, *controls, *others]))
    clean = said(run(sink_with(), log))
    sink = sink_with()
    start = 0
    for end in sorted({*data.draw(st.lists(st.integers(1, len(log)), max_size=5)), len(log)}):
        pipeline = Pipeline(sink, capacity=0)
        pipeline.assign(TOPIC, 0, start)
        sink.write(pipeline.fold({0: batch(log, start, end)}, NOW))
        start = end
    assert said(sink) == clean


@given(world=worlds(), controls=forgets, data=st.data())
@settings(max_examples=50, deadline=None)
def test_a_rebuild_from_the_log_never_stores_the_text_of_who_is_forgotten(
    world: list[SocialEvent], controls: list[Forget], data: st.DataObject
) -> None:
    log: Log = [*world, *controls]
    sink = run(sink_with(), log)
    clean = said(sink)
    rebuilt = sink_with()
    rebuilt.write(Flush(forgotten=tuple(sink.rows(FORGOTTEN))))
    pipeline = Pipeline(rebuilt)
    pipeline.assign(Source("social.events", 2), 0, 0)
    start = 0
    for end in sorted({*data.draw(st.lists(st.integers(1, len(log)), max_size=3)), len(log)}):
        flush = pipeline.fold({0: batch(log, start, end)}, NOW)
        rebuilt.write(flush)
        for row in flush.activities:
            event = SocialEvent.model_validate_json(row.body) if row.body else None
            for forget in controls:
                if event and event.actor.id == forget.account and event.published <= forget.until:
                    assert event == event.bare()
        start = end
    assert said(rebuilt) == clean


def test_text_is_erased_where_it_was_stored_before_the_retraction_is() -> None:
    """A delete that arrives with its message, before it, or again, has nothing to erase."""
    post = _event("m0", text="my number is 12345")
    edit = _event("m0", activity=Activity.UPDATE, version=1, text="it is 54321")
    delete = _event("d0", activity=Activity.DELETE, object=Reference(id="m0"))
    first, second = (Erased("x", "m0", "post", 0),), (Erased("x", "m0", "update", 1),)
    for log, erased in (
        ([post, edit, delete], [(), (), (*first, *second)]),
        ([post, _forget(), edit], [(), first, ()]),
        ([delete, post, edit], [(), (), ()]),
        ([_forget(), post, edit], [(), (), ()]),
        ([post, delete, delete, post], [(), first, (), ()]),
    ):
        sink = sink_with()
        pipeline = Pipeline(sink, capacity=0)
        pipeline.assign(TOPIC, 0, 0)
        found = []
        for start in range(len(log)):
            flush = pipeline.fold({0: batch(log, start, start + 1)}, NOW)
            sink.write(flush)
            pipeline.stored()
            found.append(flush.erased)
        assert found == erased
        assert "12345" not in _bodies(sink)
        assert "54321" not in _bodies(sink)
    together = Pipeline(sink_with())
    together.assign(TOPIC, 0, 0)
    assert together.fold({0: batch([post, edit, delete], 0, 3)}, NOW).erased == ()


def test_who_edited_somebody_elses_message_is_forgotten_without_it() -> None:
    """An id names a message and its edits; only what the forgotten account did itself is erased."""
    edit = _event("m2", activity=Activity.UPDATE, version=3, text="mine")
    theirs = _event("m2", by="acme", activity=Activity.REPLY, in_reply_to=Reference(id="m0"))
    log = [edit, theirs, _forget("eve"), _event("m0", by="acme")]
    clean = said(run(sink_with(), log))
    sink = sink_with()
    for start in range(len(log)):
        pipeline = Pipeline(sink, capacity=0)
        pipeline.assign(TOPIC, 0, start)
        sink.write(pipeline.fold({0: batch(log, start, start + 1)}, NOW))
    assert said(sink) == clean
    assert [row.followers for row in sink.rows(INTERACTIONS) if row.id == "m2"] == [99]


def test_text_is_erased_in_the_thread_that_a_message_has_left() -> None:
    reply = _event("m1", activity=Activity.REPLY, in_reply_to=Reference(id="m0"), text="my number is 12345")
    root = _event("m0", conversation="c0")
    delete = _event("d0", activity=Activity.DELETE, object=Reference(id="m1"))
    sink = run(sink_with(), [reply])
    pipeline = Pipeline(sink)
    pipeline.assign(TOPIC, 0, 1)
    flush = pipeline.fold({0: batch([reply, root, delete], 1, 3)}, NOW)
    assert {row.thread for row in flush.activities if row.id == "m1" and not row.removed} == {"c0"}
    assert flush.erased == (Erased("x", "m1", "reply", 0),)


def test_nothing_but_the_bare_id_stays_of_who_is_forgotten() -> None:
    post = _event("m0", text="my number is 12345", published=START)
    later = _event("m9", text="I am back", published=FOREVER + timedelta(seconds=1))
    answer = _event("m1", "acme", Activity.REPLY, in_reply_to=Reference(id="m0"), mentions=())
    like = _event("l0", activity=Activity.LIKE, object=Reference(id="m1"))
    sink = run(sink_with(), [post, answer, like, later, _forget()])
    bodies = [json.loads(row.body) for row in sink.rows(ACTIVITIES) if row.body]
    theirs = {body["id"]: body["actor"] for body in bodies if body["actor"]["id"] == "eve"}
    assert theirs["m0"] == theirs["l0"] == {"id": "eve"}
    assert theirs["m9"]["handle"] == "eve_handle"
    assert "12345" not in _bodies(sink)
    rows = {row.id: row for row in sink.rows(INTERACTIONS)}
    assert rows.keys() == {"m1", "m9"}
    assert (rows["m1"].direction, rows["m1"].addressee) == ("BC", "eve")
    assert sum(row.cb for row in sink.rows(MINUTES)) == 1
    assert sum(row.bc for row in sink.rows(MINUTES)) == 1


def test_each_partition_looks_after_its_own_threads_and_one_after_those_of_files() -> None:
    """
    thread       a from partition 0     b from partition 1     c from a file
    forgotten    by 0                   by 1                   by whom it is told to look after the rest
    """
    sink = sink_with()
    for source, partition, name in ((TOPIC, 0, "a"), (TOPIC, 1, "b"), (Source("file", 0), 9, "c")):
        pipeline = Pipeline(sink)
        pipeline.assign(source, partition, 0)
        sink.write(pipeline.fold({partition: batch([_event(name)], 0, 1)}, NOW))
    left = []
    for partition, threads in ((0, Concerned.REST), (1, Concerned.OWN)):
        pipeline = Pipeline(sink)
        pipeline.assign(TOPIC, partition, 1)
        log = [_event("unread"), _forget(threads=threads)]
        sink.write(pipeline.fold({partition: batch(log, 1, 2)}, NOW))
        left.append({held.thread for held in sink.held("x", "eve", FOREVER)})
    assert left == [{"b"}, set()]
    assert not sink.rows(INTERACTIONS)
    assert said(sink)["windows"] == {}


def test_alone_at_work_one_looks_after_everything() -> None:
    sink = run(run(sink_with(), [_event("a")]), [_event("b")], partition=1)
    pipeline = Pipeline(sink)
    pipeline.assign(Source("forget", 0), 7, 0)
    sink.write(pipeline.fold({7: batch([_forget(threads=Concerned.ALL)], 0, 1)}, NOW))
    assert not sink.rows(INTERACTIONS)
    assert not sink.held("x", "eve", FOREVER)


def test_a_refused_event_of_who_is_forgotten_is_kept_without_its_bytes() -> None:
    sink = sink_with()
    pipeline = Pipeline(sink)
    pipeline.assign(TOPIC, 0, 0)
    bodies = [
        b'{"platform":"x","actor":{"id":"eve"},"text":"my number is 12345"}',
        b'{"platform":"y","actor":{"id":"eve"},"text":"of somebody else"}',
        b'{"platform":"x","actor":"eve"}',
        b"\xff no json",
    ]
    refusals = [Refusal(offset, body, Refused("missing")) for offset, body in enumerate(bodies, start=1)]
    control = batch([_forget()], 0, 1).arrivals
    sink.write(pipeline.fold({0: Batch(control, refusals, 0, 5)}, NOW))
    assert [row.body for row in sink.rows(DEAD_LETTERS)] == [b"", *bodies[1:]]


def test_who_is_forgotten_may_come_back() -> None:
    again = _event("m1", published=FOREVER + timedelta(days=1), text="hello")
    sink = run(sink_with(), [_event("m0"), _forget(), again])
    assert {row.id for row in sink.rows(INTERACTIONS)} == {"m1"}
    sink = run(sink_with(), [_event("m0"), again, _forget(), _forget(until=FOREVER + timedelta(days=2))])
    assert not sink.rows(INTERACTIONS)


@pytest.mark.parametrize("days", [1, 400, 8000])
def test_what_a_retraction_acts_on_may_come_years_later(days: int) -> None:
    """Edits, deletes, undos and forgetting wait as long as it takes; an event counts in its own minute."""
    late = START + timedelta(days=days)
    post = _event("m0", text="hello")
    edit = _event("m0", activity=Activity.UPDATE, version=1, text="edited", published=late)
    delete = _event("d0", activity=Activity.DELETE, object=Reference(id="m0"), published=late)
    like = _event("l0", activity=Activity.LIKE, object=Reference(id="m0", actor_id="acme"))
    undo = _event("u0", activity=Activity.UNDO, object=Reference(id="l0"), published=late)
    for log, left in (
        ([edit, post], {"m0"}),
        ([post, edit], {"m0"}),
        ([delete, post], set()),
        ([post, delete], set()),
        ([post, like, undo], {"m0"}),
        ([undo, like, post], {"m0"}),
        ([post, undo, like], {"m0"}),
        ([_forget(until=late), like, post], set()),
    ):
        sink = run(sink_with(), log, cuts=range(9), capacity=0)
        assert {row.id for row in sink.rows(INTERACTIONS)} == left
        assert {row.minute for row in sink.rows(MINUTES) if row.cb} == ({START} if left else set())
        said_last = [json.loads(row.body).get("text") for row in sink.rows(ACTIVITIES) if row.version]
        assert said_last in ([], ["edited"])


def test_nobody_undoes_what_somebody_else_did() -> None:
    like = _event("l0", activity=Activity.LIKE, object=Reference(id="m0", actor_id="acme"))
    undo = _event("u0", "bob", Activity.UNDO, object=Reference(id="l0"))
    for log in ([like, undo], [undo, like]):
        sink = run(sink_with(), log, cuts=[1], capacity=0)
        assert {row.id for row in sink.rows(INTERACTIONS)} == {"l0"}


def test_who_waits_for_workers_that_do_nothing_is_told_so() -> None:
    told = Announced([0], [("x", "eve")], FOREVER)
    sink = run(sink_with(), [_event("m0")])
    with pytest.raises(Stop, match="within 0 s: it is in the log and is not lost"):
        wait_for_workers(sink, 1, told, 0)
    # One partition has it, and does not have the threads that hold something.
    pipeline = Pipeline(sink)
    pipeline.assign(TOPIC, 1, 0)
    sink.write(pipeline.fold({1: batch([_forget()], 0, 1)}, NOW))
    with pytest.raises(Stop, match="see that a hubbub worker runs on every partition"):
        wait_for_workers(sink, 1, told._replace(partitions=[1]), 0)
    run(sink, [_forget()])
    wait_for_workers(sink, 1, told._replace(partitions=[0, 1]), 0)


def test_a_message_that_moves_to_another_thread_stays_forgotten() -> None:
    reply = _event("m1", activity=Activity.REPLY, in_reply_to=Reference(id="m0"))
    root = _event("m0", "acme", conversation="c0")
    for cuts in ([], [1, 2]):
        sink = run(sink_with(), [_forget(), reply, root], cuts=cuts, capacity=0)
        assert {row.id for row in sink.rows(INTERACTIONS)} == {"m0"}


def test_a_forgetting_that_is_stored_takes_no_effect_before_its_place_in_the_log() -> None:
    """
    log          m0 ┼ forget
    first flush  ├──x           its windows are stored, its activities are not
    second       ├──┼───x       who is forgotten is stored, and nothing else
    replay       ├──┼─────────  m0 counts, as its window says, until the control takes it back
    """
    log: Log = [_event("m0"), _forget()]
    sink = sink_with()
    for end, survived in (
        (1, ("forgotten", "dead_letters", "registry_changes", "minutes")),
        (2, ("forgotten",)),
    ):
        pipeline = Pipeline(sink)
        pipeline.assign(TOPIC, 0, 0)
        flush = pipeline.fold({0: batch(log, 0, end)}, NOW)
        sink.write(Flush(**{name: getattr(flush, name) for name in survived}))
    pipeline = Pipeline(sink)
    pipeline.assign(TOPIC, 0, 0)
    sink.write(pipeline.fold({0: batch(log, 0, 2)}, NOW))
    assert said(sink)["windows"] == {}
