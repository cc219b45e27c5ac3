"""Buckets of time series, as wide as Grafana would propose."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboards.preview.interval import bucket, duration


@pytest.mark.parametrize(
    ("hours", "points", "least", "seconds"),
    [
        (1, 3600, "", 1),
        (1, 100, "", 30),
        (1, 100, "1m", 60),
        (1, 100, ">1m", 60),
        (24, 600, "", 120),
        (24 * 7, 700, "", 900),
        (24 * 28, 600, "", 3600),
        (24 * 28, 600, "1d", 86400),
        (24 * 365 * 20, 10, "", 31536000),
        (1, 0, "", 3600),
    ],
)
def test_a_bucket(hours, points, least, seconds):
    assert bucket(timedelta(hours=hours), points, least) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "days"), [("28d", 28), ("2w", 14), ("24h", 1), ("now-7d", None), ("d", None), ("", None)]
)
def test_a_length_of_time(text, days):
    assert duration(text) == (timedelta(days=days) if days else None)
