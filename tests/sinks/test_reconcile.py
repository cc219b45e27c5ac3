"""The stored sums are what the rows say; and where they are not, it shows."""

from __future__ import annotations

import random
import uuid
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.talks import talks
from support.worlds import REGISTRY, worlds

from schemas.event import Activity, Actor, ActorKind, Mention, Reference, SocialEvent
from schemas.rows import SUMS, ConversationRow, InteractionRow, MinuteRow, RegistryRow
from sinks import reconcile as module
from sinks.clickhouse import ClickHouseSink
from sinks.memory import MemorySink
from sinks.migrate import migrate
from sinks.recomputed import COMPARISONS
from sinks.reconcile import ALWAYS, ROW, Difference, reconcile
from sinks.retold import RETOLD
from sinks.sink import Flush
from sinks.tables import CONVERSATIONS, INTERACTIONS, MINUTES
from streams.decode import Arrival
from streams.pipeline import Batch, Pipeline, Source
from streams.settlement import settlements
from streams.simulator import simulate
from streams.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from clickhouse_connect.driver.client import Client

    from schemas.registry import Registry
    from sinks.engine import Engine
    from streams.control import Control

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TOPIC = Source("social.events", 1)
KEYS = {"brand", "platform", "conversation", "minute"}
STAMPS = {"seen", "applied", "removed", "source_epoch", "source_partition", "source_offset"}
FACTS = [name for name in ConversationRow.model_fields if name not in KEYS | STAMPS]
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[Client]:
    name = f"test_{uuid.uuid4().hex}"
    client = engine.client()
    migrate(client, name)
    client.database = name
    yield client
    client.command(f"DROP DATABASE {name} SYNC")
    client.close()


@pytest.fixture
def empty(client: Client) -> Client:
    _clear(client)
    return client


def _clear(client: Client) -> None:
    for table in (INTERACTIONS, CONVERSATIONS, MINUTES):
        client.command(f"TRUNCATE TABLE {table.name}")


def _feed(
    client: Client,
    registry: Registry,
    log: Sequence[SocialEvent | Control],
    *,
    size: int = 1000,
    partition: int = 0,
    memory: MemorySink | None = None,
) -> MemorySink:
    """Put events through the pipeline; every version of every row goes into the database."""
    memory = memory or MemorySink()
    memory.store_registry(
        RegistryRow(version=1, digest=registry.digest, body=registry.to_json(), stored_at=NOW)
    )
    pipeline = Pipeline(memory, capacity=1000)
    pipeline.assign(TOPIC, partition, 0)
    flushes: list[Flush] = []

    def put(items: Sequence[SocialEvent | Control], start: int) -> None:
        arrivals = [Arrival(offset, item) for offset, item in enumerate(items, start)]
        flush = pipeline.fold({partition: Batch(arrivals, [], start, start + len(items))}, NOW)
        memory.write(flush)
        pipeline.stored()
        flushes.append(flush)

    for start in range(0, len(log), size):
        put(log[start : start + size], start)
    if due := settlements(memory, NOW, TOPIC.epoch, partition):
        put(due, len(log))
    rows = {
        part.name: tuple(row for flush in flushes for row in getattr(flush, part.name))
        for part in fields(Flush)
    }
    ClickHouseSink(client).write(Flush(**rows))
    return memory


def _nothing_differs(client: Client, memory: MemorySink) -> None:
    found = reconcile(client)
    assert found.differences == []
    assert found.different == 0
    windows = {(row.minute, row.brand, row.platform) for row in memory.rows(MINUTES)}
    threads, messages = len(memory.rows(CONVERSATIONS)), len(_messages(memory))
    assert found.rows == {
        "dialogue_minutes": len(windows),
        "conversations": threads,
        "interactions": messages,
    }
    assert found.values == len(windows) * len(SUMS) + threads * len(FACTS) + messages * len(RETOLD)


def _messages(memory: MemorySink) -> list[InteractionRow]:
    return [row for row in memory.rows(INTERACTIONS) if row.direction is not None]


@given(world=worlds(), size=st.integers(1, 12), again=st.booleans())
@settings(max_examples=10, deadline=None)
def test_nothing_differs_in_random_worlds(
    client: Client, world: list[SocialEvent], size: int, again: bool
) -> None:
    _clear(client)
    memory = _feed(client, REGISTRY, world, size=size)
    if again:  # through another partition: what it takes back is negative there
        _feed(client, REGISTRY, world[::-1], size=size, partition=1, memory=memory)
    _nothing_differs(client, memory)


