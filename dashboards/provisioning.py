"""Files that a Grafana reads when it starts: data source, dashboards, alert rules.

Passwords and places are variables of Grafana's own environment. The contact point is not among them, because
a file cannot leave it out where no variable is set: `hubbub dashboards build --to FOLDER` writes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from dashboards import config
from dashboards.alerting import RECEIVER, file_groups
from dashboards.destination import PLACES, Destination, datasource

if TYPE_CHECKING:
    from collections.abc import Mapping

MOUNTED: Final = "/etc/grafana/dashboards"
"""Where Grafana finds the generated JSON."""
_HEAD: Final = "# Made by python -m dashboards.build\n"


def provisioned(to: Destination = PLACES) -> Mapping[str, str]:
    """The text of every file, by its path under Grafana's folder `provisioning`.

    Args:
        to: What Grafana is to know; by default, the names of variables.
    """
    source = datasource(to) | {"orgId": 1, "editable": False}
    provider = {
        "name": config.TAG,
        "orgId": 1,
        "folder": config.FOLDER_TITLE,
        "folderUid": config.FOLDER_UID,
        "type": "file",
        "disableDeletion": False,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 30,
        "options": {"path": MOUNTED},
    }
    files = {
        "datasources/clickhouse.yaml": {"apiVersion": 1, "datasources": [source]},
        "dashboards/hubbub.yaml": {"apiVersion": 1, "providers": [provider]},
        "alerting/rules.yaml": {"apiVersion": 1, "groups": file_groups(to)},
    }
    if to.contact:
        receiver = {"uid": RECEIVER, "type": to.contact.kind, "settings": to.contact.settings}
        point = {"orgId": 1, "name": RECEIVER, "receivers": [receiver]}
        files["alerting/contact-points.yaml"] = {"apiVersion": 1, "contactPoints": [point]}
    return {path: _HEAD + _yaml(content) for path, content in files.items()}


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as they are, and everything in its place."""

    def ignore_aliases(self, data: object) -> bool:
        """Never write a reference to what stands elsewhere."""
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _yaml(content: dict[str, Any]) -> str:
    return yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
