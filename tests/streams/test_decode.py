from __future__ import annotations

import gc
import json
import weakref
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import Refused
from schemas.event import SocialEvent
from streams.control import RegistryChange, Settle, encode
from streams.decode import decode, decode_one
from streams.replay import Line

NOW = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000)
GOOD = {
    "platform": "x",
    "activity": "reply",
    "id": "2",
    "actor": {"id": "eve"},
    "published": "2026-02-01T00:00:00Z",
    "in_reply_to": {"id": "1"},
}


def _line(value: bytes | None, **more: object) -> Line:
    return Line(**({"offset": 7, "value": value, "timestamp": NOW} | more))


def _event(**changes: object) -> bytes:
    return json.dumps({name: value for name, value in (GOOD | changes).items() if value is not None}).encode()


@given(st.one_of(st.none(), st.binary(), st.text().map(str.encode)))
def test_arbitrary_bytes_raise_only_the_named_error(value: bytes | None) -> None:
    for headers in ((), [("hubbub-control", b"registry")]):
        with suppress(Refused):
            decode_one(_line(value, headers=headers))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*SocialEvent.model_fields]), inner),
    )
)
def test_arbitrary_json_raises_only_the_named_error(value: object) -> None:
    for content in (value, GOOD | value if isinstance(value, dict) else value):
        with suppress(Refused):
            decode_one(_line(json.dumps(content).encode()))


@pytest.mark.parametrize(
    ("value", "reason", "field"),
    [
        (None, "unreadable", ""),
        (b"", "unreadable", ""),
        (b"\xff\xfe", "unreadable", ""),
        (b"[]", "wrong_type", ""),
        (_event() + b"," + _event(), "unreadable", ""),
        (_event(activity="shout"), "unknown_activity", "activity"),
        (_event(actor=None), "missing", "actor"),
        (_event(actor={}), "missing", "actor.id"),
        (_event(in_reply_to=None), "missing", "in_reply_to"),
        (_event(activity="like"), "missing", "object"),
        (_event(id=2), "wrong_type", "id"),
        (_event(id=""), "wrong_value", "id"),
        (_event(published="yesterday"), "wrong_type", "published"),
        (_event(published="2003-12-31T23:59:59Z"), "out_of_range", "published"),
        (_event(published="2026-03-02T00:00:00.000001Z"), "out_of_range", "published"),
        (
            _event(published="2026-02-03T00:00:01Z", observed="2026-02-02T00:00:00Z"),
            "out_of_range",
            "published",
        ),
        (_event(observed="2031-01-01T00:00:00Z"), "out_of_range", "observed"),
        (_event(published="0001-01-01T00:00:00+14:00"), "wrong_type", "published"),
        (_event(version=-1), "wrong_value", "version"),
        (_event(mentions=[{"id": "a"}, {}]), "missing", "mentions.1.id"),
    ],
)
def test_what_is_refused_says_why_and_where(value: bytes | None, reason: str, field: str) -> None:
    decoded = decode([_line(value)])
    (refusal,) = decoded.refusals
    assert (refusal.error.reason, refusal.error.field) == (reason, field)
    assert (refusal.offset, refusal.body) == (7, value or b"")
    assert not decoded.arrivals


def test_unknown_fields_are_ignored() -> None:
    (arrival,) = decode([_line(_event(shoe_size=43, actor={"id": "eve", "mood": "fine"}))]).arrivals
    assert arrival.offset == 7
    assert isinstance(arrival.item, SocialEvent)


def test_a_published_later_than_observed_is_clamped() -> None:
    event = decode_one(_line(_event(published="2026-02-01T12:00:00Z", observed="2026-02-01T00:00:00Z")))
    assert isinstance(event, SocialEvent)
    assert event.published == datetime(2026, 2, 1, tzinfo=UTC)


def test_a_time_without_an_offset_is_utc() -> None:
    event = decode_one(_line(_event(published="2026-02-01T12:00:00.123456")))
    assert isinstance(event, SocialEvent)
    assert event.published == datetime(2026, 2, 1, 12, 0, 0, 123456, tzinfo=UTC)


def test_direct_messages_are_dropped_or_kept_without_their_text() -> None:
    line = _line(_event(visibility="direct", text="secret", hashtags=["s"], urls=["u"]))
    assert (decode([line]).arrivals, decode([line]).direct_messages) == ([], 1)
    (arrival,) = decode([line], keep_direct=True).arrivals
    assert isinstance(arrival.item, SocialEvent)
    assert (arrival.item.text, arrival.item.hashtags, arrival.item.urls) == (None, (), ())


@pytest.mark.parametrize(
    "control",
    [
        RegistryChange(version=3),
        Settle(platform="x", thread="1", until=datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_controls_come_back_as_they_were(control: RegistryChange | Settle) -> None:
    value, headers = encode(control)
    assert decode_one(_line(value, headers=headers)) == control


def test_an_event_is_no_control_without_the_header() -> None:
    value, _ = encode(RegistryChange(version=3))
    with pytest.raises(Refused):
        decode_one(_line(value))


def test_what_nobody_has_foreseen_is_a_reason_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Line) -> SocialEvent:
        raise IndexError("my number is '12345'")

    monkeypatch.setattr("streams.decode.decode_one", broken)
    (refusal,) = decode([Line(3, b"{}", 0)]).refusals
    assert (refusal.offset, refusal.body, refusal.error.reason) == (3, b"{}", "internal")
    assert "12345" not in refusal.error.detail


def test_a_refused_control_is_known_as_one() -> None:
    lines = [Line(0, b"{}", 0, [("hubbub-control", b"settle")]), Line(1, b"{}", 0, [("other", b"")])]
    assert [refusal.control for refusal in decode(lines).refusals] == [True, False]


def test_what_is_refused_does_not_keep_its_batch_in_memory() -> None:
    gc.disable()  # it would mend in its own time what workers cannot wait for
    try:
        decoded = decode([_line(_event()), _line(b"{"), _line(_event(platform=None))])
        refusals = list(decoded.refusals)
        event = weakref.ref(decoded.arrivals[0].item)
        del decoded
        assert event() is None
        assert len(refusals) == 2
    finally:
        gc.enable()