def test_nothing_differs_on_the_simulator_out_of_order_and_twice(empty: Client) -> None:
    simulation = simulate(days=7)
    events = [event for event in simulation.events for _ in range(2)]
    random.Random(7).shuffle(events)
    _nothing_differs(empty, _feed(empty, simulation.registry, events))


@pytest.mark.thorough
def test_nothing_differs_in_many_talks(empty: Client) -> None:
    memory = _feed(empty, REGISTRY, talks(seed=3, number=700))
    rows = _messages(memory)
    # Else this would show nothing.
    for name in RETOLD:
        told = sum(getattr(row, name) not in (None, "", 0, False) for row in rows)
        assert told >= 20, f"{name} is told only {told} times"
    for name in SUMS:
        assert any(getattr(row, name) for row in memory.rows(MINUTES)), name
    _nothing_differs(empty, memory)


@pytest.mark.parametrize("with_conversations", [True, False])
def test_nothing_differs_on_real_conversations(
    empty: Client, shared_data: Path, with_conversations: bool
) -> None:
    source = open_source("twcs", shared_data / "twcs_5000.csv")
    registry = source.brands()
    assert registry is not None
    dropped = {} if with_conversations else {"conversation": None}
    events = [keyed.event.model_copy(update=dropped) for keyed in source.events()]
    _nothing_differs(empty, _feed(empty, registry, events))


def test_every_stored_column_is_recomputed() -> None:
    """None is left out: a column that nobody can recompute would have to be named here, with the reason."""
    compared = {comparison.table: set(comparison.columns) for comparison in COMPARISONS}
    assert compared == {
        "dialogue_minutes": set(SUMS),
        "conversations": set(FACTS),
        "interactions": set(RETOLD),
    }
    assert set(RETOLD) == {
        name for name in InteractionRow.model_fields if name.startswith(("exchange_", "answered_", "parent_"))
    }
    for table in (MINUTES, CONVERSATIONS):
        assert compared[table.name] == set(table.columns) - KEYS - STAMPS


def _said(id_: str, by: str, at: datetime, to: str | None = None, **more: Any) -> SocialEvent:
    about = {"in_reply_to": Reference(id=to)} if to else {}
    values = {
        "platform": "x",
        "activity": Activity.REPLY if to else Activity.POST,
        "id": id_,
        "actor": Actor(id=by, kind=ActorKind.SERVICE if by == "robo" else None),
        "published": at,
    }
    return SocialEvent(**(values | about | more))


def _at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


ACME = (Mention(id="acme"),)
TALK = [
    _said("p", "acme", _at(0)),
    _said("p1", "eve", _at(1), "p"),
    _said("p2", "bob", _at(2), "p1"),
    _said("p3", "eve", _at(3), "p2"),
    _said("p4", "acme", _at(4), "p3"),
    _said("p5", "bob", _at(5), "p3"),
    _said("p6", "robo", _at(6), "p5"),
    # A root that is in nobody's space, and what the brand is drawn into.
    _said("q", "eve", _at(10)),
    _said("q1", "bob", _at(90), "q", mentions=ACME),
    _said("q2", "acme", _at(91), "q1"),
    # A root that is deleted, between two brands.
    _said("r", "acme", _at(20)),
    _said("r1", "rival", _at(21), "r", mentions=(Mention(id="bob"),)),
    _said("r2", "bob", _at(22), "r1"),
    _said("gone", "acme", _at(23), activity=Activity.DELETE, object=Reference(id="r")),
    # Nobody knows whom it answers.
    _said("s1", "eve", _at(24), "s", mentions=ACME),
]


@pytest.fixture
def talk(empty: Client) -> MemorySink:
    return _feed(empty, REGISTRY, TALK)


def test_nothing_differs_around_roots_that_no_row_shows(empty: Client, talk: MemorySink) -> None:
    assert {_conversation(talk, id_).started_at for id_ in "qrs"} == {_at(10), _at(20), _at(24)}
    assert "q" not in {row.id for row in talk.rows(INTERACTIONS)}
    _nothing_differs(empty, talk)


def _conversation(memory: MemorySink, id_: str, brand: str = "acme") -> ConversationRow:
    (row,) = (r for r in memory.rows(CONVERSATIONS) if (r.conversation, r.brand) == (id_, brand))
    return row


def _interaction(memory: MemorySink, id_: str, brand: str = "acme") -> InteractionRow:
    (row,) = (r for r in memory.rows(INTERACTIONS) if (r.id, r.brand) == (id_, brand))
    return row


