"""The independent computation against worlds that are counted by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from oracle.metrics import compute
from support.handmade import REGISTRY, START, Case, cases
from support.labelling import plain_label

CASES = cases(Path(__file__).parents[1] / "metrics")
COUNTS = {
    "participants",
    "open_backlog",
    "conversation_h_index",
    "advocates",
    "social_marketers",
    "topics_rising",
    "trusted_voices",
}
SETTLED = START + timedelta(days=400)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_small_world(case: Case) -> None:
    found = compute(case.events, REGISTRY, plain_label, settled=SETTLED, window=case.window)
    for brand, values in case.expect.items():
        assert {column: found[brand][column] for column in values} == pytest.approx(values, abs=1e-9), brand


def test_every_metric_is_known_in_some_world_and_unknown_in_another() -> None:
    columns = set(compute(CASES[0].events, REGISTRY, plain_label)["acme"])
    told = [item for case in CASES for values in case.expect.values() for item in values.items()]
    assert columns - {column for column, value in told if value is not None} == {"engagement_rate"}
    assert columns - {column for column, value in told if value is None} == COUNTS


def test_neither_order_nor_copies_matter() -> None:
    for case in CASES:
        untidy = case.events * 2
        Random(1).shuffle(untidy)
        one, other = (
            compute(events, REGISTRY, plain_label, settled=SETTLED, window=case.window)
            for events in (case.events, untidy)
        )
        assert one == other
