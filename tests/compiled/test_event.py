"""The compiled event says what the definition's says."""

from __future__ import annotations

import weakref
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.bodies import events

from schemas.event import Activity, Actor, Mention, Reference, SocialEvent
from streams.place import Identity, Place, anchor_of, opens, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

compiled = pytest.importorskip("hubbub_compiled")
EVENT = SocialEvent.model_validate_json(
    '{"platform":"x","activity":"reply","id":"2","actor":{"id":"eve","handle":"Eve","kind":"service"},'
    '"published":"2026-02-01T00:00:00Z","in_reply_to":{"id":"1","actor_id":"bob"},"text":"my secret",'
    '"mentions":[{"id":"bob","inherited":true}]}'
)
PARTS = (Actor, Reference, Mention)


def _parts(value: object, model: type) -> Mapping[str, object]:
    return {name: getattr(value, name) for name in model.model_fields}


@given(events())
def test_every_field_is_the_definitions(event: SocialEvent) -> None:
    same = compiled.Event.of(event)
    for name in SocialEvent.model_fields:
        theirs, ours = getattr(event, name), getattr(same, name)
        assert ours == theirs
        assert theirs == ours
        if type(theirs) in PARTS:
            assert _parts(ours, type(theirs)) == _parts(theirs, type(theirs))
        elif name == "mentions":
            assert [_parts(one, Mention) for one in ours] == [_parts(one, Mention) for one in theirs]
        else:
            assert type(ours) is type(theirs)
    assert same.activity is event.activity
    assert same.actor.kind is event.actor.kind
    assert same.published.tzinfo is UTC
    assert same.is_message is event.is_message


@given(events())
def test_it_goes_to_the_definition_and_back_unchanged(event: SocialEvent) -> None:
    back = compiled.Event.of(event).definition()
    assert type(back) is SocialEvent
    assert back == event
    assert repr(back) == repr(event)
    assert back.__pydantic_fields_set__ is event.__pydantic_fields_set__
    assert compiled.Event.of(back) == compiled.Event.of(event)


@given(events(), events(), st.data())
def test_it_equals_what_the_definition_equals(
    one: SocialEvent, other: SocialEvent, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([*SocialEvent.model_fields]))
    changed = one.model_copy(update={name: getattr(other, name)})
    for left in (one, compiled.Event.of(one)):
        for right in (changed, compiled.Event.of(changed)):
            assert (left == right) is (one == changed)
            assert (left != right) is (one != changed)


@pytest.mark.parametrize("other", [None, 1, "x", {}, Reference(id="1"), Mention(id="2")])
def test_it_equals_nothing_else(other: object) -> None:
    event = compiled.Event.of(EVENT)
    for ours in (event, event.actor):
        assert ours != other
        assert not ours == other  # noqa: SIM201 - this is what is asked
        assert other != ours


def test_parts_that_differ_are_not_equal() -> None:
    event = compiled.Event.of(EVENT)
    assert event.actor != EVENT.actor.model_copy(update={"agent": "Ann"})
    assert event.in_reply_to != Reference(id="1")
    assert event.mentions != (Mention(id="bob"),)
    assert event.in_reply_to == compiled.Event.of(EVENT).in_reply_to
    assert event.mentions == compiled.Event.of(EVENT).mentions


@given(events())
def test_what_is_left_of_it_is_what_the_definition_leaves(event: SocialEvent) -> None:
    ours = compiled.Event.of(event)
    assert ours.without_content() == event.without_content()
    assert ours.bare() == event.bare()
    assert ours == event


@given(events(), events())
def test_a_copy_has_the_values_that_it_was_given(event: SocialEvent, other: SocialEvent) -> None:
    update = {name: getattr(other, name) for name in ("text", "lang", "hashtags", "urls", "published")}
    copy = compiled.Event.of(event).model_copy(update=update)
    assert copy == event.model_copy(update=update)
    assert type(copy) is compiled.Event


@pytest.mark.parametrize("parent", [None, Reference(id="parent")])
@pytest.mark.parametrize("acted_on", [None, Reference(id="object")])
@pytest.mark.parametrize("activity", [*Activity])
@pytest.mark.parametrize("conversation", [None, "conversation"])
def test_where_it_belongs_is_what_the_definition_says(
    conversation: str | None, activity: Activity, acted_on: Reference | None, parent: Reference | None
) -> None:
    changes = {"activity": activity, "object": acted_on, "in_reply_to": parent, "conversation": conversation}
    event = EVENT.model_copy(update=changes)
    ours = compiled.Event.of(event)
    place = compiled.place(ours)
    assert place.event is ours
    assert repr(place[1:]) == repr(place_of(event)[1:])
    assert (type(place), type(place.identity)) == (Place, Identity)
    assert (anchor_of(ours), opens(ours)) == (anchor_of(event), opens(event))


@given(st.datetimes(timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))))
def test_all_moments_are_kept(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:
        with pytest.raises(OverflowError):
            compiled.Event.of(EVENT.model_copy(update={"published": moment}))
        return
    event = compiled.Event.of(EVENT.model_copy(update={"published": moment, "observed": expected}))
    assert event.published == event.observed == expected
    assert event.published.utcoffset() == timedelta(0)


def test_a_time_without_an_offset_is_no_moment() -> None:
    naive = EVENT.published.replace(tzinfo=None)
    with pytest.raises(ValueError, match="offset"):
        compiled.Event.of(EVENT.model_copy(update={"published": naive}))
    assert compiled.Event.of(EVENT) != EVENT.model_copy(update={"published": naive})


def test_a_log_that_shows_it_shows_no_content() -> None:
    event = compiled.Event.of(EVENT)
    assert repr(event) == 'Event("x", "reply", "2")'
    assert "Eve" not in repr(event.actor)


def test_it_can_be_watched_and_not_be_changed() -> None:
    event = compiled.Event.of(EVENT)
    watched = weakref.ref(event)
    with pytest.raises(AttributeError):
        event.text = "other"
    with pytest.raises(TypeError):
        hash(event)
    del event
    assert watched() is None
