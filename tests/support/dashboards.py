"""The generated dashboards as tests look at them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from dashboards.build import HOME

if TYPE_CHECKING:
    from collections.abc import Iterator

DASHBOARDS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((HOME / "generated").glob("*.json"))
}
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in (HOME / "generated").glob("*.json")}


class Asked(NamedTuple):
    """One query of one panel."""

    uid: str
    panel: dict[str, Any]
    target: dict[str, Any]

    @property
    def name(self) -> str:
        """Dashboard and panel."""
        return f"{self.uid}: {self.panel['title']}"


def asked() -> Iterator[Asked]:
    """Every query of every panel."""
    for uid, dashboard in DASHBOARDS.items():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", ()):
                yield Asked(uid, panel, target)


def variables(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    """The dashboard's variables that a query fills."""
    return [one for one in dashboard["templating"]["list"] if one["type"] == "query"]
