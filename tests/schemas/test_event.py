"""The social event: what is taken, what is refused, and with which field."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.event import ACTS_ON, MESSAGES, REACTIONS, Activity, SocialEvent

POST: dict[str, Any] = {
    "platform": "x",
    "activity": "post",
    "id": "1",
    "actor": {"id": "ann"},
    "published": "2024-05-01T10:00:00Z",
}


def parse(**changes: Any) -> SocialEvent:
    return SocialEvent.model_validate_json(json.dumps(POST | changes))


def refusal(**changes: Any) -> tuple[str, str]:
    with pytest.raises(ValidationError) as caught:
        parse(**changes)
    first = caught.value.errors()[0]
    return ".".join(map(str, first["loc"])), first["type"]


def test_unknown_fields_are_ignored_at_every_depth() -> None:
    event = parse(colour="red", actor={"id": "ann", "colour": "red"}, mentions=[{"id": "bo", "colour": 1}])
    assert event == parse(mentions=[{"id": "bo"}])
    assert "colour" not in event.model_dump_json()


def test_goes_to_json_and_back_unchanged() -> None:
    event = parse(
        activity="reply",
        in_reply_to={"id": "0", "actor_id": "bo"},
        mentions=[{"id": "bo", "inherited": True}],
    )
    assert SocialEvent.model_validate_json(event.model_dump_json()) == event
    assert SocialEvent.model_validate_json(event.model_dump_json(exclude_defaults=True)) == event


@pytest.mark.parametrize("field", ["platform", "activity", "id", "actor", "published"])
def test_required_fields(field: str) -> None:
    without = {name: value for name, value in POST.items() if name != field}
    with pytest.raises(ValidationError) as caught:
        SocialEvent.model_validate_json(json.dumps(without))
    assert [(error["loc"], error["type"]) for error in caught.value.errors()] == [((field,), "missing")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": 1}, "id"),
        ({"id": ""}, "id"),
        ({"id": "x" * 2049}, "id"),
        ({"platform": ""}, "platform"),
        ({"activity": "shout"}, "activity"),
        ({"actor": {}}, "actor.id"),
        ({"actor": {"id": "a", "followers": -1}}, "actor.followers"),
        ({"actor": {"id": "a", "followers": "7"}}, "actor.followers"),
        ({"actor": {"id": "a", "kind": "group"}}, "actor.kind"),
        ({"published": 1_714_557_600}, "published"),
        ({"published": "yesterday"}, "published"),
        ({"published": "0001-01-01T00:00:00+01:00"}, "published"),
        ({"published": "9999-12-31T23:59:59-01:00"}, "published"),
        ({"mentions": [{"id": "a"}, {"id": 2}]}, "mentions.1.id"),
        ({"hashtags": "one"}, "hashtags"),
        ({"version": -1}, "version"),
        ({"version": "1"}, "version"),
        ({"text": ["a"]}, "text"),
    ],
)
def test_a_wrong_value_is_refused_by_its_field(changes: dict[str, Any], field: str) -> None:
    assert refusal(**changes)[0] == field


@pytest.mark.parametrize(("activity", "needed"), list(ACTS_ON.items()))
def test_an_activity_needs_what_it_acts_on(activity: Activity, needed: str) -> None:
    assert refusal(activity=activity.value)[1] == "missing_for_activity"
    assert refusal(activity=activity.value, **{needed: None})[1] == "missing_for_activity"
    assert parse(activity=activity.value, **{needed: {"id": "0"}}).activity is activity


@pytest.mark.parametrize("activity", [Activity.POST, Activity.UPDATE])
def test_posts_and_updates_stand_alone(activity: Activity) -> None:
    assert parse(activity=activity.value).activity is activity
    assert activity not in ACTS_ON


def test_messages_and_reactions_are_never_the_same() -> None:
    assert not MESSAGES & REACTIONS
    assert {activity for activity in Activity if parse_minimal(activity).is_message} == MESSAGES


def parse_minimal(activity: Activity) -> SocialEvent:
    needed = ACTS_ON.get(activity)
    return parse(activity=activity.value, **({needed: {"id": "0"}} if needed else {}))


def test_event_time_is_utc_with_microseconds() -> None:
    assert parse(published="2024-05-01T12:00:00.123456+02:00").published == datetime(
        2024, 5, 1, 10, 0, 0, 123456, tzinfo=UTC
    )
    assert parse(published="2024-05-01T10:00:00").published.tzinfo is UTC


@given(st.datetimes(timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))))
def test_a_time_keeps_its_moment_or_is_refused(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:
        assert refusal(published=moment.isoformat()) == ("published", "moment_out_of_range")
    else:
        assert parse(published=moment.isoformat()).published == expected


def test_without_content_nothing_of_what_was_said_is_left() -> None:
    event = parse(
        text="a secret", hashtags=["secret"], urls=["https://secret.example"], raw_ref="s3://secret"
    )
    assert "secret" not in event.without_content().model_dump_json()
    assert event.without_content().id == event.id


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_only_the_validation_error(data: bytes) -> None:
    with pytest.raises(ValidationError):
        SocialEvent.model_validate_json(data)
