"""Alert rules as Grafana takes them: over its API, and from files."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from dashboards import config
from dashboards.assembly import pages
from dashboards.page import built
from dashboards.rules import EVERY, RULES, Rule

if TYPE_CHECKING:
    from dashboards.destination import Destination

RECEIVER: Final = "hubbub"
"""Name of our contact point."""
_EXPRESSION: Final = {"type": "__expr__", "uid": "__expr__"}


def groups(to: Destination) -> dict[str, dict[str, Any]]:
    """The groups of rules by name, as Grafana's API takes them.

    Args:
        to: Where they go.
    """
    return {
        name: {
            "title": name,
            "folderUid": config.FOLDER_UID,
            "interval": seconds,
            "rules": [_over_api(rule, to) for rule in RULES if rule.group == name],
        }
        for name, seconds in EVERY.items()
    }


def file_groups(to: Destination) -> list[dict[str, Any]]:
    """The same as a file of provisioning spells it: `$` is doubled where Grafana looks for variables."""
    return [
        {
            "orgId": 1,
            "name": name,
            "folder": config.FOLDER_TITLE,
            "interval": f"{seconds}s",
            "rules": [_in_file(rule, to) for rule in RULES if rule.group == name],
        }
        for name, seconds in EVERY.items()
    ]


def panel_id(uid: str, title: str) -> int:
    """The number of a dashboard's panel.

    Raises:
        KeyError: There is no such panel.
    """
    return _panels()[uid, title]


@cache
def _panels() -> dict[tuple[str, str], int]:
    return {
        (page.uid, panel.title or ""): panel.id_val or 0
        for page in pages()
        for panel in built(page).panels or ()
    }


def _over_api(rule: Rule, to: Destination) -> dict[str, Any]:
    uid, panel = rule.panel
    links = {"__dashboardUid__": uid, "__panelId__": str(panel_id(uid, panel))}
    return {
        "uid": rule.uid,
        "title": rule.title,
        "folderUID": config.FOLDER_UID,
        "ruleGroup": rule.group,
        "condition": "C",
        "data": _data(rule, to.datasource_uid),
        "for": rule.patience,
        "keep_firing_for": rule.keep,
        "noDataState": rule.without,
        "execErrState": "Error",
        "labels": {"app": config.TAG, "severity": rule.severity},
        "annotations": _annotations(rule, to.runbook) | links,
        "isPaused": False,
    } | ({"notification_settings": {"receiver": RECEIVER}} if to.contact else {})


def _in_file(rule: Rule, to: Destination) -> dict[str, Any]:
    uid, panel = rule.panel
    said = {name: _doubled(text) for name, text in _annotations(rule, "").items()}
    said["runbook_url"] = f"{to.runbook}#{rule.runbook}"
    return {
        "uid": rule.uid,
        "title": _doubled(rule.title),
        "condition": "C",
        "data": _data(rule, to.datasource_uid),
        "for": rule.patience,
        "keepFiringFor": rule.keep,
        "noDataState": rule.without,
        "execErrState": "Error",
        "dashboardUid": uid,
        "panelId": panel_id(uid, panel),
        "labels": {"app": config.TAG, "severity": rule.severity},
        "annotations": said,
        "isPaused": False,
    } | ({"notification_settings": {"receiver": RECEIVER}} if to.contact else {})


def _annotations(rule: Rule, runbook: str) -> dict[str, str]:
    return {"summary": rule.summary, "runbook_url": f"{runbook}#{rule.runbook}"}


def _doubled(text: str) -> str:
    return text.replace("$", "$$")


def _data(rule: Rule, datasource: str) -> list[dict[str, Any]]:
    """A asks, B takes the last value, C holds it against the threshold."""
    evaluated: dict[str, Any] = {"evaluator": {"type": "gt", "params": [rule.above]}}
    if rule.clear is not None:
        evaluated["unloadEvaluator"] = {"type": "lt", "params": [rule.clear]}
    asked = {
        "refId": "A",
        "datasource": {"type": config.PLUGIN, "uid": datasource},
        "editorType": "sql",
        "queryType": "table",
        "format": 1,
        "pluginVersion": config.PLUGIN_VERSION,
        "rawSql": rule.sql,
        "intervalMs": 60_000,
        "maxDataPoints": 1000,
    }
    reduced = {"type": "reduce", "expression": "A", "reducer": "last"}
    held = {"type": "threshold", "expression": "B", "conditions": [evaluated]}
    return [
        _node("A", asked, datasource, rule.reach),
        _node("B", reduced | {"refId": "B", "datasource": _EXPRESSION}),
        _node("C", held | {"refId": "C", "datasource": _EXPRESSION}),
    ]


def _node(ref: str, model: dict[str, Any], source: str = "__expr__", reach: int = 0) -> dict[str, Any]:
    return {
        "refId": ref,
        "datasourceUid": source,
        "queryType": "",
        "relativeTimeRange": {"from": reach, "to": 0},
        "model": model,
    }
