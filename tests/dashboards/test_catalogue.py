"""One definition: a change in the catalogue is seen on dashboards, in the docs and in the views at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dashboards import config
from dashboards.config import POOR
from dashboards.figures import of
from schemas.alerts import LEVEL, STEP
from schemas.metrics import BY_COLUMN, ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent.parent
TELL = """
import json
from dashboards.build import generated
from schemas.metrics.document import BEGIN, END, with_catalogue
from sinks.views import view_statements
print(json.dumps({
    "dashboards": "".join(generated().values()),
    "docs": with_catalogue(f"{BEGIN}\\n{END}\\n"),
    "views": "".join(view_statements("db")),
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, str]]:
    """What the code tells after a change of the catalogue's file, in a copy of it."""
    copy = tmp_path_factory.mktemp("copy")
    for package in ("schemas", "sinks", "dashboards"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    file = copy / "schemas" / "metrics" / "dialogue.py"
    text = file.read_text(encoding="utf-8")

    def tell(before: str = "", after: str = "") -> dict[str, str]:
        assert before in text
        file.write_text(text.replace(before, after, 1), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-B", "-c", TELL],
            cwd=copy, env=os.environ | {"PYTHONPATH": str(copy)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        answer: dict[str, str] = json.loads(done.stdout)
        return answer

    return tell


def test_a_metrics_name_unit_and_formula_change_everywhere_together(
    told: Callable[..., dict[str, str]],
) -> None:
    now = told()
    assert "talk ratio" not in "".join(now.values()).lower()
    renamed = told('name="dialogue ratio",', 'name="talk ratio",')
    assert '"title": "Talk ratio"' in renamed["dashboards"]
    assert '"title": "Dialogue ratio"' not in renamed["dashboards"]
    assert "| talk ratio |" in renamed["docs"]

    measured = told(
        'name="dialogue ratio",\n        unit="ratio"', 'name="dialogue ratio",\n        unit="times"'
    )
    before, after = (panel(text["dashboards"], "Dialogue ratio") for text in (now, measured))
    assert (before["unit"], after["unit"]) == ("percentunit", "suffix: times")
    assert (before["max"], after.get("max")) == (1, None)
    assert measured["docs"] != now["docs"]

    formed = told(
        'numerator="bc",\n        denominator="bo + bc"', 'numerator="gives",\n        denominator="asks"'
    )
    assert "(gives) / nullIf(asks, 0) AS dialogue_ratio" in formed["dashboards"]
    assert "(gives) / nullIf(asks, 0) AS dialogue_ratio" in formed["views"]
    assert "`(gives) / (asks)`" in formed["docs"]


def panel(texts: str, title: str) -> dict[str, Any]:
    """What a panel says of its numbers; `texts` are dashboards one behind the other."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(texts):
        dashboard, at = decoder.raw_decode(texts, at)
        at += 1
        for one in dashboard["panels"]:
            if one["title"] == title:
                defaults: dict[str, Any] = one["fieldConfig"]["defaults"]
                return defaults
    raise AssertionError(title)


def test_what_the_views_say_of_a_column_is_what_its_panel_says() -> None:
    shown = of("broadcast_share")
    metric = BY_COLUMN["broadcast_share"]
    assert shown.title.lower() == metric.name
    assert metric.description in shown.description
    assert "reddit" in of("applause_rate").description


def test_the_colours_of_a_panel_change_where_its_alert_fires() -> None:
    assert next(step for step in of("broadcast_share").steps if step.colour == POOR).value == LEVEL.floor
    assert BY_COLUMN["dialogue_ratio"].levels is not None
    assert BY_COLUMN["dialogue_ratio"].levels[0] == pytest.approx(1 - LEVEL.floor)
    assert (config.ROLLING_DAYS, config.BASELINE_DAYS) == (7, 28)
    assert STEP.clear_step < STEP.step


def test_levels_ascend_and_say_where_the_good_is() -> None:
    for metric in ENTRIES:
        assert (metric.levels is None) == (not metric.better), metric.column
        assert metric.levels is None or metric.levels[0] < metric.levels[1]
