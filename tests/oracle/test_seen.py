"""Who talks to whom, in the independent computation: the written cases, the simulator's truth, and twcs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from oracle import twcs
from oracle.seen import Seen, see
from support.directions import CASES, REGISTRY, START, event_of, settled_in
from support.labelling import plain_label

from streams.simulator import simulate
from streams.sources.twcs import Twcs

if TYPE_CHECKING:
    from pathlib import Path


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
    settled = settled_in(case)
    events = [event_of(short).model_copy(update={"conversation": root}) for short in case["events"]]
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
