"""Who or what sent it."""

from __future__ import annotations

import pytest
from support.labelled import TRUTH, rows

from schemas.event import Actor, ActorKind
from streams.labels.automation import EXACT, TOOLS, automation


@pytest.mark.parametrize("row", rows("automation"), ids=lambda row: f"{row['kind']}|{row['generator']}")
def test_by_hand(row: dict[str, str]) -> None:
    actor = Actor(id="1", kind=ActorKind(row["kind"]) if row["kind"] else None)
    assert automation(actor, row["generator"] or None) is TRUTH[row["automated"]]


@pytest.mark.parametrize("tool", sorted(TOOLS | EXACT))
def test_every_tool_is_found_whatever_its_case(tool: str) -> None:
    assert automation(Actor(id="1"), f" {tool.upper()}\n") is True
