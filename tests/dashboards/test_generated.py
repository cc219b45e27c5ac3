"""The generated JSON without a Grafana: what it says, and that it is what the code says."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from support.dashboards import DASHBOARDS, TEXTS, asked, variables

from dashboards import config
from dashboards.build import HOME, differing, files, main, write
from dashboards.queries.common import NEWEST

TYPES = {"stat", "timeseries", "barchart", "bargauge", "table", "text", "row"}
WIDE = 24
OF_THEMSELVES = ("topics_rising", "trusted_voices")
"""Views that are of 28 days, whatever the time range."""

each = pytest.mark.parametrize("uid", DASHBOARDS)


def panels(uid: str) -> list[dict[str, Any]]:
    return DASHBOARDS[uid]["panels"]


def test_the_files_are_what_the_code_makes():
    assert differing(files()) == []
    assert set(DASHBOARDS) == {
        config.DIALOGUE, config.COMMUNITY, config.CARE, config.MARKET, config.CONVERSATION, config.PIPELINE,
    }  # fmt: skip


@each
def test_nothing_in_it_is_unknown_to_the_schema(uid: str):
    read = json.loads(json.dumps(Dashboard.from_json(DASHBOARDS[uid]), cls=JSONEncoder))
    assert read == DASHBOARDS[uid]
    assert DASHBOARDS[uid]["schemaVersion"] == 42


@each
def test_a_dashboard_says_what_it_is_and_cannot_be_edited(uid: str):
    dashboard = DASHBOARDS[uid]
    assert dashboard["uid"] == uid
    assert dashboard["title"].startswith("hubbub: ")
    assert dashboard["description"].endswith("?")
    assert dashboard["editable"] is False
    assert dashboard["tags"] == [config.TAG]
    assert dashboard["timezone"] == "utc"
    assert dashboard["refresh"] in ("1m", "5m")
    names = [variable["name"] for variable in dashboard["templating"]["list"]]
    assert names[0] == "datasource"
    if uid != config.PIPELINE:
        assert names[1:3] == ["brand", "platform"]


@each
def test_every_panel_has_a_title_a_description_a_unit_and_decimals_of_its_own(uid: str):
    titles = [panel["title"] for panel in panels(uid)]
    assert len(set(titles)) == len(titles)
    ids = [panel["id"] for panel in panels(uid)]
    assert ids == list(range(1, len(ids) + 1))
    for panel in panels(uid):
        assert panel["type"] in TYPES
        if panel["type"] == "row":
            continue
        assert len(panel["description"]) > 30, panel["title"]
        defaults = panel["fieldConfig"]["defaults"]
        assert {"unit", "decimals", "thresholds", "noValue"} <= defaults.keys(), panel["title"]
        steps = [step["value"] for step in defaults["thresholds"]["steps"]]
        assert steps[0] is None
        assert steps[1:] == sorted(steps[1:])
        if panel["type"] != "table":
            assert "min" in defaults, panel["title"]


@each
def test_panels_fill_their_lines_and_never_overlap(uid: str):
    taken: set[tuple[int, int]] = set()
    for panel in panels(uid):
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= WIDE
        cells = set(itertools.product(range(at["x"], at["x"] + at["w"]), range(at["y"], at["y"] + at["h"])))
        assert not cells & taken, panel["title"]
        taken |= cells
    rows = max(y for _, y in taken) + 1
    assert len(taken) == WIDE * rows, "there is a hole"


@each
def test_every_dashboard_says_how_fresh_it_is(uid: str):
    assert "Newest message" in [panel["title"] for panel in panels(uid)]


@each
def test_links_lead_to_dashboards_that_are_there(uid: str):
    for found in re.findall(r"/d/([\w-]+)", TEXTS[uid]):
        assert found in DASHBOARDS
    to = [link["url"] for link in DASHBOARDS[uid]["links"]]
    assert len(to) == len(DASHBOARDS) - 1
    assert all(link["keepTime"] and link["includeVars"] for link in DASHBOARDS[uid]["links"])
    for name in re.findall(r"[?&]var-(\w+)=", TEXTS[uid]):
        assert name in [one["name"] for one in DASHBOARDS[config.CONVERSATION]["templating"]["list"]]


@pytest.mark.parametrize("one", [pytest.param(one, id=one.name) for one in asked()])
def test_a_query_is_bounded_in_time_and_reads_views_of_the_picked_source(one):
    sql = one.target["rawSql"]
    bounded = "$__timeFilter(" in sql or "$__fromTime" in sql or "$__toTime" in sql
    assert bounded or any(f"FROM {view}" in sql for view in OF_THEMSELVES)
    assert one.target["datasource"]["uid"] == "${datasource}" == one.panel["datasource"]["uid"]
    read = set(re.findall(r"\b(?:FROM|JOIN) (\w+)", sql))
    tables = {
        "interactions",
        "conversations",
        "dialogue_minutes",
        "activities",
        "dead_letters",
        "worker_minutes",
    }
    if sql != NEWEST:  # one column of the key, which a view would add up for years
        assert not read & tables
    assert not re.search(r"\b(now|today|yesterday)\(", sql)
    if one.uid != config.PIPELINE and "$brand" not in sql:
        assert one.panel["title"] == "Newest message"
    bucket = re.search(r"\$__timeInterval\((?:\w+\.)?(\w+)\) AS (\w+)", sql)
    assert bucket is None or bucket[1] != bucket[2], "the first bucket would be lost"


@each
def test_variables_are_bounded_and_ask_again_when_the_time_changes(uid: str):
    for variable in variables(DASHBOARDS[uid]):
        assert "$__timeFilter(" in variable["query"]
        assert variable["refresh"] == 2
        if variable["name"] in ("brand", "platform"):
            assert (variable["multi"], variable["includeAll"]) == (True, True)


def test_build_writes_what_differs_and_removes_what_is_too_many(tmp_path, capsys):
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "old.json").write_text("{}")
    assert main(["--check"], home=tmp_path) == 1
    assert "generated/old.json" in capsys.readouterr().err
    assert main([], home=tmp_path) == 0
    assert main(["--check"], home=tmp_path) == 0
    assert not (tmp_path / "generated" / "old.json").exists()
    assert write(files(), tmp_path) == []
    assert main(["--chek"], home=tmp_path) == 2


def test_no_file_holds_a_secret_or_a_place():
    for path in (HOME / "provisioning").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert "http" not in text.replace("https", "http") or path.name == "rules.yaml"
        assert not re.search(r"password: (?!\$\{)", text)