def _window(memory: MemorySink, at: datetime, brand: str = "acme") -> MinuteRow:
    (row,) = (r for r in memory.rows(MINUTES) if (r.minute, r.brand) == (at, brand))
    return row


def _store(client: Client, *rows: MinuteRow | ConversationRow | InteractionRow, **changes: Any) -> None:
    """Write rows with something changed, as if they had seen more."""
    changed = [
        row.model_copy(update=changes | {version: getattr(row, version) + 1})
        for row in rows
        for version in ("applied" if isinstance(row, MinuteRow) else "seen",)
    ]
    kinds = {"minutes": MinuteRow, "conversations": ConversationRow, "interactions": InteractionRow}
    tables = {name: tuple(r for r in changed if isinstance(r, kind)) for name, kind in kinds.items()}
    ClickHouseSink(client).write(Flush(**tables))


@pytest.mark.parametrize("column", SUMS)
def test_a_sum_that_is_altered_is_found(empty: Client, talk: MemorySink, column: str) -> None:
    row = _window(talk, _at(0))
    value = getattr(row, column)
    _store(empty, row, **{column: value + 1})
    found = reconcile(empty)
    assert found.different == 1
    assert found.differences == [
        Difference("dialogue_minutes", "acme", "x", _at(0), column, value + 1, value)
    ]


@pytest.mark.parametrize("column", FACTS)
def test_a_fact_of_a_conversation_that_is_altered_is_found(
    empty: Client, talk: MemorySink, column: str
) -> None:
    row = _conversation(talk, "p")
    value = getattr(row, column)
    other = value + timedelta(hours=1) if isinstance(value, datetime) else type(value)(not value)
    _store(empty, row, **{column: other})
    assert reconcile(empty).differences == [
        Difference("conversations", "acme", "x", "p", column, other, value)
    ]


ASKED = [
    _said("q", "eve", _at(0), mentions=ACME, text="is this good?"),
    _said("q1", "acme", _at(1), "q", text="that depends ^AB"),
    _said("q2", "eve", _at(2), "q1", text="thanks"),
]


@pytest.mark.parametrize("column", RETOLD)
@pytest.mark.parametrize("id_", ["q", "q1"])
def test_what_a_message_says_of_others_is_found_where_it_is_altered(
    empty: Client, id_: str, column: str
) -> None:
    row = _interaction(_feed(empty, REGISTRY, ASKED), id_)
    value = getattr(row, column)
    other = _other(column, value)
    _store(empty, row, **{column: other})
    found = [each for each in reconcile(empty).differences if each.table == "interactions"]
    if column == "exchange_sla":
        assert [(each.of, each.stored is None) for each in found] == [(id_, other is None)]
    else:
        assert found == [Difference("interactions", "acme", "x", id_, column, other, value)]


def _other(column: str, value: object) -> object:
    """Another value that the column can have."""
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if column == "exchange_sla":
        return None if value else 60
    if column.endswith("_at") or column == "exchange_quiet_from":
        return NOON
    if column in ("parent_direction", "answered_by"):
        return "CX" if column == "parent_direction" else "customer"
    return f"{value}?" if isinstance(value, str) else type(value)(not value)


@pytest.mark.usefixtures("talk")
def test_a_window_that_is_missing_is_found(empty: Client) -> None:
    empty.command(f"DELETE FROM dialogue_minutes WHERE minute = '{_at(2):%F %T}' AND brand = 'acme'")
    assert reconcile(empty).differences == [Difference("dialogue_minutes", "acme", "x", _at(2), "cc", 0, 1)]


def test_a_conversation_that_is_missing_or_too_much_is_found(empty: Client, talk: MemorySink) -> None:
    row = _conversation(talk, "q")
    _store(empty, row, removed=True)
    _store(empty, row.model_copy(update={"conversation": "ghost"}))
    assert reconcile(empty).differences == [
        Difference("conversations", "acme", "x", "ghost", ROW, 1, 0),
        Difference("conversations", "acme", "x", "q", ROW, 0, 1),
    ]


def test_an_interaction_that_is_missing_is_found(empty: Client, talk: MemorySink) -> None:
    _store(empty, _interaction(talk, "p2"), removed=True)
    found = {
        (each.table, each.of, each.column): (each.stored, each.recomputed)
        for each in reconcile(empty).differences
    }
    assert found["dialogue_minutes", _at(2), "cc"] == (1, 0)
    assert found["dialogue_minutes", _at(0), "root_replies"] == (4, 3)
    assert found["conversations", "p", "messages"] == (7, 6)
    assert found["conversations", "p", "c2c_depth"] == (3, 2)


