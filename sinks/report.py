"""The report: every metric of each brand over a period, or over each of its windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from schemas.metrics import CATALOGUE, Source
from schemas.rows import SUMS
from sinks.queries import SOURCES, Over, metrics_of, query
from sinks.queries.over import newest
from sinks.windows import BUCKETS, SETTLED, STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from clickhouse_connect.driver.client import Client

    By = Literal["hour", "day", "week"]

_BESIDE: Mapping[Source, tuple[str, ...]] = {
    "dialogue_minutes": SUMS,
    "participation": ("followers",),
    "conversations": ("with_c2c",),
}
"""Columns beside the metrics, by the source that has them."""
_COUNTS = (
    "with_c2c",
    "participants",
    "conversation_h_index",
    "advocates",
    "social_marketers",
    "topics_rising",
    "trusted_voices",
)
"""Columns that are 0 where their source has no row."""


def report_queries(by: By | None = None) -> dict[Source, str]:
    """SQL for the metrics of each brand over a period, all platforms together: one query a source.

    They read the client's own database, and take three bound parameters: `brand`, empty for all; `from` and
    `to`, aware times, the period up to but not including `to`. The watermark is `to`, or the newest event
    that is stored where that is earlier.

    Args:
        by: The windows to divide the period into; None for one row a brand.

    Returns:
        By source: a query whose columns are `brand`, `at` (start of the window, UTC; or, for one row a brand,
        of the period) and, among others, the source's metrics under their column names.
    """
    early, late = "{from:DateTime64(6, 'UTC')}", "{to:DateTime64(6, 'UTC')}"
    over = Over(
        bucket=BUCKETS[by] if by else lambda _: f"toDateTime({early}, 'UTC')",
        keys=("brand",),
        watermark=f"least({newest('')}, {late})",
        step=STEPS[by] if by else "",
        early=early,
        late=late,
        own="({brand:String} = '' OR brand = {brand:String})",
    )
    return {source: f"{query(source, over)} SETTINGS join_use_nulls = 1, {SETTLED}" for source in SOURCES}


def read_report(
    client: Client, period: tuple[datetime, datetime], by: By | None = None, brand: str = ""
) -> list[dict[str, Any]]:
    """The report's rows, by brand and time.

    Args:
        client: A client whose database it is.
        period: From when until before when.
        by: The windows; None for one over the whole period.
        brand: Of this brand only.

    Returns:
        For each brand and window of which anything is known: `brand`, `at`, the sums, `with_c2c`,
        `followers`, and each metric of the catalogue; None where it is not known.
    """
    bound = {"brand": brand, "from": period[0], "to": period[1]}
    nothing: dict[str, Any] = {metric.column: None for metric in CATALOGUE}
    nothing |= dict.fromkeys((*SUMS, *_COUNTS), 0) | {"followers": None}
    rows: dict[tuple[str, datetime], dict[str, Any]] = {}
    lively: set[str] = set()
    for source, sql in report_queries(by).items():
        columns = (*_BESIDE.get(source, ()), *(metric.column for metric in metrics_of(source)))
        for row in client.query(sql, bound, tz_mode="aware").named_results():
            key = (row["brand"], row["at"])
            known = rows.setdefault(key, nothing | {"brand": row["brand"], "at": row["at"]})
            known |= {column: row[column] for column in columns}
            if source != "backlog" or row["open_backlog"]:  # one of 0 says nothing
                lively.add(row["brand"])
    heard = {at for (_, at), row in rows.items() if row["share_of_voice"] is not None}
    for (_, at), row in rows.items():
        if at in heard and row["share_of_voice"] is None:
            row["share_of_voice"] = 0.0
    asked = {brand} if brand else lively
    return [rows[key] for key in sorted(rows) if key[0] in asked & lively]
