"""The compiled fold yields what the definition yields, of every thread."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.directions import CASES, event_of, settled_in
from support.directions import REGISTRY as ACME_AND_RIVAL
from support.talks import talks
from support.tangled import Tangle, kinds, tangle
from support.worlds import ACCOUNTS, IDS, REGISTRY, START, worlds

from schemas.event import Activity, Actor, Mention, Reference, SocialEvent
from schemas.registry import Account, Brand, Registry
from streams.fold import Folded, Stored, fold
from streams.labels import label
from streams.labels.rules import rules
from streams.simulator import simulate
from streams.sources import open_source
from streams.sources.keys import Keys
from streams.yields import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

compiled = pytest.importorskip("hubbub_compiled")

from streams.compiled import registry as compiled_registry  # noqa: E402 - needs the crate

LABELLER = compiled.Labeller(label, rules())
_FAR = 30_000


def _stored(events: Iterable[SocialEvent], rng: Random) -> list[Stored]:
    return [
        Stored(event, Position(rng.randint(1, 2), rng.randint(0, 3), rng.randrange(_FAR))) for event in events
    ]


def _compiled(stored: Iterable[Stored]) -> list[tuple[Any, Position]]:
    return [(compiled.Event.of(one.event), one.position) for one in stored]


def _assert_same(found: Any, folded: Folded) -> None:
    assert _said(found.interactions) == _said(folded.interactions)
    assert _said(found.conversations) == _said(folded.conversations)
    assert found.windows == folded.windows
    assert found.starts == folded.starts


def _said(rows: Any) -> dict[Any, tuple[type, dict[str, object]]]:
    return {key: (type(row), vars(row)) for key, row in rows.items()}


def _check(thread: str, stored: Sequence[Stored], registry: Registry, **how: Any) -> Folded:
    folded = fold(thread, stored, registry, **how)
    found = compiled.fold(thread, _compiled(stored), compiled_registry(registry), labeller=LABELLER, **how)
    _assert_same(found, folded)
    return folded


def _check_tangle(one: Tangle) -> Folded:
    return _check(
        one.key,
        _stored(one.events, Random(one.seen)),
        one.registry,
        settled=one.settled,
        seen=one.seen,
        forgotten=one.forgotten,
        sentiment_share=one.share,
    )


@given(
    world=worlds(),
    thread=st.sampled_from((*IDS[:2], "elsewhere")),
    settled=st.none() | st.integers(0, 400).map(lambda seconds: START + timedelta(seconds=seconds)),
    forgotten=st.dictionaries(
        st.sampled_from(ACCOUNTS),
        st.integers(0, 400).map(lambda seconds: START + timedelta(seconds=seconds)),
        max_size=2,
    ),
    seen=st.integers(0, 2**63 - 1),
)
@settings(max_examples=300, deadline=None)
def test_a_small_world(
    world: list[SocialEvent],
    thread: str,
    settled: datetime | None,
    forgotten: dict[str, datetime],
    seen: int,
) -> None:
    stored = _stored(world, Random(seen))
    _check(thread, stored, REGISTRY, settled=settled, forgotten=forgotten, seen=seen)


@pytest.mark.thorough
def test_tangled_threads() -> None:
    tangles = [tangle(seed) for seed in range(4000)]
    seen = kinds(tangles)
    assert min(seen[kind] for kind in ("ring", "settled", "forgotten", "undo", "delete", "update")) > 100
    folded = [_check_tangle(one) for one in tangles]
    rows = [row for one in folded for row in one.interactions.values()]
    assert sum(row.removed for row in rows) > 2000
    assert sum(row.exchange_reply != "" for row in rows) > 200
    assert sum(row.answered_by is not None for row in rows) > 50
    assert sum(row.loop for one in folded for row in one.conversations.values()) > 20


@given(seed=st.integers(0, 2**62))
@settings(max_examples=300, deadline=None)
def test_any_tangled_thread(seed: int) -> None:
    _check_tangle(tangle(seed))


@pytest.mark.parametrize("case", CASES)
def test_a_direction(case: dict[str, Any]) -> None:
    events = [event_of(short) for short in case["events"]]
    key = case.get("conversation", events[0].id)
    _check(key, _stored(events, Random(1)), ACME_AND_RIVAL, settled=settled_in(case))


def test_talks_full_of_exchanges() -> None:
    threads = _by_conversation(talks(7, 600))
    folded = [_check(key, stored, REGISTRY) for key, stored in threads.items()]
    rows = [row for one in folded for row in one.interactions.values()]
    assert sum(row.exchange_confirmed_at is not None for row in rows) > 20
    assert sum(row.exchange_single for row in rows) > 10


def test_a_simulated_community() -> None:
    simulation = simulate(4, seed=5)
    threads = _by_conversation(simulation.events)
    assert len(threads) > 100
    for key, stored in threads.items():
        _check(key, stored, simulation.registry, seen=len(stored))


def test_real_conversations(shared_data: Path) -> None:
    source = open_source("twcs", shared_data / "twcs_5000.csv")
    threads: dict[str, list[SocialEvent]] = defaultdict(list)
    for keyed in source.events():
        threads[keyed.key].append(keyed.event)
    brands = source.brands()
    assert brands is not None
    assert len(threads) > 1000
    for key, events in threads.items():
        _check(key, _stored(events, Random(2)), brands, settled=datetime(2018, 1, 1, tzinfo=UTC))


def _by_conversation(events: Iterable[SocialEvent]) -> dict[str, list[Stored]]:
    events = list(events)
    keys = Keys()
    for event in events:
        keys.note(event)
    threads: dict[tuple[str, str], dict[tuple[str, str, int], SocialEvent]] = defaultdict(dict)
    for event in events:
        keyed = keys.keyed(event, 0)
        own = threads[event.platform, keyed.key]
        own[event.id, event.activity, event.version] = keyed.event
    rng = Random(3)
    return {key: _stored(own.values(), rng) for (_, key), own in threads.items()}


def _like(activity: Activity = Activity.LIKE, **more: Any) -> SocialEvent:
    values: dict[str, Any] = {
        "platform": "x",
        "activity": activity,
        "id": "like",
        "actor": Actor(id="eve"),
        "published": START,
        "object": Reference(id="m1", actor_id="acme"),
    }
    return SocialEvent(**(values | more))


def test_of_reactions_at_one_moment_the_definitions_last_one_stands() -> None:
    told = [
        _like(),
        _like(version=1, actor=Actor(id="eve", followers=1)),
        _like(version=2, actor=Actor(id="eve", followers=2)),
        _like(Activity.DISLIKE, version=2, actor=Actor(id="eve", followers=3)),
        _like(Activity.REPOST),
        _like(Activity.REPOST, id="elsewhere", version=1),
        _like(Activity.FOLLOW, id="elsewhere"),
    ]
    for seed in range(30):
        rng = Random(seed)
        _check("m1", _stored(rng.sample(told, rng.randint(2, len(told))), rng), REGISTRY)


def test_nothing_yields_nothing() -> None:
    found = compiled.fold("t", [], compiled_registry(REGISTRY), labeller=LABELLER)
    assert (found.interactions, found.conversations, found.windows, found.starts) == ({}, {}, {}, set())


def _message(number: int, by: str, above: int | None, at: datetime) -> SocialEvent:
    return SocialEvent(
        platform="x",
        activity=Activity.POST if above is None else Activity.REPLY,
        id=f"m{number}",
        actor=Actor(id=by),
        published=at,
        in_reply_to=None if above is None else Reference(id=f"m{above}"),
        mentions=(Mention(id="acme"),) if above is None else (),
        text="where is it?",
    )


@pytest.mark.parametrize("shape", ["chain", "own chain", "star", "ring"])
def test_a_thread_of_very_many_messages(shape: str) -> None:
    rng = Random(4)
    by = ("eve",) if shape == "own chain" else ("eve", "bob", "acme")
    above: dict[str, Any] = {
        "chain": lambda number: number - 1 if number else None,
        "own chain": lambda number: number - 1 if number else None,
        "star": lambda number: 0 if number else None,
        "ring": lambda number: (number - 1) % 1500,
    }
    events = [
        _message(number, rng.choice(by), above[shape](number), START + timedelta(seconds=7 * number))
        for number in range(1500)
    ]
    rng.shuffle(events)
    _check("m0", _stored(events, rng), REGISTRY)


def test_seconds_between_far_moments_are_those_of_the_definition() -> None:
    rng = Random(5)
    for _ in range(1000):
        first = datetime.min.replace(tzinfo=UTC) + timedelta(microseconds=rng.randrange(10**6))
        between = timedelta(days=rng.randrange(3_600_000), microseconds=rng.randrange(86_400 * 10**6))
        events = [_message(0, "eve", 1, first), _message(1, "acme", None, first + between)]
        rows = _check("m1", _stored(events, rng), REGISTRY).interactions
        assert any(row.latency and row.latency < 0 for row in rows.values())


@pytest.mark.parametrize("number", [8, 9, 10, 60])
def test_very_many_brands_are_in_one_conversation(number: int) -> None:
    names = [f"brand{which}" for which in range(number)]
    registry = Registry(
        brand=tuple(Brand(name=name, account=(Account(platform="x", id=name),)) for name in names)
    )
    root = _message(0, "eve", None, START).model_copy(
        update={"mentions": tuple(Mention(id=name) for name in [*names[5:], *names])}
    )
    reply = _message(1, "brand7", 0, START + timedelta(minutes=1))
    folded = _check("m0", _stored([reply, root], Random(6)), registry)
    assert len(folded.conversations) == len(names)


def test_a_like_at_the_end_of_time_is_as_impossible_as_in_the_definition() -> None:
    end = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    ask, answer = _message(0, "eve", None, end), _message(1, "acme", 0, end)
    stored = _stored([ask, answer, _like(published=end)], Random(7))
    with pytest.raises(OverflowError) as expected:
        fold("m0", stored, REGISTRY)
    with pytest.raises(OverflowError) as found:
        compiled.fold("m0", _compiled(stored), compiled_registry(REGISTRY), labeller=LABELLER)
    assert str(found.value) == str(expected.value)


def test_what_was_heard_before_changes_nothing() -> None:
    rng = Random(8)
    for seed in range(500):
        one = tangle(seed)
        stored = _stored(one.events, rng)
        hearing = compiled.Hearing()
        registries = [one.registry, Registry(brand=one.registry.brand[1:])]
        known = [compiled_registry(registry) for registry in registries]
        for much in sorted({*rng.choices(range(1, len(stored) + 1), k=3), len(stored)}):
            number, settled = rng.choice((0, 0, 1)), rng.choice((None, one.settled))
            share = rng.choice((1.0, 1.0, 0.3))
            how: dict[str, Any] = {"settled": settled, "sentiment_share": share}
            found = compiled.fold(
                one.key, _compiled(stored[:much]), known[number], hearing=hearing, labeller=LABELLER, **how
            )
            _assert_same(found, fold(one.key, stored[:much], registries[number], **how))


def test_what_was_heard_before_is_not_listened_to_again() -> None:
    calls: list[str] = []

    def told(event: Any, **how: Any) -> Any:
        calls.append(event.id)
        return label(event, **how)

    labeller, registry, hearing = compiled.Labeller(told), compiled_registry(REGISTRY), compiled.Hearing()

    def listen(*events: SocialEvent) -> list[str]:
        calls.clear()
        stored = [(compiled.Event.of(event), Position(1, 0, 0)) for event in events]
        compiled.fold("m0", stored, registry, hearing=hearing, labeller=labeller)
        return list(calls)

    ask, answer = _message(0, "eve", None, START), _message(1, "acme", 0, START)
    edit = ask.model_copy(update={"activity": Activity.UPDATE, "version": 1, "text": "I see"})
    assert listen(ask) == ["m0"]
    assert listen(ask) == []
    assert listen(ask, answer) == ["m1"]
    assert listen(ask, answer, edit) == ["m0"]
    assert listen(ask, answer, edit) == []
    hearing.forget()
    assert listen(ask, answer) == ["m0", "m1"]
    registry = compiled_registry(REGISTRY)
    assert listen(ask, answer) == ["m0", "m1"]


def test_an_answer_to_somebody_unknown_is_heard_again_when_that_is_known() -> None:
    hearing, registry = compiled.Hearing(), compiled_registry(REGISTRY)
    said = [_message(1, "acme", 0, START), _message(0, "eve", None, START)]
    text = "we have sent it on its way to you today, it will be there soon ^AB"
    stored = [Stored(one.model_copy(update={"text": text}), Position(1, 0, 0)) for one in said]
    for much in (1, 2):
        found = compiled.fold("m0", _compiled(stored[:much]), registry, hearing=hearing, labeller=LABELLER)
        _assert_same(found, fold("m0", stored[:much], REGISTRY))
    assert any(row.sketch for row in found.interactions.values())
