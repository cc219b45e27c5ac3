"""Panels that stand on more than one dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.config import FAIR, FRESH, GOOD, POOR, STALE
from dashboards.figures import Figure, Step
from dashboards.panels import number
from dashboards.queries import common

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import stat


def freshness(width: int = 4) -> stat.Panel:
    """How old the newest message is at the end of the time range."""
    figure = Figure(
        title="Newest message",
        description="Time from the newest stored message to the end of the time range, over all brands. When "
        "it grows, nothing on this page is news: look at the dashboard Pipeline.",
        unit="s",
        decimals=0,
        steps=(Step(None, GOOD), Step(FRESH, FAIR), Step(STALE, POOR)),
    )
    return number(figure, common.NEWEST, width)
