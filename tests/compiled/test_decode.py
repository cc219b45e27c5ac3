"""The compiled decoder makes of every record what the definition makes of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.bodies import NOON, bodies, broken_bodies, contents, odd_times, times, wrong_bodies

from schemas.event import SocialEvent
from streams.control import Forget, RegistryChange, Settle, encode
from streams.decode import EARLIEST, LATEST, TOLERANCE, Arrival, Decoded, Refusal, decode
from streams.ingest import message
from streams.replay import Line
from streams.simulator import simulate
from streams.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from streams.decode import Record

compiled = pytest.importorskip("hubbub_compiled")
GOOD = {
    "platform": "x",
    "activity": "reply",
    "id": "2",
    "actor": {"id": "eve"},
    "published": "2026-02-01T00:00:00Z",
    "in_reply_to": {"id": "1"},
}


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


NOW = _milliseconds(NOON)
_STAMPS = st.sampled_from((-1, 0, NOW, NOW - 10**9, _milliseconds(LATEST), _milliseconds(LATEST) - 1, 2**62))


class Refused(NamedTuple):
    offset: int
    body: bytes
    reason: str
    field: str
    detail: str
    words: str
    control: bool


def _refused(refusal: Refusal) -> Refused:
    error = refusal.error
    return Refused(
        refusal.offset, refusal.body, error.reason, error.field, error.detail, str(error), refusal.control
    )


def _never(*_: object, **__: object) -> Decoded:
    raise AssertionError("the definition was asked")


def _is_decoded_as_the_definition_does(records: Sequence[Record], *, keep_direct: bool = False) -> Decoded:
    theirs = decode(records, keep_direct=keep_direct)
    ours = compiled.decode(records, keep_direct=keep_direct, definition=decode)
    assert type(ours) is Decoded
    assert [arrival.offset for arrival in ours.arrivals] == [arrival.offset for arrival in theirs.arrivals]
    for mine, known in zip(ours.arrivals, theirs.arrivals, strict=True):
        assert type(mine) is Arrival
        if isinstance(known.item, SocialEvent):
            assert type(mine.item) is compiled.Event
            assert mine.item.definition() == known.item
            assert mine.item.definition().model_dump_json() == known.item.model_dump_json()
        else:
            assert mine.item == known.item
    assert [*map(_refused, ours.refusals)] == [*map(_refused, theirs.refusals)]
    assert all(type(refusal) is Refusal for refusal in ours.refusals)
    assert (ours.dropped, ours.direct_messages) == (theirs.dropped, theirs.direct_messages)
    return theirs


def _lines(values: Iterable[bytes | None], timestamp: int = NOW) -> list[Line]:
    return [Line(offset, value, timestamp) for offset, value in enumerate(values)]


@given(st.lists(bodies(), min_size=1, max_size=4), _STAMPS, st.booleans())
def test_good_bodies_are_decoded_alike(found: list[bytes], timestamp: int, keep_direct: bool) -> None:
    _is_decoded_as_the_definition_does(_lines(found, timestamp), keep_direct=keep_direct)


@given(st.lists(wrong_bodies(), min_size=1, max_size=4))
@settings(max_examples=120)
def test_bodies_with_a_wrong_field_are_decoded_alike(found: list[bytes]) -> None:
    _is_decoded_as_the_definition_does(_lines(found))


@given(st.lists(broken_bodies(), min_size=1, max_size=4))
@settings(max_examples=120)
def test_broken_bodies_are_decoded_alike(found: list[bytes]) -> None:
    _is_decoded_as_the_definition_does(_lines(found))


@given(st.one_of(st.none(), st.binary(), st.text().map(str.encode)), st.booleans())
def test_arbitrary_bytes_are_decoded_alike(value: bytes | None, control: bool) -> None:
    headers = [("hubbub-control", b"registry")] if control else ()
    _is_decoded_as_the_definition_does([Line(7, value, NOW, headers)])


@given(odd_times(), odd_times() | times(), _STAMPS)
@settings(max_examples=120)
def test_nearly_times_are_decoded_alike(published: str, observed: str, timestamp: int) -> None:
    said = [{"published": published}, {"observed": observed}, {"published": published, "observed": observed}]
    _is_decoded_as_the_definition_does(_lines((_body(**one) for one in said), timestamp))


def _body(**changes: object) -> bytes:
    return json.dumps(GOOD | changes).encode()


_EDGES = (EARLIEST, NOON, NOON + TOLERANCE, NOON - TOLERANCE, LATEST, LATEST + TOLERANCE)
_STEPS = st.sampled_from((-1_000_000, -1_000, -1, 0, 1, 1_000, 1_000_000))


@st.composite
def _edges(draw: st.DrawFn) -> str:
    moment = draw(st.sampled_from(_EDGES)) + timedelta(microseconds=draw(_STEPS))
    return moment.isoformat()


@given(_edges(), st.none() | _edges(), _STAMPS)
@settings(max_examples=500)
def test_events_at_the_edge_of_what_is_possible_are_decoded_alike(
    published: str, observed: str | None, timestamp: int
) -> None:
    _is_decoded_as_the_definition_does(_lines([_body(published=published, observed=observed)], timestamp))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "x" * 2049},
        {"id": "日" * 2048},
        {"id": "日" * 2049},
        {"platform": "é" * 64},
        {"platform": "é" * 65},
        {"version": True},
        {"version": 1.0},
        {"version": 2**32},
        {"actor": {"id": "a", "followers": 2**63}},
        {"actor": {"id": "a", "followers": -1}},
        {"mentions": None},
        {"mentions": {}},
        {"mentions": [{"id": "a"}, {}]},
        {"mentions": [{"id": "a", "inherited": 0}]},
        {"hashtags": ["a", None]},
        {"published": 1_769_904_000},
        {"published": "1769904000"},
        {"published": "1769904000.5"},
        {"published": "2026-02-01"},
        {"published": "2026-02-01T00:00Z"},
        {"published": "2026-02-29T00:00:00Z"},
        {"published": "2024-02-29T00:00:00Z"},
        {"published": "2026-02-01T23:59:60Z"},
        {"published": "2026-02-01T00:00:00.1234569Z"},
        {"published": "2026-02-01T00:00:00+24:00"},
        {"published": "2026-02-01T00:00:00-23:59"},
        {"published": "2026-02-01T00:00:00\u00b2"},
        {"published": "0001-01-01T00:00:00+14:00"},
        {"published": "٢026-02-01T00:00:00Z"},
        {"observed": "2031-01-01T00:00:00Z"},
        {"activity": "like"},
        {"activity": "undo", "object": None},
        {"activity": "Post"},
        {"activity": "POST"},
        {"visibility": "direct"},
        {"unknown": [[[[{"a": [1.5, None, "\ud83d\ude00"]}]]]]},
    ],
)
def test_odd_values_are_decoded_alike(changes: dict[str, object]) -> None:
    _is_decoded_as_the_definition_does(_lines([_body(**changes)]))


@pytest.mark.parametrize(
    "end",
    [
        b',"id":"3"}',
        b',"id":3}',
        b',"id":3,"id":"4"}',
        b',"i\\u0064":"3"}',
        b',"text":"a","text":null}',
        b',"actor":{"id":"a","id":"b"}}',
        b',"zz":1,"zz":2}',
        b',"zz":NaN}',
        b',"zz":1e999}',
        b',"zz":-}',
        b',"zz":"\xff"}',
        b',"zz":"\\ud800"}',
        b',"\xff":1}',
        b',"version":-0}',
        b',"version":00}',
        b',"version":1e0}',
        b',"zz":' + b"[" * 63 + b"]" * 63 + b"}",
        b',"zz":' + b"[" * 199 + b"]" * 199 + b"}",
        b',"zz":' + b"[" * 200 + b"]" * 200 + b"}",
        b',"zz":' + b"[" * 201 + b"]" * 201 + b"}",
        b',"zz":' + b"[" * 100_000 + b"}",
        b',"zz":' + b"9" * 4_300 + b"}",
        b',"zz":' + b"9" * 4_301 + b"}",
        b"} ",
        b"}\0",
        b"}}",
        b",}",
        b"",
    ],
)
def test_odd_json_is_decoded_alike(end: bytes) -> None:
    _is_decoded_as_the_definition_does(_lines([_body()[:-1] + end]))


@pytest.mark.parametrize(
    "body", [b"\xef\xbb\xbf" + _body(), b" \n\t" + _body(), b"[]", b"1", b'"x"', b"null"]
)
def test_odd_beginnings_are_decoded_alike(body: bytes) -> None:
    _is_decoded_as_the_definition_does(_lines([body]))


@given(st.lists(contents(), min_size=1, max_size=5), st.data())
def test_a_batch_of_all_kinds_keeps_its_order(found: list[dict[str, object]], data: st.DataObject) -> None:
    controls = (
        RegistryChange(version=3),
        Settle(platform="x", thread="1", until=NOON),
        Forget(platform="x", account="eve", until=NOON),
    )
    records = [Line(offset, json.dumps(said).encode(), NOW) for offset, said in enumerate(found)]
    for control in controls:
        value, headers = encode(control)
        records.insert(data.draw(st.integers(0, len(records))), Line(100, value, NOW, headers))
    records.insert(data.draw(st.integers(0, len(records))), Line(200, b"{", NOW))
    theirs = _is_decoded_as_the_definition_does(records)
    assert len(theirs.refusals) >= 1


@pytest.mark.parametrize(
    "headers",
    [
        (),
        [],
        None,
        [("trace", b"1")],
        (("trace", None), ("other", b"")),
        [("trace", b"1"), ("hubbub-control", b"registry")],
        [("hubbub-control", b"registry")],
        [(1, b"")],
        ["no pair"],
        [("three", b"", b"")],
        [("\ud800", b"")],
    ],
)
def test_odd_headers_are_decoded_alike(headers: object) -> None:
    record = Line(1, _body(), NOW, headers)  # type: ignore[arg-type]
    try:
        decode([record])
    except (TypeError, ValueError) as error:
        with pytest.raises(type(error)):
            compiled.decode([record], definition=decode)
    else:
        _is_decoded_as_the_definition_does([record])


@pytest.mark.parametrize("value", [bytearray(_body()), memoryview(_body()), _body().decode(), 1])
@pytest.mark.parametrize("timestamp", [NOW, float(NOW), True, 2**70, -(2**70)])
def test_odd_records_are_decoded_alike(value: object, timestamp: object) -> None:
    for content in (value, _body()):
        _is_decoded_as_the_definition_does([Line(1, content, timestamp)])  # type: ignore[arg-type]


def test_what_is_plain_is_not_asked_of_the_definition() -> None:
    said = GOOD | {
        "lang": None,
        "text": "é",
        "unknown": {"a": [1]},
        "observed": "2026-02-01T00:00:01.5+02:00",
    }
    line = Line(1, json.dumps(said).encode(), NOW, [("trace", b"1")])
    assert len(compiled.decode([line], definition=_never).arrivals) == 1
    with pytest.raises(AssertionError):
        compiled.decode(_lines([b"{"]), definition=_never)


def test_a_simulated_week_is_decoded_alike_and_without_the_definition() -> None:
    simulation = simulate(days=7)
    records = [
        Line(offset, message(event), _milliseconds(at))
        for offset, (event, at) in enumerate(zip(simulation.events, simulation.arrivals, strict=True))
    ]
    for keep_direct in (False, True):
        theirs = _is_decoded_as_the_definition_does(records, keep_direct=keep_direct)
        assert len(theirs.arrivals) > 1_000
    plain = [records[arrival.offset] for arrival in theirs.arrivals]
    assert len(compiled.decode(plain, keep_direct=True, definition=_never).arrivals) == len(plain)


def test_real_conversations_are_decoded_alike(shared_data: Path) -> None:
    source = open_source("twcs", shared_data / "twcs_5000.csv")
    found = [message(keyed.event) for keyed in source.events()]
    theirs = _is_decoded_as_the_definition_does(_lines(found))
    assert len(theirs.arrivals) == len(found)
    assert len(compiled.decode(_lines(found), definition=_never).arrivals) == len(found)
