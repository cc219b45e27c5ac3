"""The key of each event, whatever has come before it, and what is held until it is known."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tables import said
from support.worlds import REGISTRY, worlds

from schemas.event import REACTIONS, RELATIONS, Activity, Actor, Reference, SocialEvent
from schemas.rows import RegistryRow
from sinks.memory import MemorySink
from sinks.tables import ACTIVITIES
from streams.decode import Arrival
from streams.pipeline import Batch, Pipeline, Source
from streams.rekey import Rekey
from streams.whereabouts import stored_keys, strays

NOW = datetime(2026, 1, 5, tzinfo=UTC)
PATIENCE = 10.0


def ev(activity: str, own: str, about: str = "", conversation: str | None = None, **more: Any) -> SocialEvent:
    field = {"reply": "in_reply_to", "quote": "quote_of"}.get(activity, "object")
    return SocialEvent(
        platform=more.pop("platform", "x"),
        activity=Activity(activity),
        id=own,
        actor=Actor(id=more.pop("by", "eve")),
        published=NOW,
        conversation=conversation,
        **({field: Reference(id=about)} if about else {}),
        **more,
    )


def keys(rekey: Rekey[str], *events: SocialEvent, now: float = 0.0) -> dict[str, str]:
    """The keys that are known when these have come, by id."""
    return dict(rekey.take([(event, event.id) for event in events], now))


C_POST = ev("post", "m1", conversation="c")

TABLE = {
    "a relation: the two accounts": ([ev("follow", "f", "acme")], {"f": "eve>acme"}),
    "also where it names a conversation": ([ev("block", "b", "acme", "c")], {"b": "eve>acme"}),
    "the undo of a relation: where that went": (
        [ev("follow", "f", "acme"), ev("undo", "u", "f")],
        {"f": "eve>acme", "u": "eve>acme"},
    ),
    "a message that names its conversation: that": ([C_POST], {"m1": "c"}),
    "a reaction that names it: that": ([ev("like", "l", "m9", "c")], {"l": "c"}),
    "a post without one: its platform": ([ev("post", "m1")], {"m1": "x"}),
    "a quote without one: its platform": ([ev("quote", "q", "m9")], {"q": "x"}),
    "a reply without one: where its parent went": (
        [ev("post", "m1"), ev("reply", "m2", "m1")],
        {"m1": "x", "m2": "x"},
    ),
    "a reply without one: its parent's conversation": (
        [C_POST, ev("reply", "m2", "m1"), ev("reply", "m3", "m2")],
        {"m1": "c", "m2": "c", "m3": "c"},
    ),
    "a like: its object's conversation": ([C_POST, ev("like", "l", "m1")], {"m1": "c", "l": "c"}),
    "an edit: its message's": ([C_POST, ev("update", "m1")], {"m1": "c"}),
    "a delete: its object's": ([C_POST, ev("delete", "d", "m1")], {"m1": "c", "d": "c"}),
    "the undo of a like: where that went": (
        [C_POST, ev("like", "l", "m1"), ev("undo", "u", "l")],
        {"m1": "c", "l": "c", "u": "c"},
    ),
    "an edit that names the conversation tells it of its message": (
        [ev("update", "m1", conversation="c"), ev("delete", "d", "m1")],
        {"m1": "c", "d": "c"},
    ),
    "the same id on another platform is another message": (
        [C_POST, ev("like", "l", "m1", platform="y")],
        {"m1": "c"},
    ),
    "of what has not come: none yet": ([ev("like", "l", "m1"), ev("reply", "m3", "m2")], {}),
}


@pytest.mark.parametrize(("events", "expected"), TABLE.values(), ids=TABLE)
def test_the_key_of(events: list[SocialEvent], expected: dict[str, str]) -> None:
    assert keys(Rekey(), *events) == expected


@pytest.mark.parametrize(("events", "expected"), TABLE.values(), ids=TABLE)
def test_the_order_within_a_batch_changes_no_key(events: list[SocialEvent], expected: dict[str, str]) -> None:
    assert keys(Rekey(), *reversed(events)) == expected


@pytest.mark.parametrize(("events", "expected"), TABLE.values(), ids=TABLE)
def test_the_order_of_batches_changes_no_key(events: list[SocialEvent], expected: dict[str, str]) -> None:
    rekey: Rekey[str] = Rekey()
    found = {}
    for event in reversed(events):
        found.update(keys(rekey, event))
    assert found == expected


def test_a_whole_platform_is_under_one_key_whatever_it_says() -> None:
    rekey: Rekey[str] = Rekey(whole={"x"})
    events = [C_POST, ev("like", "l", "m9"), ev("follow", "f", "acme"), ev("undo", "u", "f")]
    assert keys(rekey, *events) == dict.fromkeys(("m1", "l", "f", "u"), "x")
    assert keys(rekey, ev("post", "m1", conversation="c", platform="y")) == {"m1": "c"}


def test_what_was_held_goes_right_after_what_it_has_waited_for() -> None:
    rekey: Rekey[str] = Rekey()
    keys(rekey, ev("undo", "u", "l"), ev("like", "l", "m1"), ev("delete", "d", "m1"))
    out = rekey.take([(ev("post", "m0", conversation="c"), "m0"), (C_POST, "m1")], 1.0)
    assert out == [("m0", "c"), ("m1", "c"), ("l", "c"), ("u", "c"), ("d", "c")]


def test_who_is_asked_once_may_know_better() -> None:
    rekey: Rekey[str] = Rekey()
    assert not keys(rekey, ev("delete", "d", "m1"))
    assert rekey.unasked() == {("x", "m1")}
    assert not rekey.unasked()
    assert rekey.learn({("x", "m1"): "c"}) == [("d", "c")]


@pytest.mark.parametrize(
    ("named", "event", "expected"),
    [
        ("y", ev("like", "l", "m9"), "x"),
        ("y", ev("delete", "d", "m9"), "x"),
        ("x", ev("like", "l", "m9"), "m9"),
        ("x", ev("delete", "d", "m9"), "m9"),
        ("x", ev("update", "m9"), "m9"),
        ("x", ev("reply", "m2", "m9"), "x"),
    ],
)
def test_what_is_held_in_vain_goes_where_it_is_most_likely_met(
    named: str, event: SocialEvent, expected: str
) -> None:
    rekey: Rekey[str] = Rekey(patience=PATIENCE)
    assert not keys(rekey, event)
    keys(rekey, ev("post", "m1", conversation="c", platform=named))
    assert not rekey.give_up(PATIENCE - 0.1)
    assert rekey.waited_for()
    assert rekey.give_up(PATIENCE) == [(event.id, expected)]
    assert not rekey.waited_for()


def test_a_key_once_chosen_holds_for_what_follows_and_for_further_deliveries() -> None:
    rekey: Rekey[str] = Rekey(patience=0)
    like = ev("like", "l", "m1")
    keys(rekey, ev("post", "m0", conversation="c"), like)
    assert rekey.give_up(0) == [("l", "m1")]
    keys(rekey, C_POST)
    assert keys(rekey, like, ev("undo", "u", "l")) == {"l": "m1", "u": "m1"}


def test_no_more_is_held_than_there_is_room_for() -> None:
    rekey: Rekey[str] = Rekey(held=2)
    keys(rekey, *(ev("like", f"l{number}", f"m{number}") for number in range(5)))
    assert [load for load, _ in rekey.give_up(0)] == ["l0", "l1", "l2"]


def test_no_more_is_remembered_than_there_is_room_for() -> None:
    rekey: Rekey[str] = Rekey(capacity=2)
    keys(rekey, *(ev("post", f"m{number}", conversation="c") for number in range(3)))
    assert keys(rekey, ev("like", "l0", "m0"), ev("like", "l2", "m2")) == {"l2": "c"}


def test_what_is_dropped_is_not_sent_later() -> None:
    rekey: Rekey[str] = Rekey()
    keys(rekey, ev("like", "l", "m1"))
    rekey.drop()
    assert keys(rekey, C_POST) == {"m1": "c"}
    assert not rekey.give_up(PATIENCE)


def test_a_long_chain_that_comes_backwards_is_let_go_at_once() -> None:
    rekey: Rekey[str] = Rekey()
    chain = [ev("reply", f"m{number + 1}", f"m{number}") for number in range(1, 3000)]
    assert not keys(rekey, *reversed(chain))
    assert keys(rekey, C_POST) == {f"m{number}": "c" for number in range(1, 3001)}


# The database


class Worker:
    """A worker on one partition, with a cache of its own."""

    def __init__(self, sink: MemorySink, partition: int) -> None:
        self._sink = sink
        self._partition = partition
        self._position = 0
        self._pipeline = Pipeline(sink)
        self._pipeline.assign(Source("t", 1), partition, 0)

    def read(self, *log: SocialEvent) -> None:
        start = self._position
        self._position += len(log)
        arrivals = [Arrival(start + offset, event) for offset, event in enumerate(log)]
        batch = Batch(arrivals, [], start, self._position)
        self._sink.write(self._pipeline.fold({self._partition: batch}, NOW))


def stored(*log: SocialEvent) -> MemorySink:
    sink = MemorySink()
    sink.store_registry(RegistryRow(version=1, digest="", body=REGISTRY.to_json(), stored_at=NOW))
    Worker(sink, 0).read(*log)
    return sink


@pytest.mark.parametrize(
    ("log", "asked", "expected"),
    [
        ([C_POST, ev("like", "l", "m1")], "l", "c"),
        ([C_POST, ev("reply", "m2", "m1")], "m2", "c"),
        ([ev("post", "m1"), ev("reply", "m2", "m1")], "m2", "x"),
        ([ev("reply", "m2", "m1")], "m2", "x"),
        ([ev("like", "l", "m1")], "l", "m1"),
        ([ev("like", "l", "m1", platform="y")], "l", "y"),
        ([ev("follow", "f", "acme")], "f", "eve>acme"),
        ([ev("delete", "d", "m1")], "d", None),
        ([ev("delete", "d", "m1")], "m1", None),
    ],
)
def test_the_database_tells_the_key_that_a_thread_has_come_under(
    log: list[SocialEvent], asked: str, expected: str | None
) -> None:
    platform = log[0].platform
    found = stored_keys(stored(*log), {(platform, asked)}, naming={"x"})
    assert found == ({} if expected is None else {(platform, asked): expected})


def test_a_delete_that_waits_where_its_message_will_never_come_is_sent_there_once() -> None:
    delete, like = ev("delete", "d", "m1"), ev("like", "l", "m1")
    sink = stored()
    here, there = Worker(sink, 0), Worker(sink, 1)
    there.read(ev("post", "m0", conversation="c"))
    here.read(delete, like)
    assert not strays(sink)
    there.read(ev("reply", "m1", "m0", conversation="c", text="my number is 12345"))
    assert strays(sink) == [("c", delete)]
    there.read(*(event for _, event in strays(sink)))
    assert not strays(sink)
    assert not [row for row in sink.rows(ACTIVITIES) if "12345" in row.body]


def test_what_waits_for_a_message_whose_conversation_nobody_names_is_no_stray() -> None:
    sink = stored()
    here, there = Worker(sink, 0), Worker(sink, 1)
    there.read(ev("post", "m0"))
    here.read(ev("delete", "d", "m2"))
    there.read(ev("reply", "m2", "m0"))
    assert not strays(sink)


# Whole worlds


def rekeyed(world: list[SocialEvent], seed: int, *whole: str) -> list[tuple[SocialEvent, str]]:
    """The world as it goes on when it was produced by author, and batches come in any order."""
    raw: dict[str, list[SocialEvent]] = defaultdict(list)
    for event in world:
        raw[event.actor.id].append(event)
    rekey: Rekey[SocialEvent] = Rekey(whole=whole)
    rng = random.Random(seed)
    out: list[tuple[SocialEvent, str]] = []
    while raw:
        by = rng.choice(sorted(raw))
        size = rng.randint(1, 3)
        batch, raw[by] = raw[by][:size], raw[by][size:]
        if not raw[by]:
            del raw[by]
        out += rekey.take([(event, event) for event in batch], 0.0)
    return out + rekey.give_up(PATIENCE)


def tables(log: list[tuple[SocialEvent, str]]) -> dict[str, Any]:
    """What three workers make of it that know nothing of each other."""
    sink = stored()
    workers = [Worker(sink, number) for number in range(3)]
    for event, key in log:
        workers[crc32(key.encode()) % 3].read(event)
    return said(sink)


def told(event: SocialEvent) -> SocialEvent:
    """The event where messages name their conversation, and nothing else does; nobody likes a like."""
    if event.activity in REACTIONS - RELATIONS and event.object and event.object.id in ("like0", "repost1"):
        event = event.model_copy(update={"object": event.object.model_copy(update={"id": "m3"})})
    home = {"m0": "A", "m1": "A", "m2": "m2"}.get(event.id, "B") if event.is_message else None
    return event.model_copy(update={"conversation": home})


@given(world=worlds(), seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_by_author_or_by_conversation_gives_the_same_tables(world: list[SocialEvent], seed: int) -> None:
    world = [told(event) for event in world]
    out = rekeyed(world, seed)
    assert Counter(event for event, _ in out) == Counter(world)
    keys_of = dict(out)
    assert keys_of == dict(rekeyed(world, seed + 1))
    assert tables(out) == tables([(event, "one") for event in world])


@given(world=worlds(), seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_a_platform_that_is_kept_whole_is_right_whatever_its_events_name(
    world: list[SocialEvent], seed: int
) -> None:
    assert tables(rekeyed(world, seed, "x")) == tables([(event, "one") for event in world])


@given(world=worlds(), seed=st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_a_platform_that_names_no_conversations_is_right_without_being_told(
    world: list[SocialEvent], seed: int
) -> None:
    world = [event.model_copy(update={"conversation": None}) for event in world]
    assert tables(rekeyed(world, seed)) == tables([(event, "one") for event in world])
