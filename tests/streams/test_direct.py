"""Direction, rule by rule: every pair of input and expected output in `directions/` is one test.

An input line is an event in short: `{id, by, at, ...}` with `at` in minutes. What is expected is one line for
every event in every brand's space: `brand id DIRECTION-or-effect scope [flags]`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas.event import Activity, Actor, ActorKind, Mention, Reference, SocialEvent
from schemas.registry import Account, Agent, Brand, Registry
from schemas.vocabulary import Direction
from streams.conversation import converse
from streams.direct import Directed, direct

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
ABOUT = {
    "post": None,
    "reply": "in_reply_to",
    "quote": "quote_of",
    "update": None,
}


def _event(short: dict[str, Any]) -> SocialEvent:
    known = {"id", "by", "at", "mentions", "brands", "bot", "observed", "version", "to", "reply_to"}
    activities = [name for name in short if name not in known and name in set(Activity)]
    assert len(activities) <= 1, f"one activity an event: {short}"
    assert not set(short) - known - set(Activity), f"unknown key in {short}"
    activity = Activity(activities[0]) if activities else Activity.POST
    field = ABOUT.get(activity, "object")
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


def _line(directed: Directed) -> str:
    words = [directed.brand, directed.event.id]
    words += [directed.direction or (directed.effect or "")]
    words += [directed.scope]
    words += [
        word
        for word, holds in (
            ("indirect", directed.indirect),
            ("adds_brand", directed.adds_brand),
            (directed.effect, directed.direction is not None and directed.effect is not None),
            ("uncounted", directed.direction is not None and not directed.counts),
        )
        if holds and word
    ]
    return " ".join(words)


CASES = [
    pytest.param(case, id=f"{file.stem}: {case['case']}")
    for file in sorted((Path(__file__).parent / "directions").glob("*.yaml"))
    for case in yaml.safe_load(file.read_text())
]


@pytest.mark.parametrize("case", CASES)
def test_direction(case: dict[str, Any]) -> None:
    events = [_event(short) for short in case["events"]]
    settled = START + timedelta(minutes=case["settled"]) if "settled" in case else None
    root = case.get("conversation", events[0].id)
    for order in (events, events[::-1]):
        found = sorted(
            _line(directed) for directed in direct(converse(root, order), REGISTRY, settled).directed
        )
        assert found == sorted(case["expect"])


def test_every_direction_has_a_case() -> None:
    expected = {word for case in CASES for line in case.values[0]["expect"] for word in line.split()[2:3]}
    assert expected >= set(Direction)
