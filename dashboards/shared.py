"""Panels that stand on more than one dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.config import CONVERSATION, FAIR, FRESH, GOOD, PLAIN, POOR, STALE
from dashboards.figures import Figure, Step
from dashboards.page import address
from dashboards.panels import listing, number
from dashboards.queries import common
from schemas.alerts import BY_ID, State

if TYPE_CHECKING:
    from grafana_foundation_sdk.builders import stat, table

    from schemas.alerts import AlertId


READ: Final = (
    "Read it, message by message",
    address(CONVERSATION, conversation="${__data.fields.conversation:percentencode}"),
)
"""The link of a table's column `conversation`."""


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


def alerts(*ids: AlertId, width: int = 24) -> table.Panel:
    """What is known of some alerts, for each brand.

    Args:
        ids: Which alerts.
        width: In 24ths.
    """
    said = " ".join(f"{one}, {BY_ID[one].name}: {BY_ID[one].question} {BY_ID[one].fires}" for one in ids)
    figure = Figure(
        title=f"Alerts {', '.join(ids)}",
        description=f"Their states after the last closed day (UTC), whatever the time range. {said} What to "
        "do stands in docs/runbook.md.",
    )
    judged = Figure("Judged", "What the alert judges.", "locale", 2, None)
    return listing(
        figure,
        common.alert_states(*ids),
        width,
        columns=dict.fromkeys(("value", "baseline", "change"), judged),
        colours={"state": _STATES},
        height=14 if len(ids) > 1 else 6,
    )


_STATES = {
    State.FIRING: POOR,
    State.QUIET: FAIR,
    State.HELD: PLAIN,
    State.STALE: FAIR,
    State.OK: GOOD,
    common.NOT_JUDGED: PLAIN,
}
