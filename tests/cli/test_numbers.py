from __future__ import annotations

import pytest

from schemas.metrics import CATALOGUE
from streams.cli.numbers import duration, show

METRICS = {metric.column: metric for metric in CATALOGUE}


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("dialogue_ratio", 0.12345, "12.3%"),
        ("conversation_rate", 1234.5, "1,234.50"),
        ("participants", 1234.0, "1,234"),
        ("c2c_depth_p90", 4.2, "4.2"),
        ("c2c_duration_p50", 7500.0, "2h 05m"),
        ("dialogue_ratio", None, "–"),  # noqa: RUF001
    ],
)
def test_a_value_in_its_unit(column, value, text):
    assert show(METRICS[column], value) == text


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("days", 12.345, "12.3 d"),
        ("times", 2.5, "2.50x"),
        ("per 1000 customers", 0.1234, "0.12"),
        ("ratio", -0.25, "-25.0%"),
        ("people", 12.0, "12"),
    ],
)
def test_units_of_which_there_may_be_no_metric_yet(unit, value, text):
    assert show(METRICS["participants"].model_copy(update={"unit": unit}), value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0s"), (59.4, "59s"), (59.6, "1m 00s"), (3599, "59m 59s"), (86_400, "1d 00h"), (1e6, "11d 13h")],
)
def test_durations_in_two_units(seconds, text):
    assert duration(seconds) == text
