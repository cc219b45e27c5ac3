"""Who talks to whom, as cases written down: `tests/streams/directions/`, and the registry they are told with.

An event is told in short: `{id, by, at, ...}` with `at` in minutes after `START`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.event import Activity, Actor, ActorKind, Mention, Reference, SocialEvent
from schemas.registry import Account, Agent, Brand, Registry

START = datetime(2026, 1, 5, tzinfo=UTC)
REGISTRY = Registry(
    brand=(
        Brand(
            name="acme",
            account=(
                Account(platform="x", id="acme"),
                Account(platform="x", id="acme_help"),
                Account(platform="x", id="acme_later", valid_from=START + timedelta(minutes=100)),
                Account(platform="x", id="acme_once", valid_to=START + timedelta(minutes=100)),
            ),
            agent=(Agent(platform="x", id="ann", name="Ann"),),
        ),
        Brand(name="rival", account=(Account(platform="x", id="rival"),)),
    )
)
CASES = [
    pytest.param(case, id=f"{file.stem}: {case['case']}")
    for file in sorted((Path(__file__).parents[1] / "streams" / "directions").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text())
]
_ABOUT = {
    "post": None,
    "reply": "in_reply_to",
    "quote": "quote_of",
    "update": None,
}


def event_of(short: dict[str, Any]) -> SocialEvent:
    """An event that is told in short."""
    known = {"id", "by", "at", "mentions", "brands", "bot", "observed", "version", "to", "reply_to"}
    activities = [name for name in short if name not in known and name in set(Activity)]
    assert len(activities) <= 1, f"one activity an event: {short}"
    assert not set(short) - known - set(Activity), f"unknown key in {short}"
    activity = Activity(activities[0]) if activities else Activity.POST
    field = _ABOUT.get(activity, "object")
    reference = Reference(id=short[activity], actor_id=short.get("to")) if field else None
    fields: dict[str, Any] = {field: reference} if field else {}
    if "reply_to" in short:
        fields["in_reply_to"] = Reference(id=short["reply_to"])
    mentions = short.get("mentions", [])
    return SocialEvent(
        platform="x",
        activity=activity,
        id=short["id"],
        version=short.get("version", 0),
        actor=Actor(id=short["by"], kind=ActorKind.SERVICE if short.get("bot") else None),
        published=START + timedelta(minutes=short["at"]),
        mentions=tuple(
            Mention(id=name, inherited=mentions[name] if isinstance(mentions, dict) else None)
            for name in mentions
        ),
        brands=tuple(short.get("brands", ())),
        **fields,
    )


def settled_in(case: dict[str, Any]) -> datetime | None:
    """The event time up to which a case has unknown parents settled, if it has."""
    return START + timedelta(minutes=case["settled"]) if "settled" in case else None
