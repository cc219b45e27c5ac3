"""C7: who first answered a customer's question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.worlds import REGISTRY

from schemas.event import Activity, Actor, ActorKind, Reference, SocialEvent
from streams.fold import Stored, fold
from streams.yields import Position

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _said(identifier: str, by: str, minute: int, parent: str | None = "q", **more: Any) -> SocialEvent:
    values: dict[str, Any] = {
        "platform": "x",
        "activity": Activity.REPLY if parent else Activity.POST,
        "id": identifier,
        "actor": Actor(id=by, kind=ActorKind.SERVICE if by == "robo" else None),
        "published": NOON + timedelta(minutes=minute),
        "in_reply_to": Reference(id=parent) if parent else None,
        "text": "It is in the manual",
        "lang": "en",
        "brands": ("acme",),
    }
    return SocialEvent(**(values | more))


ASKED = _said("q", "eve", 0, None, text="Where is it?")


def _answered(*events: SocialEvent) -> tuple[str | None, float | None, int, int]:
    """Who answered, after how many minutes; questions and those that a neighbour answered, at 12:00."""
    stored = [Stored(event, Position(1, 0, offset)) for offset, event in enumerate(events)]
    folded = fold("q", stored, REGISTRY)
    row = next(row for (brand, _, id_), row in folded.interactions.items() if (brand, id_) == ("acme", "q"))
    minutes = None if row.answered_at is None else (row.answered_at - NOON) / timedelta(minutes=1)
    sums = {window.minute: sums for window, sums in folded.windows.items() if window.brand == "acme"}
    assert not any(sums[at]["peer_answered"] + sums[at]["questions"] for at in sums if at != NOON)
    return row.answered_by, minutes, sums[NOON]["questions"], sums[NOON]["peer_answered"]


def test_the_first_by_event_time_counts_whatever_came_first() -> None:
    events = [ASKED, _said("b", "bob", 2), _said("a", "acme", 3)]
    assert _answered(*events) == _answered(*events[::-1]) == ("customer", 2, 1, 1)
    assert _answered(*events, _said("a2", "acme_help", 1)) == ("brand", 1, 1, 0)


@pytest.mark.parametrize(
    "events",
    [
        (),
        (_said("e", "eve", 1),),
        (_said("r", "robo", 1),),
        (_said("v", "rival", 5),),
        (_said("c", "bob", 1, "e"), _said("e", "eve", 1)),
        (_said("b", "bob", 1, None, activity=Activity.QUOTE, quote_of=Reference(id="q"), conversation="q"),),
        (
            _said("b", "bob", 1),
            _said("d", "bob", 2, None, activity=Activity.DELETE, object=Reference(id="b")),
        ),
    ],
    ids=[
        "nobody",
        "the asker",
        "a bot",
        "another brand",
        "an answer to another message",
        "a quote",
        "deleted",
    ],
)
def test_nobody_has_answered(events: tuple[SocialEvent, ...]) -> None:
    assert _answered(ASKED, *events) == (None, None, 1, 0)


def test_what_asks_nothing_has_no_answer() -> None:
    assert _answered(_said("q", "eve", 0, None), _said("b", "bob", 1)) == (None, None, 0, 0)


@pytest.mark.parametrize("by", ["acme", "robo", "rival"])
def test_only_customers_ask(by: str) -> None:
    asked = _said("q", by, 4, None, text="Where is it?", published=NOON + timedelta(minutes=4))
    stored = [Stored(event, Position(1, 0, 0)) for event in (asked, _said("b", "bob", 5))]
    folded = fold("q", stored, REGISTRY)
    assert not any(row.answered_by for row in folded.interactions.values())
    assert not any(sums["questions"] for sums in folded.windows.values())


def test_an_edit_can_make_a_question_of_it() -> None:
    edit = {"activity": Activity.UPDATE, "version": 1, "in_reply_to": None, "text": "Where is it?"}
    before = _said("q", "eve", 0, None)
    assert _answered(before, _said("b", "bob", 1), before.model_copy(update=edit)) == ("customer", 1, 1, 1)
