"""Direction, rule by rule: every pair of input and expected output in `directions/` is one test.

An input line is an event in short: `{id, by, at, ...}` with `at` in minutes. What is expected is one line for
every event in every brand's space: `brand id DIRECTION-or-effect scope [flags]`.
"""

from __future__ import annotations

from typing import Any

import pytest
from support.directions import CASES, REGISTRY, event_of, settled_in

from schemas.vocabulary import Direction
from streams.conversation import converse
from streams.direct import Directed, direct


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


@pytest.mark.parametrize("case", CASES)
def test_direction(case: dict[str, Any]) -> None:
    events = [event_of(short) for short in case["events"]]
    settled = settled_in(case)
    root = case.get("conversation", events[0].id)
    for order in (events, events[::-1]):
        found = sorted(
            _line(directed) for directed in direct(converse(root, order), REGISTRY, settled).directed
        )
        assert found == sorted(case["expect"])


def test_every_direction_has_a_case() -> None:
    expected = {word for case in CASES for line in case.values[0]["expect"] for word in line.split()[2:3]}
    assert expected >= set(Direction)