def test_rows_that_disagree_about_the_start_of_their_conversation_are_found(
    empty: Client, talk: MemorySink
) -> None:
    _store(empty, _interaction(talk, "p5"), started_at=_at(1))
    found = {(each.of, each.column): (each.stored, each.recomputed) for each in reconcile(empty).differences}
    assert found["p", ROW] == (1, 2)
    assert found[_at(1), "customer_conversations"] == (0, 1)


def test_a_window_of_zeros_is_as_good_as_none(empty: Client, talk: MemorySink) -> None:
    _store(empty, _window(talk, _at(0)), minute=_at(7 * 24 * 60), **dict.fromkeys(SUMS, 0))
    found = reconcile(empty)
    assert found.different == 0
    assert found.rows["dialogue_minutes"] == 1 + len(talk.rows(MINUTES))


def test_a_negative_sum_of_one_partition_is_made_up_for_by_another(empty: Client, talk: MemorySink) -> None:
    less = dict.fromkeys(SUMS, 0) | {"bo": -7, "source_partition": 1}
    _store(empty, _window(talk, _at(0)), **less)
    assert [(each.column, each.stored, each.recomputed) for each in reconcile(empty).differences] == [
        ("bo", -6, 1)
    ]
    _store(empty, _window(talk, _at(0)), **less | {"bo": 7, "source_partition": 2})
    assert reconcile(empty).different == 0


def test_a_conversation_belongs_to_the_period_that_it_starts_in(empty: Client, talk: MemorySink) -> None:
    """Its later messages are counted in their own minutes, and never twice.

    q (12:10) ······ from 13:00 ····· q1 (13:30) q2 (13:31) ····· to 14:00
    """
    late = (_at(60), _at(120))
    found = reconcile(empty, late)
    assert found.rows["conversations"] == 0
    assert found.rows["dialogue_minutes"] == 2
    assert found.different == 0
    _store(empty, _conversation(talk, "q"), messages=9)
    _store(empty, _window(talk, _at(90)), cb=5)
    assert [each.column for each in reconcile(empty, late).differences] == ["cb"]
    early = (ALWAYS[0], _at(60))
    assert [each.column for each in reconcile(empty, early).differences] == ["messages"]


def test_a_minute_belongs_to_the_period_that_its_start_is_in(empty: Client, talk: MemorySink) -> None:
    _store(empty, _window(talk, _at(0)), bo=9)
    assert reconcile(empty, (_at(0), _at(0.5))).different == 1
    assert reconcile(empty, (_at(0.5), _at(60))).different == 0


def test_portions_come_to_the_same(empty: Client, talk: MemorySink, monkeypatch: pytest.MonkeyPatch) -> None:
    _store(empty, _window(talk, _at(91)), bc=9)
    _store(empty, _conversation(talk, "p"), bc=9)
    whole = reconcile(empty)
    assert len(whole.differences) == 2
    monkeypatch.setattr(module, "_PORTION", 1)
    shares: list[float] = []
    found = reconcile(empty, on_progress=shares.append)
    assert set(found.differences) == set(whole.differences)
    assert (found.rows, found.different) == (whole.rows, whole.different)
    assert shares == [0.5, 1.0]


def test_no_more_differences_are_kept_than_are_asked_for_but_all_are_counted(
    empty: Client, talk: MemorySink
) -> None:
    _store(empty, *talk.rows(MINUTES), co=99)
    found = reconcile(empty, shown=3)
    assert len(found.differences) == 3
    assert found.different == len(talk.rows(MINUTES))


def test_a_long_path_is_followed_to_where_it_breaks(empty: Client) -> None:
    log = [_said("m0", "acme", _at(0))]
    for step in range(1, 400):
        by = "acme" if step == 100 else ("eve", "bob")[step % 2]
        log.append(_said(f"m{step}", by, _at(step), f"m{step - 1}"))
    memory = _feed(empty, REGISTRY, log)
    assert _conversation(memory, "m0").c2c_depth == 298  # 102 to 399
    _nothing_differs(empty, memory)


def test_a_database_with_nothing_in_it_is_right(empty: Client) -> None:
    found = reconcile(empty)
    assert (found.values, found.different, found.differences) == (0, 0, [])
