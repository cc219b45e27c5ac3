"""Columns that compiled rows give are those that Arrow makes of the definition's rows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rows import activity, conversation, interaction

from schemas.event import Activity
from schemas.rows import MARKS, SUMS, ActivityRow, ConversationRow, InteractionRow, MinuteRow, Row
from schemas.vocabulary import Direction, Effect, Role, Scope
from sinks.arrow import Columnar, arrow_schema, to_arrow
from sinks.sink import Flush
from streams.health import Cached, Health

compiled = pytest.importorskip("hubbub_compiled")

LARGE = 2**63 - 1
TEXT = st.text(max_size=6)  # of any characters but surrogates, which UTF-8 has not
MOMENT = st.datetimes(timezones=st.just(UTC))
SMALL = st.integers(0, 2**32 - 1)
STAMPS = {
    name: st.integers(0, LARGE) for name in ("seen", "source_epoch", "source_partition", "source_offset")
}
SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    **STAMPS,
    "activity": st.sampled_from(Activity).map(str),
    "followers": st.none() | st.integers(0, LARGE),
    "sentiment": st.sampled_from((None, -1, 0, 1)),
    "sketch": st.lists(SMALL, max_size=4).map(tuple),
    "topics": st.lists(TEXT, max_size=3).map(tuple),
}
KINDS: dict[object, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: SMALL,
    bool: st.booleans(),
    float: st.floats(allow_nan=False),
    datetime: MOMENT,
    Direction: st.sampled_from(Direction),
    Effect: st.sampled_from(Effect),
    Role: st.sampled_from(Role),
    Scope: st.sampled_from(Scope),
}


def _values(row: type[Row]) -> dict[str, st.SearchStrategy[Any]]:
    values = {}
    for name, field in row.model_fields.items():
        options = set(getattr(field.annotation, "__args__", ())) or {field.annotation}
        kinds = [KINDS[option] for option in options if option in KINDS]
        nothing = [st.none()] if type(None) in options else []
        values[name] = SPECIAL[name] if name in SPECIAL else st.one_of(*nothing, *kinds)
    return values


def _no_exchange(columns: dict[str, Any]) -> dict[str, Any]:
    """Where no exchange opens, nothing is said of one."""
    if columns["exchange_sla"] is not None:
        return columns
    names = [name for name in columns if name.startswith("exchange_")]
    return columns | {name: InteractionRow.model_fields[name].default for name in names}


INTERACTIONS = st.fixed_dictionaries(_values(InteractionRow)).map(_no_exchange).map(InteractionRow.trusted)
CONVERSATIONS = st.fixed_dictionaries(_values(ConversationRow)).map(ConversationRow.trusted)
ACTIVITIES = st.fixed_dictionaries(
    _values(ActivityRow)
    | {"registry": st.integers(0, LARGE), "activity": st.sampled_from([*Activity, *MARKS]).map(str)}
).map(ActivityRow.trusted)
MINUTES = st.fixed_dictionaries(
    _values(MinuteRow) | dict.fromkeys(SUMS, st.integers(-LARGE, LARGE)) | {"applied": st.integers(0, LARGE)}
).map(MinuteRow.trusted)


def _same(row: type[Row], rows: Any, definition: list[Any]) -> None:
    assert isinstance(rows, Columnar)
    assert len(rows) == len(definition)
    assert rows.columns() is not None
    table = to_arrow(row, rows)
    table.validate(full=True)
    assert table.schema == arrow_schema(row)
    assert table.equals(to_arrow(row, definition))
    assert [*rows] == definition


@given(drawn=st.lists(INTERACTIONS, min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_interactions_are_the_same_in_arrow(drawn: list[InteractionRow]) -> None:
    rows = compiled.Rows.interactions(drawn)
    _same(InteractionRow, rows, drawn)


@given(drawn=st.lists(CONVERSATIONS, min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_conversations_are_the_same_in_arrow(drawn: list[ConversationRow]) -> None:
    rows = compiled.Rows.conversations(drawn)
    _same(ConversationRow, rows, drawn)


@given(drawn=st.lists(MINUTES, min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_minutes_are_the_same_in_arrow(drawn: list[MinuteRow]) -> None:
    rows = compiled.Rows.minutes(drawn)
    _same(MinuteRow, rows, drawn)


@given(drawn=st.lists(ACTIVITIES, min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_activities_are_the_same_in_arrow(drawn: list[ActivityRow]) -> None:
    rows = compiled.Rows.activities(drawn)
    _same(ActivityRow, rows, drawn)


def test_a_number_that_no_column_can_hold_is_the_same_error_before_anything_is_inserted() -> None:
    for row, rows, of in (
        (ActivityRow, [activity(), activity(seen=LARGE + 1)], compiled.Rows.activities),
        (ActivityRow, [activity(registry=2 * LARGE)], compiled.Rows.activities),
        (InteractionRow, [interaction(source_offset=LARGE + 1)], compiled.Rows.interactions),
    ):
        with pytest.raises(OverflowError) as expected:
            to_arrow(row, rows)
        with pytest.raises(OverflowError) as found:
            to_arrow(row, of(rows))
        assert str(found.value) == str(expected.value)


def test_rows_are_a_sequence_of_the_definitions_rows() -> None:
    plain = [conversation("t1"), conversation("t2"), conversation("t3", removed=True)]
    rows = compiled.Rows.conversations(plain)
    assert rows
    assert not compiled.Rows.conversations([])
    assert len(rows) == 3
    assert (rows[0], rows[2], rows[-1], rows[-3]) == (plain[0], plain[2], plain[2], plain[0])
    assert rows[1:] == tuple(plain[1:])
    assert [*rows] == [*rows] == plain
    assert rows == tuple(plain)
    assert rows == compiled.Rows.conversations(plain)
    assert rows != tuple(plain[1:])
    assert plain[1] in rows
    assert conversation("t4") not in rows
    for place in (3, -4, 2**62, -(2**62)):
        with pytest.raises(IndexError):
            rows[place]


def test_many_rows_are_the_same_in_arrow() -> None:
    """Bits and offsets beyond one byte, and columns that are null now and then."""
    plain = [
        interaction(
            f"m{number}" * (number % 5),
            followers=None if number % 3 else number,
            latency=None if number % 7 else number / 10,
            question=(None, True, False)[number % 3],
            topics=("a",) * (number % 4),
            sketch=(*range(number % 6),),
            direction=None if number % 11 else Direction.CC,
        )
        for number in range(1000)
    ]
    _same(InteractionRow, compiled.Rows.interactions(plain), plain)


def test_the_newest_message_is_told_without_making_rows() -> None:
    plain = [
        interaction("m1", published=datetime(2026, 3, 2, tzinfo=UTC)),
        interaction("m2", published=datetime(2026, 3, 3, 4, 5, 6, 7, tzinfo=UTC)),
        interaction("m3", published=datetime(2026, 3, 4, tzinfo=UTC), removed=True),
        interaction("like", published=datetime(2026, 3, 5, tzinfo=UTC), direction=None),
    ]
    rows = compiled.Rows.interactions(plain)
    assert rows.newest() == plain[1].published
    health, other = Health(clock=lambda: 1e9), Health(clock=lambda: 1e9)
    health.ended(4, Flush(interactions=rows), Cached())
    other.ended(4, Flush(interactions=tuple(plain)), Cached())
    assert health.newest == other.newest
    assert health.newest is not None
    assert compiled.Rows.interactions(plain[2:]).newest() is None
    assert compiled.Rows.interactions([]).newest() is None
