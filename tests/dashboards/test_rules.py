"""The alert rules: their shape, their queries on the real engine, and what they say when nothing is there."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from support.dashboards import DASHBOARDS
from support.proof import fresh_database

from dashboards.alerting import groups, panel_id
from dashboards.build import HOME
from dashboards.destination import Contact, Destination
from dashboards.macros import expand
from dashboards.rules import RULES, Rule
from schemas.alerts import ALERTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clickhouse_connect.driver.client import Client
    from clickhouse_connect.driver.query import QueryResult
    from conftest import World

    from sinks.engine import Engine

each = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.uid)
TO = Destination("clickhouse", 9000, runbook="https://runbook.example/x")


def asked(client: Client, rule: Rule, end: Any) -> QueryResult:
    return client.query(expand(rule.sql, end - timedelta(seconds=rule.reach), end, timedelta(minutes=1), {}))


@each
def test_a_rule_asks_for_one_number_and_texts(pulse: World, rule: Rule) -> None:
    answer = asked(pulse.client, rule, pulse.end)
    kinds = [kind.name for kind in answer.column_types]
    assert [kind for kind in kinds if "Float64" in kind] == kinds[-1:] == ["Float64"]
    assert all("String" in kind for kind in kinds[:-1])
    names = answer.column_names[:-1]
    assert set(re.findall(r"\$labels\.(\w+)", rule.summary)) <= set(names)
    assert answer.result_rows


@each
def test_a_rule_fires_where_it_should_and_else_not(pulse: World, rule: Rule) -> None:
    firing = [row for row in asked(pulse.client, rule, pulse.end).result_rows if row[-1] > rule.above]
    assert firing == ([("ember", 1.0)] if rule.uid == "hubbub-al1" else [])


@contextmanager
def silence(engine: Engine) -> Iterator[Client]:
    with fresh_database(engine, "silence") as client:
        yield client


def test_an_outage_does_not_look_normal(engine: Engine, pulse: World) -> None:
    """On an empty database each rule fires, has no row and so is in no data, or may well be quiet."""
    with silence(engine) as client:
        for rule in RULES:
            rows = asked(client, rule, pulse.end).result_rows
            assert all(row[-1] == row[-1] for row in rows), f"{rule.uid}: not a number"
            loud = any(row[-1] > rule.above for row in rows)
            assert loud == (rule.without == "Alerting"), rule.uid
            assert loud or not rows or rule.uid == "hubbub-dead-letters"


@each
def test_a_rule_is_bounded_says_what_it_means_and_leads_somewhere(rule: Rule) -> None:
    assert "$__timeFilter(" in rule.sql or "FROM alert_states" in rule.sql
    assert not re.search(r"\$(?!__(timeFilter|fromTime|toTime|interval_s|timeInterval)\b)", rule.sql)
    assert rule.summary.endswith((".", "?"))
    uid, title = rule.panel
    (panel,) = (one for one in DASHBOARDS[uid]["panels"] if one["title"] == title)
    assert panel["id"] == panel_id(uid, title)
    assert rule.clear is None or rule.clear < rule.above


@each
def test_a_rule_has_a_heading_in_the_runbook(rule: Rule) -> None:
    runbook = (HOME.parent / "docs" / "runbook.md").read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", runbook, re.MULTILINE)
    }
    assert rule.runbook in anchors


def test_every_alert_has_a_rule() -> None:
    assert {rule.uid for rule in RULES} >= {f"hubbub-{alert.id.lower()}" for alert in ALERTS}
    assert len({rule.uid for rule in RULES}) == len({rule.title for rule in RULES}) == len(RULES)


def test_the_shape_over_the_api() -> None:
    group = groups(TO)["pipeline"]
    assert (group["title"], group["folderUid"], group["interval"]) == ("pipeline", "hubbub", 60)
    (lag,) = (rule for rule in group["rules"] if rule["uid"] == "hubbub-lag")
    a, b, c = lag["data"]
    assert (a["model"]["format"], a["model"]["intervalMs"], a["datasourceUid"]) == (1, 60_000, "clickhouse")
    assert (b["model"]["type"], b["model"]["expression"], b["model"]["reducer"]) == ("reduce", "A", "last")
    assert c["model"]["conditions"] == [
        {
            "evaluator": {"type": "gt", "params": [10_000]},
            "unloadEvaluator": {"type": "lt", "params": [1_000]},
        }
    ]
    assert (lag["condition"], lag["for"], lag["noDataState"], lag["execErrState"]) == (
        "C", "10m", "NoData", "Error",
    )  # fmt: skip
    assert lag["annotations"]["runbook_url"] == "https://runbook.example/x#lag"
    assert lag["annotations"]["__dashboardUid__"] == "hubbub-pipeline"
    assert lag["annotations"]["__panelId__"] == str(panel_id("hubbub-pipeline", "Lag"))
    assert "notification_settings" not in lag
    called = groups(Destination("c", 1, contact=Contact("email", {"addresses": "a@b.example"})))
    assert called["brands"]["rules"][0]["notification_settings"] == {"receiver": "hubbub"}


def test_files_and_api_say_the_same_in_their_own_words() -> None:
    text = (HOME / "provisioning" / "alerting" / "rules.yaml").read_text(encoding="utf-8")
    read = {group["name"]: group for group in yaml.safe_load(text)["groups"]}
    for name, group in groups(TO).items():
        assert read[name]["folder"] == "hubbub"
        assert read[name]["interval"] == f"{group['interval']}s"
        for filed, sent in zip(read[name]["rules"], group["rules"], strict=True):
            assert filed["data"] == json.loads(json.dumps(sent["data"]))
            assert filed["panelId"] == int(sent["annotations"]["__panelId__"])
            assert filed["dashboardUid"] == sent["annotations"]["__dashboardUid__"]
            assert filed["keepFiringFor"] == sent["keep_firing_for"]
            assert filed["annotations"]["summary"].replace("$$", "$") == sent["annotations"]["summary"]
            assert filed["annotations"]["runbook_url"].startswith("${HUBBUB_GRAFANA_RUNBOOK_URL}#")
            assert not re.search(r"(?<!\$)\$(?!\$)", filed["annotations"]["summary"])
