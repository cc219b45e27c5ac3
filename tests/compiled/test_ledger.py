"""The compiled ledger gathers the rows that the definition's does, whatever threads have been through."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.logs import NOW, TOPIC, batch, sink_with
from support.rows import activity, dead_letter
from support.worlds import ACCOUNTS, IDS, REGISTRY, START, worlds

from schemas.registry import Registry
from sinks.sink import Flush
from sinks.tables import ACTIVITIES, CONVERSATIONS, INTERACTIONS, MINUTES, Table
from streams.control import Concerned, Forget, RegistryChange, Settle
from streams.fold import NOTHING, Folded, Stored, fold
from streams.heard import Hearing
from streams.ledger import Ledger
from streams.pipeline import Pipeline
from streams.place import Identity
from streams.speeds import Defined
from streams.thread import Mark, Thread
from streams.yields import Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.event import SocialEvent
    from schemas.rows import ActivityRow, MinuteRow
    from streams.control import Control
    from streams.fold import Window
    from streams.sums import Sums

compiled = pytest.importorskip("hubbub_compiled")

SEEN = st.integers(1, 4)
FOREVER = START + timedelta(days=1)
CONTROLS: list[Control] = [
    RegistryChange(version=1),
    RegistryChange(version=2),
    *(Settle(platform="x", thread=f"m{number}", until=START.replace(minute=4)) for number in range(4)),
    *(
        Forget(platform="x", account=account, until=until, threads=Concerned.ALL)
        for account in ACCOUNTS
        for until in (START + timedelta(seconds=150), FOREVER)
    ),
]
MOMENTS = ("past", "absorbed", "shaken", "erased", "gone", "marks", "unsaved")
KEPT = ("seen", "unsaved", "fresh", "gone", "past", "absorbed", "shaken", "erased")


class Twins:
    """Threads as they are, with compiled yields and events, as often as they are met."""

    def __init__(self) -> None:
        self._threads: dict[int, Thread] = {}
        self._folded: dict[int, Any] = {}

    def thread(self, thread: Thread) -> Thread:
        if id(thread) not in self._threads:
            twin = self._threads[id(thread)] = replace(thread)
            twin.booked = self.folded(thread.booked)
            twin.past = [self.folded(one) for one in thread.past]
            twin.absorbed = [self.thread(other) for other in thread.absorbed]
            twin.activities = {
                identity: Stored(compiled.Event.of(stored.event), stored.position)
                for identity, stored in thread.activities.items()
            }
            for name in ("marks", "shaken", "unsaved", "fresh", "erased", "gone"):
                setattr(twin, name, getattr(thread, name).copy())
        return self._threads[id(thread)]

    def folded(self, folded: Folded) -> Any:
        if folded is NOTHING:
            return NOTHING
        if id(folded) not in self._folded:
            self._folded[id(folded)] = compiled.Folded.of(folded)
        return self._folded[id(folded)]


class BothLedgers(Ledger):
    """The definition's ledger, with a compiled one beside it that is told the same."""

    met: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self._compiled = compiled.Ledger()
        self._booking = False

    def book(self, refolded: Iterable[tuple[Thread, Folded]]) -> dict[Window, Sums]:
        changes = list(refolded)
        twins = Twins()
        others = [(twins.thread(thread), twins.folded(before)) for thread, before in changes]
        for thread, before in changes:
            self.met.update(name for name in MOMENTS if getattr(thread, name))
            self.met["settled"] += thread.settled is not None
            first = next(iter(before.interactions.values()), None)
            self.met["moments"] += first is not None and thread.seen - first.seen > 1
        self._booking = True
        sums = super().book(changes)
        self._booking = False
        assert _numbers(dict(self._compiled.book(others).items())) == _numbers(sums)
        for (thread, _), (twin, _) in zip(changes, others, strict=True):
            assert {name: getattr(twin, name) for name in KEPT} == {
                name: getattr(thread, name) for name in KEPT
            }
            for other in thread.absorbed:
                assert twins.thread(other).seen == other.seen
        return sums

    def count(self, minutes: Mapping[Window, MinuteRow]) -> None:
        super().count(minutes)
        self._compiled.count(compiled.Rows.minutes(minutes.values()))

    def note(self, activity: ActivityRow) -> None:
        super().note(activity)
        if not self._booking:
            self._compiled.note(activity)

    def flush(self) -> Flush:
        other = self._compiled
        for name in ("forgotten", "dead_letters", "registry_changes"):
            getattr(other, name).extend(getattr(self, name))
        flush = super().flush()
        assert bool(other.activities) is bool(self.activities)
        _assert_same(other.flush(), flush)
        self.met["removed"] += any(row.removed for row in flush.interactions)
        self.met["removed conversation"] += any(row.removed for row in flush.conversations)
        return flush


