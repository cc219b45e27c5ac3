"""What all dashboards share: names, time ranges, colours, and what counts as old."""

from __future__ import annotations

from typing import Final

from schemas.alerts import USUAL

FOLDER_UID: Final = "hubbub"
FOLDER_TITLE: Final = "hubbub"
TAG: Final = "hubbub"
"""What every dashboard of ours is tagged with."""

DATASOURCE_UID: Final = "clickhouse"
DATASOURCE_NAME: Final = "ClickHouse"
PLUGIN: Final = "grafana-clickhouse-datasource"
PLUGIN_VERSION: Final = "4.20.0"

DIALOGUE: Final = "hubbub-dialogue"
COMMUNITY: Final = "hubbub-community"
CARE: Final = "hubbub-care"
MARKET: Final = "hubbub-market"
CONVERSATION: Final = "hubbub-conversation"
PIPELINE: Final = "hubbub-pipeline"
TITLES: Final = {
    DIALOGUE: "Dialogue",
    COMMUNITY: "Community",
    CARE: "Care",
    MARKET: "Relationships and market",
    CONVERSATION: "Conversation",
    PIPELINE: "Pipeline",
}
"""All dashboards, from the question that all begins with to the machinery."""

SPAN: Final = "now-28d"
"""What a dashboard opens with: the window of the metrics of pairs."""
PIPELINE_SPAN: Final = "now-6h"
REFRESH: Final = "5m"
"""No faster than what is looked at can change: an answer is noticed within minutes."""
PIPELINE_REFRESH: Final = "1m"
"""Vital signs are stored once a minute."""

DAY: Final = "1d"
"""The narrowest bucket of a ratio: by the hour, most brands say too little for one."""
MINUTE: Final = "1m"

ROLLING_DAYS: Final = USUAL.days
BASELINE_DAYS: Final = USUAL.before
"""The two windows that the alerts compare."""

FRESH, STALE = 900, 3600
"""Seconds since the newest message: until the first all is well, from the second on something is wrong."""
LAG, LAG_LARGE = 1_000, 10_000
"""Events behind the log: until the first all is well, from the second on a worker is missing."""

GOOD: Final = "#0072B2"
FAIR: Final = "#E69F00"
POOR: Final = "#D55E00"
PLAIN: Final = "#7F8C9A"
"""Colours that people of every eyesight tell apart (Okabe and Ito)."""
DIRECTIONS: Final = {"BO": "#D55E00", "BC": "#0072B2", "CB": "#56B4E9", "CC": "#009E73", "CO": "#CC79A7"}
"""A colour for each direction, the same wherever it is drawn."""
DIRECTION_NAMES: Final = {
    "BO": "brand to nobody",
    "BC": "brand to customer",
    "CB": "customer to brand",
    "CC": "customer to customer",
    "CO": "customer to nobody",
}
