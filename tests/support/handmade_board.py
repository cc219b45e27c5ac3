"""A dashboard with one panel of every kind, made by hand: what the generated ones never do, too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

PLACES = """
    SELECT name, value
    FROM values('name String, value Nullable(Float64)', ('<b>one</b>', 0.25), ('two', 0.9), ('none', NULL))
    ORDER BY name"""
SERIES = """
    SELECT $__timeInterval(at) AS time, brand, avg(value) AS value
    FROM (
        SELECT $__fromTime + number * 3600 AS at, brand, if(number = 3, NULL, number / 24) AS value
        FROM numbers(24) ARRAY JOIN ['ember', 'hearth'] AS brand
    )
    WHERE $__timeFilter(at) AND $__conditionalAll(brand IN (${brand:singlequote}), $brand)
    GROUP BY time, brand ORDER BY time"""
STEPS = """
    SELECT $__fromTime + number * 3600 AS time, number AS low, 24 - number AS high
    FROM numbers(24) ORDER BY time"""
NOTHING = "SELECT now() AS time, 1 AS value WHERE false"
BROKEN = "SELECT no_such_column FROM numbers(1)"
TEXT = """## Read **this**

- one <img src=x onerror=alert(1)>
- [two](/d/other)
- [bad](javascript:alert(1))
"""

LEVELS = {
    "mode": "absolute",
    "steps": [{"value": None, "color": "blue"}, {"value": 0.5, "color": "#D55E00"}],
}


def panel(number: int, kind: str, sql: str | None, **more: Any) -> dict[str, Any]:
    """A panel; two of them stand side by side."""
    x, y = number % 2 * 12, number // 2 * 8
    config = {
        "defaults": {"unit": "percentunit", "thresholds": LEVELS, "noValue": "nothing"},
        "overrides": [],
    }
    target = {"refId": "A", "rawSql": sql, "queryType": "timeseries" if kind in SERIAL else "table"}
    made = {
        "id": number,
        "type": kind,
        "title": f"{kind} {number}",
        "gridPos": {"x": x, "y": y, "w": 12, "h": 8},
    }
    return made | {"fieldConfig": config, "options": {}, "targets": [target] if sql else []} | more


SERIAL = ("stat", "timeseries", "heatmap")


def board() -> dict[str, Any]:
    """The dashboard."""
    dangerous = [
        {"title": "go", "url": "javascript:alert(1)"},
        {
            "title": "see ${brand}",
            "url": "/d/other?${__url_time_range}&${brand:queryparam}&var-name=${__value.raw}",
        },
    ]
    named = {
        "matcher": {"id": "byName", "options": "name"},
        "properties": [{"id": "links", "value": dangerous}],
    }
    mapped = {
        "matcher": {"id": "byName", "options": "value"},
        "properties": [
            {
                "id": "mappings",
                "value": [
                    {
                        "type": "range",
                        "options": {"from": 0.8, "to": 1, "result": {"text": "splendid", "color": "green"}},
                    },
                    {"type": "special", "options": {"match": "null", "result": {"text": "unknown"}}},
                ],
            }
        ],
    }
    defaults = panel(0, "stat", None)["fieldConfig"]["defaults"]
    tables = {"defaults": defaults, "overrides": [named, mapped]}
    words = {
        "mode": "markdown",
        "content": TEXT,
    }
    rows = {"reduceOptions": {"values": True, "calcs": ["lastNotNull"], "fields": ""}}
    panels = [
        panel(
            1, "stat", SERIES, options={"graphMode": "area", "colorMode": "background", "textMode": "auto"}
        ),
        panel(2, "timeseries", SERIES, interval="1h"),
        panel(3, "bargauge", PLACES, options=rows),
        panel(4, "table", PLACES, fieldConfig=tables),
        panel(5, "barchart", PLACES, options={"xField": "name", "legend": {"showLegend": True}}),
        panel(6, "heatmap", STEPS),
        panel(7, "text", None, options=words),
        panel(8, "timeseries", NOTHING),
        panel(9, "table", BROKEN),
        panel(10, "piechart", PLACES),
        panel(11, "stat", NOTHING, timeFrom="1h"),
    ]
    return {
        "uid": "handmade",
        "title": "Handmade",
        "description": "Is every kind drawn?",
        "time": {"from": "now-24h", "to": "now"},
        "refresh": "",
        "templating": {
            "list": [
                {"name": "datasource", "type": "datasource", "query": "grafana-clickhouse-datasource"},
                {
                    "name": "brand",
                    "label": "Brand",
                    "type": "query",
                    "query": "SELECT arrayJoin(['ember', 'hearth', 'it\\'s']) AS brand",
                    "multi": True,
                    "includeAll": True,
                },
            ]
        },
        "links": [
            {"type": "link", "title": "Other", "url": "/d/other", "keepTime": True, "includeVars": True}
        ],
        "panels": panels,
    }


def write_board(folder: Path, **changes: Any) -> dict[str, Any]:
    """Write it into a folder, changed or not."""
    made = board() | changes
    (folder / f"{made['uid']}.json").write_text(json.dumps(made), encoding="utf-8")
    return made