def _numbers(sums: Mapping[Window, Sums]) -> dict[Window, dict[str, int]]:
    return {
        window: {name: number for name, number in added.items() if number} for window, added in sums.items()
    }


def _assert_same(found: Flush, expected: Flush) -> None:
    assert type(found) is Flush
    tables: dict[str, Table[Any]] = {
        "interactions": INTERACTIONS,
        "conversations": CONVERSATIONS,
        "activities": ACTIVITIES,
        "minutes": MINUTES,
    }
    for field in fields(Flush):
        rows, known = getattr(found, field.name), getattr(expected, field.name)
        assert len(rows) == len(known)
        if field.name in tables:
            key = tables[field.name].key
            assert {key(row): row for row in rows} == {key(row): row for row in known}
        else:
            assert rows == known


class _WithBothLedgers(Defined):
    def ledger(self) -> Ledger:
        return BothLedgers()


def _feed(log: list[SocialEvent | Control], cuts: list[int], capacity: int, met: Counter[str]) -> None:
    small = Registry(brand=REGISTRY.brand[:1])
    sink = sink_with(REGISTRY, small)
    pipeline = Pipeline(sink, capacity=capacity, speed=_WithBothLedgers())
    pipeline.assign(TOPIC, 0, 0)
    start = 0
    with patch.object(BothLedgers, "met", met, create=True):
        for end in sorted({*(cut for cut in cuts if cut < len(log)), len(log)}):
            sink.write(pipeline.fold({0: batch(log, start, end)}, NOW))
            pipeline.stored()
            start = end


def _earlier(event: SocialEvent, by: timedelta) -> SocialEvent:
    observed = event.observed and event.observed - by
    return event.model_copy(update={"published": event.published - by, "observed": observed})


def test_a_flush_has_the_rows_and_the_sums_of_the_definition() -> None:
    met: Counter[str] = Counter()

    @given(
        world=worlds(),
        controls=st.lists(st.sampled_from(CONTROLS), max_size=4),
        data=st.data(),
        capacity=st.sampled_from((0, 1000)),
        before_midnight=st.sampled_from((timedelta(0), timedelta(seconds=225))),
    )
    @settings(max_examples=250, deadline=None)
    def feed(
        world: list[SocialEvent],
        controls: list[Control],
        data: st.DataObject,
        capacity: int,
        before_midnight: timedelta,
    ) -> None:
        # What a further delivery moves then moves to another day, which is in a table's key.
        log = data.draw(st.permutations([*(_earlier(event, before_midnight) for event in world), *controls]))
        _feed(log, data.draw(st.lists(st.integers(1, len(log)), max_size=5)), capacity, met)

    feed()
    assert {name for name, times in met.items() if times} == {
        *MOMENTS,
        "settled",
        "moments",
        "removed",
        "removed conversation",
    }


