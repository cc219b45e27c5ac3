"""Who talks to whom, in the independent computation: the written cases, the simulator's truth, and twcs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from oracle import twcs
from oracle.seen import Seen, see
from support.labelling import plain_label

from schemas.event import ACTS_ON, Activity, Actor, ActorKind, Mention, Reference, SocialEvent
from schemas.registry import Account, Agent, Brand, Registry
from streams.simulator import simulate
from streams.sources.twcs import Twcs

START = datetime(2026, 1, 5, tzinfo=UTC)
LATER = START + timedelta(minutes=100)
REGISTRY = Registry(
    brand=(
        Brand(
            name="acme",
            account=(
                Account(platform="x", id="acme"),
                Account(platform="x", id="acme_help"),
                Account(platform="x", id="acme_later", valid_from=LATER),
                Account(platform="x", id="acme_once", valid_to=LATER),
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


def _event(short: dict[str, Any], root: str) -> SocialEvent:
    activity = next((Activity(name) for name in short if name in set(Activity)), Activity.POST)
    fields: dict[str, Any] = {}
    if activity in ACTS_ON:
        fields[ACTS_ON[activity]] = Reference(id=short[activity], actor_id=short.get("to"))
    if "reply_to" in short:
        fields["in_reply_to"] = Reference(id=short["reply_to"])
    mentions = short.get("mentions", [])
    told = mentions if isinstance(mentions, dict) else dict.fromkeys(mentions)
    return SocialEvent(
        platform="x",
        activity=activity,
        id=short["id"],
        version=short.get("version", 0),
        actor=Actor(id=short["by"], kind=ActorKind.SERVICE if short.get("bot") else None),
        published=START + timedelta(minutes=short["at"]),
        conversation=root,
        mentions=tuple(Mention(id=name, inherited=inherited) for name, inherited in told.items()),
        brands=tuple(short.get("brands", ())),
        **fields,
    )


def _line(row: Seen) -> str:
    flags = {
        "indirect": row.indirect,
        "adds_brand": row.adds_brand,
        row.effect: row.direction and row.effect,
        "uncounted": row.direction and not row.counts,
    }
    words = [
        row.brand,
        row.id,
        row.direction or row.effect,
        *(flag for flag, holds in flags.items() if holds),
    ]
    return " ".join(words)


def _without_scope(line: str) -> str:
    brand, id_, direction, _, *flags = line.split()
    return " ".join([brand, id_, direction, *flags])


@pytest.mark.parametrize("case", CASES)
def test_a_written_case(case: dict[str, Any]) -> None:
    root = case.get("conversation", case["events"][0]["id"])
    settled = START + timedelta(minutes=case["settled"]) if "settled" in case else None
    events = [_event(short, root) for short in case["events"]]
    found = see(events, REGISTRY, plain_label, settled)
    assert sorted(map(_line, found)) == sorted(map(_without_scope, case["expect"]))


def test_the_simulator_means_the_same() -> None:
    simulation = simulate(14)
    rows = see(simulation.events, simulation.registry, plain_label, START + timedelta(days=999))
    for brand, totals in simulation.totals.items():
        counted = [row.direction.lower() for row in rows if row.brand == brand and row.counts]
        directions = {name: totals[name] for name in ("bo", "bc", "cb", "cc", "co", "bx", "cx", "undecided")}
        assert {name: counted.count(name) for name in directions} == directions


def test_real_conversations_read_the_same_from_the_file(shared_data: Path) -> None:
    file = shared_data / "twcs_5000.csv"
    source = Twcs(file)
    rows = see([keyed.event for keyed in source.events()], source.brands(), plain_label)
    for brand, counts in twcs.direction_counts(file).items():
        found = [row.direction for row in rows if row.brand == brand]
        assert {name: found.count(name) for name in counts} == counts, brand
