"""The catalogue of the alerts says what the rules do, and points to what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schemas.alerts import ALERTS, BY_ID, DRIFT, LEVEL, PUSH, STEP, STOPPED
from schemas.metrics import BY_COLUMN

RUNBOOK = (Path(__file__).parent.parent.parent / "docs" / "runbook.md").read_text(encoding="utf-8")


def anchors() -> set[str]:
    """Of the runbook's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", RUNBOOK, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_are_five_in_order() -> None:
    assert [alert.id for alert in ALERTS] == ["AL1", "AL2", "AL3", "AL4", "AL5"]
    assert list(BY_ID.values()) == list(ALERTS)


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.id)
def test_an_alert_judges_metrics_and_has_a_place_in_the_runbook(alert) -> None:
    assert set(alert.metrics) <= BY_COLUMN.keys()
    assert alert.runbook in anchors()
    assert alert.runbook.startswith(f"{alert.id.lower()}-")


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (STEP.fires, (STEP.step, STEP.on_days)),
        (STEP.clears, (STEP.clear_step, STEP.clear_on_days)),
        (STOPPED.fires, (STOPPED.step, STOPPED.on_days)),
        (STOPPED.clears, (STOPPED.clear_step, STOPPED.clear_on_days)),
        (DRIFT.fires, (DRIFT.weeks, DRIFT.trend, DRIFT.rise)),
        (DRIFT.clears, (DRIFT.clear_on_weeks,)),
        (PUSH.fires, (PUSH.up, PUSH.down, PUSH.on_days)),
        (PUSH.clears, (PUSH.clear_up, PUSH.clear_down, PUSH.clear_on_days)),
        (LEVEL.fires, (LEVEL.days, LEVEL.floor)),
        (LEVEL.clears, (LEVEL.days, LEVEL.clear_share, LEVEL.clear_on_days)),
    ],
)
def test_words_and_thresholds_agree(words: str, numbers: tuple[float, ...]) -> None:
    assert {f"{number:g}" for number in numbers} <= set(re.findall(r"\d+(?:\.\d+)?", words))
