"""A query of the ClickHouse data source, for which the SDK has no builder."""

from __future__ import annotations

from typing import Final, Literal

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef

from dashboards.config import PLUGIN, PLUGIN_VERSION

Shape = Literal["timeseries", "table"]

SOURCE: Final = DataSourceRef(type_val=PLUGIN, uid="${datasource}")
"""The data source that is picked on the dashboard."""


class Target(Dataquery):
    """One query of a panel.

    Args:
        sql: With macros and variables.
        shape: Time series have one time first, numbers, and at most one text that tells the series apart.
        ref: Its letter in the panel.
    """

    def __init__(self, sql: str, shape: Shape, ref: str = "A") -> None:
        self.sql, self.shape, self.ref = sql, shape, ref

    def to_json(self) -> dict[str, object]:
        """What stands in the dashboard."""
        return {
            "refId": self.ref,
            "datasource": {"type": PLUGIN, "uid": "${datasource}"},
            "editorType": "sql",
            "queryType": self.shape,
            "format": 0 if self.shape == "timeseries" else 1,
            "pluginVersion": PLUGIN_VERSION,
            "rawSql": self.sql,
        }


class Asked(Builder[Dataquery]):
    """The same as the SDK's panels take it."""

    def __init__(self, sql: str, shape: Shape, ref: str = "A") -> None:
        self._target = Target(sql, shape, ref)

    def build(self) -> Dataquery:
        """The query."""
        return self._target