@st.composite
def threads(draw: st.DrawFn, world: list[SocialEvent], key: str) -> tuple[Thread, Folded]:
    """A thread that has been through anything, and what was booked for it before: also what never goes so."""
    stored = {
        Identity(event.id, event.activity, event.version): Stored(event, Position(1, 0, offset))
        for offset, event in enumerate(world)
    }
    some = st.lists(st.sampled_from([*stored]), unique=True)
    now = draw(some)
    more = draw(st.lists(st.sampled_from([*stored]), max_size=2))
    parts = [list(dict.fromkeys([*now, *more])), now[1:], draw(some)]
    yields = [_folded(key, [stored[one] for one in part], draw(SEEN)) for part in parts]
    acts = [(event.actor.id, event.object.id) for event in world if event.object is not None]
    booked = _folded(key, [stored[one] for one in now], draw(SEEN))
    thread = Thread(
        "x",
        key,
        Hearing(),
        {identity: stored[identity] for identity in now},
        settled=draw(st.sampled_from((None, START))),
        marks=draw(st.dictionaries(st.sampled_from(ACCOUNTS), st.just(Mark(START, Position(1, 2, 3))))),
        waiting=draw(st.booleans()),
        registry=draw(SEEN),
        booked=booked,
        past=draw(st.lists(st.sampled_from([booked, NOTHING, *yields]), max_size=2)),
        shaken=draw(st.just(set()) | st.sets(st.sampled_from([*IDS, *acts]), max_size=2)),
        seen=draw(SEEN),
        unsaved=set(now[: draw(st.integers(0, len(now)))]),
        fresh=set(now),
        erased=draw(st.just(set()) | st.sets(st.sampled_from([*stored]))),
        gone=draw(st.just(set()) | st.sets(st.sampled_from([*stored]))),
    )
    return thread, draw(st.sampled_from([booked, NOTHING, *yields]))


def _folded(key: str, stored: list[Stored], seen: int) -> Folded:
    return fold(key, stored, REGISTRY, START, seen=seen)


def test_whatever_threads_have_been_through_the_rows_and_sums_are_the_definitions() -> None:
    met: Counter[str] = Counter()

    @given(world=worlds(), data=st.data())
    @settings(max_examples=400, deadline=None)
    def book(world: list[SocialEvent], data: st.DataObject) -> None:
        changes = [data.draw(threads(world, key)) for key in data.draw(st.sampled_from(("a", "ab", "abc")))]
        others = [
            data.draw(threads(world, key))[0] for key in data.draw(st.sampled_from(("", "", "d", "de")))
        ]
        every = [*(thread for thread, _ in changes), *others]
        for thread, _ in changes:
            absorbed = data.draw(st.just([]) | st.lists(st.sampled_from(every), max_size=2))
            thread.absorbed = [other for other in absorbed if other is not thread]
        ledger = BothLedgers()
        ledger.book(changes[:2])
        ledger.book(changes[2:])
        ledger.flush()

    with patch.object(BothLedgers, "met", met, create=True):
        book()
    assert {*MOMENTS, "settled", "moments", "removed", "removed conversation"} <= met.keys()


def test_a_ledger_of_nothing_is_an_empty_flush() -> None:
    ledger = compiled.Ledger()
    assert len(ledger.book([])) == 0
    assert not ledger.activities
    flush = ledger.flush()
    assert not any(getattr(flush, field.name) for field in fields(flush))


def test_of_one_key_the_last_row_is_kept() -> None:
    ledger = compiled.Ledger()
    rows = [activity("m1", seen=3), activity("m2", seen=1), activity("m1", seen=2), activity("m1", "t2")]
    for row in rows:
        ledger.note(row)
    assert ledger.activities
    assert ledger.flush().activities == (rows[2], rows[1], rows[3])


def test_what_others_put_into_a_ledger_is_in_its_flush() -> None:
    ledger = compiled.Ledger()
    letter = dead_letter()
    ledger.dead_letters.append(letter)
    assert ledger.flush().dead_letters == (letter,)
