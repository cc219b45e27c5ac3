from __future__ import annotations

import json
import re

import pytest

from schemas.metrics import CATALOGUE
from streams.cli.sections import sections


@pytest.fixture
def report(hubbub, replayed):
    def ask(*arguments):
        done = hubbub("report", *arguments, "--data", replayed.data)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return ask


def test_every_metric_in_the_order_of_the_domain(report):
    lines = report().splitlines()
    assert lines[0] == "from 2026-01-05 10:00 to 2026-01-15 10:01, UTC"
    shown = [found.groups() for found in map(re.compile(r" ([A-Z]\d)   (.*?)  ").match, lines) if found]
    ordered = [metric for section in sections() for metric in section.metrics]
    assert shown == [(metric.id, metric.name) for metric in ordered]


def test_the_questions_stand_over_their_metrics(report):
    for by in ((), ("--by", "week")):
        text = report(*by)
        places = [text.index(section.question) for section in sections()]
        assert places == sorted(places)
        assert text.count("messages ") == 1


def test_values_and_drawings(report):
    text = report("--brand", "acme")
    values = {line[5:33].strip(): line[33:].strip() for line in text.splitlines()}
    assert values["dialogue ratio"] == "25.0%   ▅        ▁▁"
    assert values["participants"].split()[0] == "2"
    assert values["C2C duration p50"].split()[0] == "0s"


def test_by_week_there_is_a_column_for_each(report):
    text = report("--by", "week")
    assert "2026-01-05   2026-01-12" in text
    (line,) = [line for line in text.splitlines() if "broadcast share" in line]
    assert line.split()[3:] == ["75.0%", "▅█", "50.0%", "100.0%"]


def test_what_is_not_known_is_a_dash_and_null(report):
    (line,) = [line for line in report("--from", "2026-01-14").splitlines() if "C2C depth p50" in line]
    assert line.split()[-1] == "–"  # noqa: RUF001
    (acme,) = json.loads(report("--from", "2026-01-14", "--json"))["brands"]
    assert acme["metrics"]["c2c_depth_p50"] is None


def test_json_has_all_of_it(report):
    found = json.loads(report("--json", "--by", "week"))
    assert (found["from"], found["to"]) == ("2026-01-05T10:00:00+00:00", "2026-01-15T10:01:00+00:00")
    (acme,) = found["brands"]
    assert acme["brand"] == "acme"
    assert list(acme["metrics"]) == [metric.column for metric in CATALOGUE]
    assert acme["metrics"]["dialogue_ratio"] == 0.25
    assert acme["metrics"]["participation_rate"] == 2 / 40
    assert {name: acme["sums"][name] for name in ("bo", "bc", "cb", "cc", "co")} == {
        "bo": 3,
        "bc": 1,
        "cb": 1,
        "cc": 1,
        "co": 1,
    }
    assert [window["at"] for window in acme["windows"]] == [
        "2026-01-05T00:00:00+00:00",
        "2026-01-12T00:00:00+00:00",
    ]
    assert [window["metrics"]["broadcast_share"] for window in acme["windows"]] == [0.5, 1.0]
    assert "windows" not in json.loads(report("--json"))["brands"][0]


def test_a_period_ends_before_its_end(report):
    found = json.loads(report("--json", "--from", "2026-01-05T10:00", "--to", "2026-01-05T11:05+01:00"))
    assert found["brands"][0]["sums"]["bc"] == 0
    assert found["brands"][0]["sums"]["cb"] == 1


def test_an_empty_database_says_what_to_do(hubbub, refused, tmp_path):
    data = tmp_path / "data"
    assert hubbub("migrate", "--data", data).returncode == 0
    assert refused("report", "--data", data).startswith(
        "nothing is stored yet: hubbub replay or hubbub ingest"
    )
