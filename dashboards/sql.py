"""SQL that panels are made of: what is chosen, and metrics of the catalogue over the view with their sums.

Queries read views. A view that ends in `_between` takes the time range as its parameters and has one row a
brand and platform for all of it, or, with `_daily_between`, for each day.
"""

from __future__ import annotations

import re
from typing import Final

from schemas.metrics import BY_COLUMN, Metric

CHOSEN: Final = (
    "$__conditionalAll(brand IN (${brand:singlequote}), $brand)"
    " AND $__conditionalAll(platform IN (${platform:singlequote}), $platform)"
)
"""Whether a row is of one of the brands and platforms that are picked."""

LAST_DAYS: Final = {"canned": 7}
"""Sources that are told of the last days of a time range: a month of all brands' replies takes seconds."""

_WORD = re.compile(r"\b[a-z_]\w*\b(?!\()")


def between(source: str, *, daily: bool = False) -> str:
    """The view of one of the catalogue's sources over the time range, or the last days of it."""
    since = "$__fromTime"
    if source in LAST_DAYS:
        since = f"greatest($__fromTime, $__toTime - INTERVAL {LAST_DAYS[source]} DAY)"
    if source == "dialogue_minutes":
        return minutes(since)
    times = f"since = toUnixTimestamp({since}), until = toUnixTimestamp($__toTime)"
    return f"{source}{'_daily' if daily else ''}_between({times})"


def minutes(since: str = "$__fromTime", before: str = "$__toTime + 1") -> str:
    """The view of the sums of minutes over some time; the minute in which a time range ends belongs to it."""
    return f"dialogue_minutes_between(since = toUnixTimestamp({since}), until = toUnixTimestamp({before}))"


def buckets() -> str:
    """The view of the sums of minutes by bucket, over the time range."""
    times = "since = toUnixTimestamp($__fromTime), until = toUnixTimestamp($__toTime + 1)"
    return f"dialogue_minutes_stepped_between({times}, step = $__interval_s)"


def sums(*columns: str) -> str:
    """SQL for the sums of all that the metrics are divided from, under their own names."""
    names = dict.fromkeys(name for column in columns for name in _parts(BY_COLUMN[column]))
    return ", ".join(f"sum(t.{name}) AS {name}" for name in names)


def formula(column: str) -> str:
    """SQL for a metric over the sums, named as its column; a zero denominator gives NULL."""
    metric = BY_COLUMN[column]
    if not metric.denominator:
        return f"{metric.numerator} AS {column}"
    return f"({metric.numerator}) / nullIf({metric.denominator}, 0) AS {column}"


def one(*columns: str) -> str:
    """One row: metrics of the same source over the time range and all that is chosen."""
    return _over("", columns)


def by(key: str, *columns: str) -> str:
    """One row for each brand or platform: `key`, and metrics of the same source over the time range."""
    return f"{_over(key, columns)}\nORDER BY {key}"


def over_time(*columns: str) -> str:
    """Metrics of sums by brand and bucket: `time`, `brand`, the metrics."""
    return f"""SELECT time, brand, {", ".join(map(formula, columns))}
FROM (
    SELECT t.at AS time, brand, {sums(*columns)}
    FROM {buckets()} AS t
    WHERE {CHOSEN}
    GROUP BY time, brand
)
ORDER BY time, brand"""


def by_day(*columns: str) -> str:
    """Metrics of a source that is no sum of minutes, by brand and day: `time`, `brand`, the metrics."""
    (source,) = {BY_COLUMN[column].source for column in columns}
    return f"""SELECT time, brand, {", ".join(map(formula, columns))}
FROM (
    SELECT t.at AS time, brand, {sums(*columns)}
    FROM {between(source, daily=True)} AS t
    WHERE {CHOSEN}
    GROUP BY time, brand
)
ORDER BY time, brand"""


def rolling(column: str, days: int) -> str:
    """A metric of sums by brand and day, each over the days up to it: `time`, `brand`, the metric.

    Days before the time range are read, so that the first of it is as full as the last.
    """
    names = _parts(BY_COLUMN[column])
    inner = ", ".join(f"sum(t.{name}) AS {name}" for name in names)
    window = f"PARTITION BY brand ORDER BY day RANGE BETWEEN {days - 1} PRECEDING AND CURRENT ROW"
    return f"""SELECT toDateTime(day) AS time, brand, {formula(column)}
FROM (
    SELECT day, brand, {", ".join(f"sum(d.{name}) OVER ({window}) AS {name}" for name in names)}
    FROM (
        SELECT toDate(t.at) AS day, brand, {inner}
        FROM dialogue_daily AS t
        WHERE at >= $__fromTime - INTERVAL {days} DAY AND at <= $__toTime AND {CHOSEN}
        GROUP BY day, brand
    ) AS d
)
WHERE $__timeFilter(time)
ORDER BY time, brand"""


def _over(key: str, columns: tuple[str, ...]) -> str:
    (source,) = {BY_COLUMN[column].source for column in columns}
    named = f"{key}, " if key else ""
    return f"""SELECT {named}{", ".join(map(formula, columns))}
FROM (
    SELECT {named}{sums(*columns)}
    FROM {between(source)} AS t
    WHERE {CHOSEN}{f" GROUP BY {key}" if key else ""}
)"""


def _parts(metric: Metric) -> list[str]:
    """The columns of its source that a metric is made of."""
    return list(dict.fromkeys(_WORD.findall(f"{metric.numerator} {metric.denominator}")))
