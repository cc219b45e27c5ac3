from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from schemas.metrics import CATALOGUE
from streams.cli.play import Answer, Played
from streams.cli.sections import sections
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
        firing=[],
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


def test_each_question_has_a_table_in_the_order_of_the_domain():
    text = shown(played())
    places = [text.index(section.question) for section in sections()]
    assert places == sorted(places)


def test_three_brands_stand_side_by_side_in_100_columns():
    outcome = played()
    large = {metric.column: Answer(12_345.6, 12_345.6) for metric in CATALOGUE if metric.unit != "ratio"}
    brands = dict.fromkeys(("clarion", "ember", "hearth"), outcome.answers["acme"] | large)
    text = shown(replace(outcome, answers=brands), width=100)
    assert text.count("dialogue ratio") == 1
    assert max(map(len, text.splitlines())) <= 100
    assert "…" not in text


def test_a_metric_of_which_the_simulator_knows_nothing_is_left_out():
    outcome = played()
    del outcome.answers["acme"]["participants"]
    text = shown(outcome)
    assert "participants " not in text.replace("C2C participants", "")
    assert f"✓ all {len(CATALOGUE) - 1} values" in text


def test_what_differs_stands_out():
    outcome = played(participants=Answer(12.0, 13.0))
    text = shown(outcome, Path("kept"))
    (line,) = [line for line in text.splitlines() if " D4 participants " in line]
    assert line.split() == ["D4", "participants", "12", "13", "✗"]
    assert f"✗ 1 of {len(CATALOGUE) + 3} values differ" in text
    assert "hubbub report --data kept" in text


def test_json_has_the_answers_and_the_truth():
    found = as_object(played(participants=Answer(12.0, 13.0)))
    assert (found["different"], found["daily"]) == (1, {"checked": 3, "different": 0})
    (acme,) = found["brands"]
    assert acme["brand"] == "acme"
    assert acme["metrics"]["participants"] == {"value": 12.0, "truth": 13.0, "same": False}
    assert acme["broadcast_share_by_week"] == [0.1, None, 0.9]
