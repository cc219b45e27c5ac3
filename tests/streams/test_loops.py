"""D6: who came back to whom. A line is `id author parent`, and what is expected is whether there is a loop.

p ── q ── a ── b        p and a by one side, q by the other: a loop
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.worlds import REGISTRY

from schemas.event import Activity, Actor, ActorKind, Reference, SocialEvent
from streams.conversation import converse
from streams.direct import direct
from streams.loops import has_loop

START = datetime(2026, 1, 5, tzinfo=UTC)


def _loop(*lines: str, quotes: str = "", deleted: str = "") -> bool:
    events = []
    for number, line in enumerate(lines):
        identifier, by, *above = line.split()
        is_quote = identifier in quotes.split()
        about = {"quote_of" if is_quote else "in_reply_to": Reference(id=above[0])} if above else {}
        events.append(
            SocialEvent(
                platform="x",
                activity=(Activity.QUOTE if is_quote else Activity.REPLY) if above else Activity.POST,
                id=identifier,
                actor=Actor(id=by, kind=ActorKind.SERVICE if by == "robo" else None),
                published=START + timedelta(hours=number),
                brands=("acme",),
                **about,
            )
        )
    for identifier in deleted.split():
        delete = {"activity": Activity.DELETE, "id": f"-{identifier}", "object": Reference(id=identifier)}
        events.append(events[0].model_copy(update=delete))
    found = set()
    for order in (events, events[::-1]):
        directed = direct(converse(events[0].id, order), REGISTRY).directed
        found.add(has_loop([one for one in directed if one.brand == "acme" and one.direction is not None]))
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize(
    "lines",
    [
        ("p acme", "q eve p", "a acme q"),
        ("q eve", "a acme q", "b eve a"),
        ("p acme", "q eve p", "a acme_help q"),
        ("r eve", "p acme r", "q bob p", "a acme q"),
    ],
)
def test_a_loop_is_an_answer_to_an_answer_to_ones_own_side(lines: tuple[str, ...]) -> None:
    assert _loop(*lines)


@pytest.mark.parametrize(
    "lines",
    [
        ("p acme", "q eve p"),
        ("q eve", "a acme q", "b bob a"),
        ("q eve", "b bob q", "c eve b"),
        ("p acme", "q robo p", "a acme q"),
        ("p acme", "q rival p", "a acme q"),
        ("p acme", "p2 acme p", "p3 acme p2"),
        ("p acme", "q eve p", "a acme p"),
    ],
    ids=["no third", "another customer", "customers alone", "a bot", "brands alone", "oneself", "siblings"],
)
def test_everything_else_is_none(lines: tuple[str, ...]) -> None:
    assert not _loop(*lines)


@pytest.mark.parametrize("identifier", ["p", "q", "a"])
def test_what_was_deleted_closes_no_loop(identifier: str) -> None:
    assert not _loop("p acme", "q eve p", "a acme q", deleted=identifier)


def test_a_quote_is_no_reply() -> None:
    assert not _loop("p acme", "q eve p", "a acme q", quotes="a")
    assert not _loop("p acme", "q eve p", "a acme q", quotes="q")


def test_two_that_answer_each_other_in_a_ring_have_not_come_back() -> None:
    assert not _loop("p acme q", "q eve p")
