"""What messages and reactions add to the windows: each to its own minute, its parent's, or the start's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.worlds import REGISTRY

from schemas.event import Activity, Actor, ActorKind, Reference, SocialEvent
from schemas.rows import SUMS
from streams.fold import Stored, fold
from streams.yields import Position

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _said(identifier: str, by: str, minute: int, **more: Any) -> SocialEvent:
    values: dict[str, Any] = {
        "platform": "x",
        "activity": Activity.REPLY if "in_reply_to" in more else Activity.POST,
        "id": identifier,
        "actor": Actor(id=by, kind=ActorKind.SERVICE if by == "robo" else None),
        "published": NOON + timedelta(minutes=minute),
    }
    return SocialEvent(**(values | more))


def _to(identifier: str) -> Reference:
    return Reference(id=identifier)


def _sums(*events: SocialEvent, thread: str = "p") -> dict[int, dict[str, int]]:
    """By minutes after noon, what is not zero."""
    stored = [Stored(event, Position(1, 0, offset)) for offset, event in enumerate(events)]
    windows = {
        (window.minute - NOON) // timedelta(minutes=1): {name: sums[name] for name in SUMS if sums[name]}
        for window, sums in fold(thread, stored, REGISTRY).windows.items()
        if window.brand == "acme"
    }
    return {minute: sums for minute, sums in windows.items() if sums}


def test_how_a_broadcast_is_taken_is_booked_to_its_own_minute() -> None:
    said = [
        _said("p", "acme", 0, text="Look", lang="en"),
        _said("q", "eve", 3, in_reply_to=_to("p"), text="This is bad", lang="en"),
        _said("r", "bob", 4, in_reply_to=_to("p"), text="This is good", lang="en"),
        _said("s", "bob", 5, in_reply_to=_to("q"), text="This is bad", lang="en"),
        _said("t", "bob", 6, in_reply_to=_to("p")),
        _said("u", "robo", 7, in_reply_to=_to("p"), text="This is bad", lang="en"),
    ]
    sums = _sums(*said)
    assert (sums[0]["bo_replies"], sums[0]["bo_negative"]) == (2, 1)
    assert (sums[3]["negative"], sums[4]["positive"], sums[5]["negative"]) == (1, 1, 1)
    assert not any("bo_replies" in sums[minute] for minute in sums if minute)
    assert "negative" not in sums.get(7, {})


def test_what_the_brand_gives_is_booked_to_the_minute_in_which_it_reacts() -> None:
    post = _said("p", "eve", 0, brands=("acme",))
    like = _said("l", "acme", 2, activity=Activity.LIKE, object=_to("p"))
    assert _sums(post, like)[2] == {"gives": 1}
    undo = _said("u", "acme", 3, activity=Activity.UNDO, object=_to("l"))
    assert 2 not in _sums(post, like, undo)


def test_a_give_counts_in_a_thread_without_messages_too() -> None:
    on_eve = Reference(id="p", actor_id="eve")
    like = _said("l", "acme", 2, activity=Activity.LIKE, object=on_eve)
    assert _sums(like) == {2: {"gives": 1}}


@pytest.mark.parametrize("by", ["robo", "rival", "acme_help"])
def test_what_the_brand_does_for_others_than_customers_is_no_give(by: str) -> None:
    post = _said("p", by, 4, brands=("acme",))
    like = _said("l", "acme", 5, activity=Activity.LIKE, object=_to("p"))
    assert 5 not in _sums(post, like)


def test_a_window_is_named_where_a_give_may_have_been_booked_for_a_moment() -> None:
    """Another worker may have stored it: what takes it back has to be written."""
    like = _said("l", "acme", 2, activity=Activity.LIKE, object=_to("p"))
    dislike = _said("d", "acme", 3, activity=Activity.DISLIKE, object=_to("p"))
    stored = [Stored(event, Position(1, 0, 0)) for event in (like, dislike)]
    windows = fold("p", stored, REGISTRY).windows
    assert (NOON + timedelta(minutes=2), "acme", "x") in windows
    assert not any(sums.total() for sums in windows.values())


def test_what_the_brand_says_is_counted_by_how_it_is_said() -> None:
    said = [
        _said("p", "acme", 0, urls=("https://acme.example",), actor=Actor(id="acme", agent="Ann")),
        _said("q", "eve", 1, in_reply_to=_to("p")),
        _said("a", "acme", 2, in_reply_to=_to("q"), generator="Buffer", lang="en", text="On its way ^AB"),
        _said("b", "acme", 3, in_reply_to=_to("q")),
        _said("c", "acme", 4, in_reply_to=_to("gone"), actor=Actor(id="acme", agent="Ann")),
    ]
    sums = _sums(*said)
    assert {name: sums[0][name] for name in ("brand_messages", "named", "asks")} == {
        "brand_messages": 1,
        "named": 1,
        "asks": 1,
    }
    assert sums[2] == {
        "bc": 1,
        "brand_messages": 1,
        "named": 1,
        "automation_known": 1,
        "automated": 1,
        "deflection_known": 1,
    }
    assert sums[3] == {"bc": 1, "brand_messages": 1}
    assert sums[4] == {"undecided": 1}


def test_what_becomes_of_a_conversation_is_booked_to_its_start() -> None:
    free = [_said("p", "acme", 0), _said("q", "eve", 1, in_reply_to=_to("p"))]
    free.append(_said("r", "bob", 2, in_reply_to=_to("q")))
    at_start = {name: _sums(*free)[0].get(name, 0) for name in ("two_sided", "loops", "started_cc")}
    assert at_start == {"two_sided": 1, "loops": 0, "started_cc": 1}
    assert _sums(*free)[0]["brand_free_cc"] == 1
    joined = _sums(*free, _said("a", "acme", 3, in_reply_to=_to("q")))
    assert joined[0]["loops"] == 1
    assert joined[0]["started_cc"] == 1
    assert "brand_free_cc" not in joined[0]
