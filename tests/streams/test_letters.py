"""Dead letters once more: which can be used today, where they are sent, and what becomes of the others."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from kafka import KafkaConsumer, TopicPartition

from schemas.registry import Registry
from schemas.rows import DeadLetterRow, RegistryRow
from schemas.settings import Settings
from sinks.memory import MemorySink
from sinks.sink import Flush
from sinks.tables import ACTIVITIES, DEAD_LETTERS, INTERACTIONS
from streams.control import RegistryChange, Settle, encode
from streams.decode import decode_one
from streams.letters import bring_in, judge
from streams.replay import Line, replay_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from streams.broker import Broker
    from streams.thread import Thread

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def _body(identifier: str, by: str = "acme", **more: Any) -> bytes:
    activity = "reply" if "in_reply_to" in more else "post"
    event = {"platform": "x", "activity": activity, "id": identifier, "actor": {"id": by}}
    return json.dumps(event | {"published": "2026-02-01T00:00:00Z"} | more).encode()


def _letter(offset: int, body: bytes, **more: Any) -> DeadLetterRow:
    place = {
        "source_topic": "social.events",
        "source_epoch": 1,
        "source_partition": 0,
        "source_offset": offset,
    }
    told = {"reason": "wrong_type", "field": "id", "detail": "", "body": body, "refused_at": NOW}
    return DeadLetterRow(**(told | place | more))


def _sink(*letters: DeadLetterRow) -> MemorySink:
    sink = MemorySink()
    registry = Registry.of_names("x", ["acme"])
    sink.store_registry(
        RegistryRow(version=1, digest=registry.digest, body=registry.to_json(), stored_at=NOW)
    )
    sink.write(Flush(dead_letters=letters))
    return sink


def _open(sink: MemorySink) -> set[int]:
    return {row.source_offset for row in sink.rows(DEAD_LETTERS) if row.replayed_at is None}


def test_what_today_can_be_used_is_told_from_what_stays() -> None:
    letters = [
        _letter(0, _body("0")),
        _letter(1, b"\xff"),
        _letter(2, b""),
        _letter(3, _body("3", visibility="direct", text="for your eyes only")),
        _letter(4, _body("4"), reason="internal"),
    ]
    judged = judge(letters)
    assert [usable.letter.source_offset for usable in judged.usable] == [0, 4]
    assert [letter.source_offset for letter in judged.dropped] == [3]
    assert [(letter.source_offset, why.reason) for letter, why in judged.refused] == [
        (1, "unreadable"),
        (2, "unreadable"),
    ]
    (kept,) = judge([letters[3]], keep_direct=True).usable
    assert kept.event.text is None


def test_a_control_never_becomes_an_event() -> None:
    controls = [encode(RegistryChange(version=7))[0], encode(Settle(platform="x", thread="1", until=NOW))[0]]
    letters = [_letter(offset, body, control=True) for offset, body in enumerate((*controls, _body("0")))]
    judged = judge(letters)
    assert [why.reason for _, why in judged.refused] == ["control"] * 3
    assert not judged.usable


def test_an_event_from_the_future_does_not_become_true_by_waiting() -> None:
    body = _body("0", published=(NOW + timedelta(days=3)).isoformat())
    ((_, why),) = judge([_letter(0, body, refused_at=NOW)]).refused
    assert (why.reason, why.field) == ("out_of_range", "published")


def test_without_kafka_they_are_folded_and_not_offered_again() -> None:
    letters = [
        _letter(0, _body("1", by="eve", in_reply_to={"id": "0"})),
        _letter(1, _body("0")),
        _letter(2, b"{"),
    ]
    sink = _sink(*letters)
    for _ in range(2):  # once more changes nothing
        assert not bring_in(judge(letters), sink, Settings(), NOW, through_kafka=False)
        assert {row.id: str(row.direction) for row in sink.rows(INTERACTIONS)} == {"0": "BO", "1": "CB"}
        assert _open(sink) == {2}


def test_what_breaks_the_fold_still_is_a_letter_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Thread:
        raise KeyError("id")

    monkeypatch.setattr("streams.pipeline.Pipeline._fold_thread", broken)
    letters = [_letter(7, _body("0"), reason="internal")]
    sink = _sink(*letters)
    assert bring_in(judge(letters), sink, Settings(), NOW, through_kafka=False) == 1
    (old,) = [row for row in sink.rows(DEAD_LETTERS) if row.replayed_at]
    (new,) = [row for row in sink.rows(DEAD_LETTERS) if not row.replayed_at]
    assert old.source_offset == 7
    assert (new.reason, new.source_epoch) == ("internal", 0)
    assert decode_one(Line(0, new.body, -1)) == decode_one(Line(0, old.body, -1))


def test_direct_messages_are_not_offered_again_and_not_stored() -> None:
    letters = [_letter(0, _body("0", visibility="direct"))]
    sink = _sink(*letters)
    bring_in(judge(letters), sink, Settings(), NOW, through_kafka=False)
    assert not _open(sink)
    assert not sink.rows(ACTIVITIES)


def test_they_are_sent_to_where_their_conversation_is(
    broker: Broker, new_topic: Callable[[int], str]
) -> None:
    """From this very topic: to the same partition. From another: by the key of the conversation."""
    topic = new_topic(4)
    settings = Settings(kafka=broker.bootstrap, topic=topic, dead_letter_topic=new_topic(1))
    reply = {"in_reply_to": {"id": "stored"}}
    letters = [
        _letter(0, _body("here", **reply), source_topic=topic, source_epoch=1, source_partition=3),
        _letter(1, _body("named", conversation="root"), source_topic=topic, source_epoch=2),
        _letter(2, _body("under", **reply), source_topic=topic, source_epoch=2),
        _letter(3, _body("above")),
        _letter(4, _body("below", in_reply_to={"id": "above"})),
    ]
    sink = _sink(*letters)
    stored = Line(0, _body("stored", conversation="root"), -1)
    replay_lines([[stored]], ("file", 1), sink, settings, NOW)
    bring_in(judge(letters), sink, settings, NOW, through_kafka=True)
    assert not _open(sink)

    consumer = KafkaConsumer(bootstrap_servers=broker.bootstrap, consumer_timeout_ms=10_000)
    consumer.assign([TopicPartition(topic, partition) for partition in range(4)])
    consumer.seek_to_beginning()
    sent = {json.loads(message.value)["id"]: message for _, message in zip(letters, consumer, strict=False)}
    consumer.close()
    keys = {name: message.key.decode() for name, message in sent.items()}
    assert keys == {"here": "root", "named": "root", "under": "root", "above": "above", "below": "above"}
    assert sent["here"].partition == 3
    assert sent["named"].partition == sent["under"].partition
    assert not any(message.headers for message in sent.values())
