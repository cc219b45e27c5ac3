"""The rows as a dataframe, and the few ways in which all metrics are put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from oracle.seen import Seen

Window = tuple["datetime", "datetime"]
"""From when until before when."""

SCHEMA = {
    "brand": pl.String,
    "platform": pl.String,
    "conversation": pl.String,
    "started_at": pl.Datetime("us", "UTC"),
    "id": pl.String,
    "activity": pl.String,
    "at": pl.Datetime("us", "UTC"),
    "direction": pl.String,
    "effect": pl.String,
    "actor": pl.String,
    "actor_role": pl.String,
    "addressee": pl.String,
    "addressee_role": pl.String,
    "indirect": pl.Boolean,
    "adds_brand": pl.Boolean,
    "parent": pl.String,
    "replies_to": pl.String,
    "is_root": pl.Boolean,
    "followers": pl.Int64,
    "agent": pl.String,
    "parent_direction": pl.String,
    "parent_at": pl.Datetime("us", "UTC"),
    "counts": pl.Boolean,
    "question": pl.Boolean,
    "thanks": pl.Boolean,
    "love": pl.Boolean,
    "sentiment": pl.Int64,
    "deflection": pl.Boolean,
    "signature": pl.String,
    "asks": pl.Boolean,
    "automation": pl.Boolean,
}

_LABELS = ("question", "thanks", "love", "sentiment", "deflection", "signature", "asks", "automation")


def framed(rows: Iterable[Seen]) -> pl.DataFrame:
    """One line a row; labels of reactions are null."""
    return pl.DataFrame(
        [
            {
                name: getattr(row.labels, name, None) if name in _LABELS else getattr(row, name)
                for name in SCHEMA
            }
            for row in rows
        ],
        schema=SCHEMA,
        orient="row",
    )


def within(time: str, window: Window) -> pl.Expr:
    """Whether a time is in a window."""
    return (pl.col(time) >= window[0]) & (pl.col(time) < window[1])


def over(numerator: float, denominator: float) -> float | None:
    """A ratio; None where there is nothing to divide by."""
    return numerator / denominator if denominator else None


def quantile(values: Iterable[float], level: float) -> float | None:
    """Linear between the nearest order statistics; None of nothing."""
    return pl.Series(list(values), dtype=pl.Float64).quantile(level, interpolation="linear")
