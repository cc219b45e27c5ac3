"""The dashboards that there are, as they were generated."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from dashboards.config import TITLES
from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Json = dict[str, Any]

_UID = re.compile(r"[\w-]{1,40}", re.ASCII)  # as long as Grafana's own


class Catalogue:
    """A folder of dashboards, read anew for every request: whoever changes one sees it at the next refresh.

    Args:
        folder: Holds `<uid>.json` for each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def listed(self) -> list[Json]:
        """Uid, title, description and tags of every dashboard, in the order in which one reads them.

        Raises:
            Stop: One of them is no dashboard, or there is none.
        """
        found = [self.dashboard(file.stem) for file in sorted(self._folder.glob("*.json"))]
        boards = [board for board in found if board]
        if not boards:
            raise Stop(f"no dashboards in {self._folder}: hubbub dashboards build makes them")
        boards.sort(key=lambda board: _place(board["uid"]))
        return [
            {name: board.get(name) for name in ("uid", "title", "description", "tags")} for board in boards
        ]

    def dashboard(self, uid: str) -> Json | None:
        """One dashboard as it was generated; None when there is none of that uid.

        Raises:
            Stop: The file is no dashboard.
        """
        file = self._folder / f"{uid}.json"
        if not _UID.fullmatch(uid) or not file.is_file():
            return None
        try:
            board = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Stop(f"{file.name} cannot be read ({error}): hubbub dashboards build makes it") from None
        if not isinstance(board, dict) or board.get("uid") != uid:
            raise Stop(f"{file.name} is no dashboard of that uid: hubbub dashboards build makes it")
        return board


def _place(uid: str) -> tuple[int, str]:
    order = list(TITLES)
    return (order.index(uid) if uid in order else len(order)), uid


def panels(board: Json) -> Iterator[Json]:
    """Every panel of a dashboard, those in folded rows too."""
    for panel in board.get("panels", ()):
        yield panel
        yield from panel.get("panels") or ()


def target(board: Json, panel_id: int, ref_id: str) -> tuple[Json, Json] | None:
    """A panel and one of its targets, which has a query; None when there is no such."""
    for panel in panels(board):
        if panel.get("id") == panel_id:
            for each in panel.get("targets", ()):
                if each.get("refId") == ref_id and each.get("rawSql"):
                    return panel, each
    return None


def variable_query(board: Json, name: str) -> str | None:
    """The SQL that lists a variable's values; None when there is no such variable, or it has no query."""
    for variable in board.get("templating", {}).get("list", ()):
        if variable.get("name") == name and variable.get("type") == "query":
            query = variable.get("query")
            return str(query.get("rawSql") or "") or None if isinstance(query, dict) else query or None
    return None
