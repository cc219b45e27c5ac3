"""C6, C8 and D7: what conversations are like, by their start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.metrics import CATALOGUE

if TYPE_CHECKING:
    from sinks.queries.over import Over


def conversations(over: Over) -> str:
    """SQL for `at`, the keys, `with_c2c` and the metrics: their numerators are aggregates over conversations.

    `with_c2c` counts the conversations that have any customer-to-customer message.
    """
    metrics = [metric for metric in CATALOGUE if metric.source == "conversations"]
    aggregates = ", ".join(f"{metric.numerator} AS {metric.column}" for metric in metrics)
    # A quantile of nothing is NaN in ClickHouse.
    known = ", ".join(f"if(isNaN(w.{m.column}), NULL, w.{m.column}) AS {m.column}" for m in metrics)
    return f"""
        SELECT at, {over.by}, with_c2c, {known}
        FROM (
            SELECT {over.bucket("started_at")} AS at, {over.by}, countIf(cc > 0) AS with_c2c, {aggregates}
            FROM {over.place}conversations FINAL WHERE {over.within("started_at")} GROUP BY at, {over.by}
        ) AS w"""
