"""Exchanges, case by case: every pair of input and expected output in `exchanges/` is one test.

An input line is an event in short: `{id, by, at, ...}` with `at` in hours; what somebody says is a complaint,
unless the line has a text or is `silent`. What is expected is one entry for each message that opens an
exchange, with what there is to tell of it; times in hours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from schemas.event import Activity, Actor, ActorKind, Mention, Reference, SocialEvent
from schemas.registry import Account, Agent, Brand, Registry
from streams.fold import Stored, fold
from streams.yields import Position

if TYPE_CHECKING:
    from schemas.rows import InteractionRow

START = datetime(2026, 1, 5, tzinfo=UTC)
SLA = 15
REGISTRY = Registry(
    brand=(
        Brand(
            name="acme",
            reply_sla_minutes=SLA,
            account=(Account(platform="x", id="acme"), Account(platform="x", id="acme_help")),
            agent=(Agent(platform="x", id="ann", name="Ann"),),
        ),
        Brand(name="rival", account=(Account(platform="x", id="rival"),)),
    )
)
_FIELD = {"reply": "in_reply_to", "quote": "quote_of", "like": "object", "undo": "object", "delete": "object"}


def _event(short: dict[str, Any]) -> SocialEvent:
    known = {"id", "by", "at", "names", "brands", "text", "silent", "agent"}
    activity = next((Activity(name) for name in short if name in set(Activity)), Activity.POST)
    assert not set(short) - known - {activity}, f"unknown key in {short}"
    fields: dict[str, Any] = {}
    if activity in _FIELD:
        fields[_FIELD[activity]] = Reference(id=short[activity])
    return SocialEvent(
        platform="x",
        activity=activity,
        id=short["id"],
        version=int(activity is Activity.UPDATE),
        actor=Actor(
            id=short["by"],
            kind=ActorKind.SERVICE if short["by"] == "robo" else None,
            agent=short.get("agent"),
        ),
        published=START + timedelta(hours=short["at"]),
        mentions=tuple(Mention(id=name) for name in short.get("names", ())),
        text=None if "silent" in short else short.get("text", "It is still broken"),
        lang="en",
        brands=tuple(short.get("brands", ())),
        **fields,
    )


def _hours(at: datetime | None) -> float | None:
    return None if at is None else (at - START) / timedelta(hours=1)


def _told(row: InteractionRow) -> dict[str, Any]:
    assert row.exchange_sla == SLA * 60
    told = {
        "reply": row.exchange_reply,
        "at": _hours(row.exchange_reply_at),
        "agent": row.exchange_agent,
        "replies": row.exchange_replies,
        "back": _hours(row.exchange_back_at),
        "confirmed": _hours(row.exchange_confirmed_at),
        "classified": row.exchange_classified,
        "closed": _hours(row.exchange_closed_at),
        "single": row.exchange_single,
    }
    quiet = {"quiet": _hours(row.exchange_quiet_from)}
    return quiet | {name: value for name, value in told.items() if value}


CASES = [
    pytest.param(case, id=f"{file.stem}: {case['case']}")
    for file in sorted((Path(__file__).parent / "exchanges").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text())
]


@pytest.mark.parametrize("case", CASES)
def test_exchanges(case: dict[str, Any]) -> None:
    events = [_event(short) for short in case["events"]]
    for order in (events, events[::-1]):
        stored = [Stored(event, Position(1, 0, offset)) for offset, event in enumerate(order)]
        rows = fold(case.get("conversation", events[0].id), stored, REGISTRY).interactions.values()
        found = {
            row.id: pytest.approx(_told(row))
            for row in rows
            if row.brand == "acme" and row.exchange_sla is not None
        }
        assert found == case["expect"]


def test_an_sla_that_the_column_cannot_hold_is_told_as_the_longest() -> None:
    slow = Registry(brand=(REGISTRY.brand[0].model_copy(update={"reply_sla_minutes": 2**40}),))
    event = _event({"id": "q", "by": "eve", "at": 0, "names": ["acme"]})
    (row,) = fold("q", [Stored(event, Position(1, 0, 0))], slow).interactions.values()
    assert row.exchange_sla == 2**32 - 1
