"""What has to be done to a Grafana so that it has our dashboards, rules, data source and contact point.

    ours ──┐
           ├──▶ changes ──▶ shown (--dry-run), or done one after the other
    theirs ┘

Everything has a uid of ours, so that doing it twice does nothing the second time. What has none, or is in
another folder, is neither read nor touched.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from dashboards import config
from dashboards.alerting import RECEIVER, groups
from dashboards.build import generated
from dashboards.compare import differences
from dashboards.destination import datasource
from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dashboards.destination import Destination
    from dashboards.grafana import Grafana

Action = Literal["create", "update", "delete", "same"]
CONTACT_UID = "hubbub"


@dataclass(frozen=True)
class Change:
    """One thing in Grafana, and what is to be done about it.

    Args:
        action: What.
        kind: What kind of thing.
        name: Its uid or name.
        lines: Where it differs.
        do: Does it.
    """

    action: Action
    kind: str
    name: str
    lines: tuple[str, ...] = ()
    do: Callable[[], object] = field(default=lambda: None, repr=False, compare=False)


def pushed(grafana: Grafana, to: Destination, *, secrets: bool = False) -> Iterator[Change]:
    """What a push does, in order; each is read when it is asked for, so do one before the next.

    Args:
        grafana: Which.
        to: What it is to know.
        secrets: Write secrets again, which Grafana does not show.

    Raises:
        Stop: Grafana cannot be reached, refuses, or has no data source and is to be given none.
    """
    yield _source(grafana, to, secrets=secrets)
    yield _folder(grafana)
    for text in generated().values():
        yield _dashboard(grafana, json.loads(text))
    if to.contact:
        yield _contact(grafana, to, secrets=secrets)
    for name, group in groups(to).items():
        yield _group(grafana, name, group)


def pruned(grafana: Grafana, to: Destination) -> Iterator[Change]:
    """What is ours in Grafana and not among what a push writes: dashboards, rules, contact point.

    Ours is what is in our folder and bears our tag, or label; and the contact point of our uid.
    """
    wanted = {name.removesuffix(".json") for name in generated()}
    query = f"/search?type=dash-db&tag={config.TAG}&folderUIDs={config.FOLDER_UID}&limit=5000"
    for found in grafana.get(query) or []:
        uid = found["uid"]
        inside = found.get("folderUid") == config.FOLDER_UID and config.TAG in found.get("tags", [])
        if inside and uid not in wanted:
            yield Change("delete", "dashboard", uid, do=_deleting(grafana, f"/dashboards/uid/{quote(uid)}"))
    rules = grafana.get("/v1/provisioning/alert-rules") or []
    ours = [rule for rule in rules if rule.get("folderUID") == config.FOLDER_UID]
    for name in sorted({rule["ruleGroup"] for rule in ours} - groups(to).keys()):
        members = [rule for rule in ours if rule["ruleGroup"] == name]
        if all((rule.get("labels") or {}).get("app") == config.TAG for rule in members):
            yield Change("delete", "rules", name, do=_deleting(grafana, _group_path(name)))
    if to.contact is None and _contact_there(grafana):
        path = f"/v1/provisioning/contact-points/{CONTACT_UID}"
        yield Change("delete", "contact point", RECEIVER, do=_deleting(grafana, path))


def _source(grafana: Grafana, to: Destination, *, secrets: bool) -> Change:
    path = f"/datasources/uid/{to.datasource_uid}"
    theirs = grafana.get(path)
    if not to.host:
        if theirs is None:
            raise Stop(
                f"Grafana at {grafana.place} has no data source {to.datasource_uid}: set "
                "HUBBUB_GRAFANA_CLICKHOUSE_HOST, and the user and password beside it"
            )
        return Change("same", "data source", to.datasource_uid)
    ours = datasource(to)
    if theirs is None:
        return Change(
            "create", "data source", to.datasource_uid, do=lambda: grafana.post("/datasources", ours)
        )
    lines = list(differences({k: v for k, v in ours.items() if k != "secureJsonData"}, theirs))
    if to.password and (secrets or not (theirs.get("secureJsonFields") or {}).get("password")):
        lines.append("~ password: written again")
    return _changed("data source", to.datasource_uid, lines, lambda: grafana.put(path, ours))


def _folder(grafana: Grafana) -> Change:
    ours = {"uid": config.FOLDER_UID, "title": config.FOLDER_TITLE}
    path = f"/folders/{config.FOLDER_UID}"
    theirs = grafana.get(path)
    if theirs is None:
        return Change("create", "folder", config.FOLDER_UID, do=lambda: grafana.post("/folders", ours))
    lines = list(differences(ours, theirs))
    body = {"title": config.FOLDER_TITLE, "version": theirs.get("version")}
    return _changed("folder", config.FOLDER_UID, lines, lambda: grafana.put(path, body))


def _dashboard(grafana: Grafana, ours: dict[str, Any]) -> Change:
    uid = ours["uid"]
    theirs = grafana.get(f"/dashboards/uid/{uid}")
    body = {
        "dashboard": ours | {"id": None},
        "folderUid": config.FOLDER_UID,
        "overwrite": True,
        "message": "hubbub dashboards push",
    }
    if theirs is None:
        return Change("create", "dashboard", uid, do=lambda: grafana.post("/dashboards/db", body))
    lines = list(differences(ours, theirs["dashboard"]))
    place = theirs.get("meta", {}).get("folderUid")
    if place != config.FOLDER_UID:
        lines.append(f"~ folder: {place} -> {config.FOLDER_UID}")
    return _changed("dashboard", uid, lines, lambda: grafana.post("/dashboards/db", body))


def _contact_there(grafana: Grafana) -> dict[str, Any] | None:
    points = grafana.get(f"/v1/provisioning/contact-points?name={RECEIVER}") or []
    return next((point for point in points if point.get("uid") == CONTACT_UID), None)


def _contact(grafana: Grafana, to: Destination, *, secrets: bool) -> Change:
    assert to.contact is not None  # noqa: S101 - the caller has looked
    ours = {
        "uid": CONTACT_UID,
        "name": RECEIVER,
        "type": to.contact.kind,
        "settings": to.contact.settings,
        "disableResolveMessage": False,
    }
    theirs = _contact_there(grafana)
    path = "/v1/provisioning/contact-points"
    if theirs is None:
        return Change("create", "contact point", RECEIVER, do=lambda: grafana.post(path, ours))
    # What differs in the settings may be a secret: that it differs is all that is said.
    lines = [line for line in differences(ours, theirs) if "settings" not in line]
    if secrets or list(differences(ours["settings"], theirs.get("settings", {}))):
        lines.append("~ settings: written again")
    return _changed("contact point", RECEIVER, lines, lambda: grafana.put(f"{path}/{CONTACT_UID}", ours))


def _group(grafana: Grafana, name: str, ours: dict[str, Any]) -> Change:
    path = _group_path(name)
    theirs = grafana.get(path)
    if theirs is None or not theirs.get("rules"):
        return Change("create", "rules", name, do=lambda: grafana.put(path, ours))
    lines = list(differences(ours, theirs))
    for rule in theirs["rules"]:
        mine: dict[str, Any] = next((own for own in ours["rules"] if own["uid"] == rule.get("uid")), {})
        if rule.get("notification_settings") and "notification_settings" not in mine:
            lines.append(f"- {rule.get('title')}: contact point")
    return _changed("rules", name, lines, lambda: grafana.put(path, ours))


def _group_path(name: str) -> str:
    return f"/v1/provisioning/folder/{config.FOLDER_UID}/rule-groups/{quote(name, safe='')}"


def _changed(kind: str, name: str, lines: list[str], do: Callable[[], object]) -> Change:
    return Change("update" if lines else "same", kind, name, tuple(lines), do)


def _deleting(grafana: Grafana, path: str) -> Callable[[], None]:
    return lambda: grafana.delete(path)
