from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from schemas.metrics import CATALOGUE
from streams.cli.play import Answer, Played
from streams.cli.show import as_object, screen


def played(**answers):
    metrics = {metric.column: Answer(0.5, 0.5) for metric in CATALOGUE} | answers
    return Played(
        days=14,
        seed=7,
        events=1234,
        seconds=12.3,
        answers={"acme": metrics},
        daily=[Answer(None, None)] * 3,
        weeks={"acme": [0.1, None, 0.9]},
    )


def shown(outcome, data=None, width=80):
    console = Console(width=width, no_color=True)
    with console.capture() as capture:
        for part in screen(outcome, data, width):
            console.print(part)
    return capture.get()


@pytest.mark.parametrize(
    ("found", "truth", "same"),
    [
        (0.1 + 0.2, 0.3, True),
        (0.3 + 1e-8, 0.3, False),
        (None, None, True),
        (None, 0.0, False),
        (0.0, None, False),
    ],
)
def test_an_answer_is_right_within_the_rounding_of_floats(found, truth, same):
    assert Answer(found, truth).same is same


def test_all_is_well():
    text = shown(played())
    assert text.startswith("1,234 events of 14 days through Kafka, Faust and ClickHouse in 12 s\n")
    assert "acme  ▁ █  10% to 90%" in text
    assert "✗" not in text
    assert f"✓ all {len(CATALOGUE)} values equal the simulator's truth" in text
    assert "hubbub demo --data community" in text
    assert max(map(len, text.splitlines())) <= 80


def test_what_differs_stands_out():
    outcome = played(participants=Answer(12.0, 13.0))
    text = shown(outcome, Path("kept"))
    (line,) = [line for line in text.splitlines() if "   participants " in line]
    assert line.split() == ["D4", "participants", "12", "13", "✗"]
    assert "✗ 1 values differ" in text
    assert "hubbub report --data kept" in text


def test_json_has_the_answers_and_the_truth():
    found = as_object(played(participants=Answer(12.0, 13.0)))
    assert (found["different"], found["daily"]) == (1, {"checked": 3, "different": 0})
    (acme,) = found["brands"]
    assert acme["brand"] == "acme"
    assert acme["metrics"]["participants"] == {"value": 12.0, "truth": 13.0, "same": False}
    assert acme["broadcast_share_by_week"] == [0.1, None, 0.9]
