"""How wide a bucket of a time series is: as many as the panel has room for, in steps that people like."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

_STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800)
_LONG_STEPS = (3600, 7200, 10800, 21600, 43200, 86400, 604800, 2592000, 31536000)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "M": 2592000, "y": 31536000}
_DURATION = re.compile(r">?(\d+)([smhdwMy])")


def bucket(length: timedelta, points: int, least: str = "") -> timedelta:
    """The width of a bucket that Grafana would propose.

    Args:
        length: Of the time range.
        points: How many buckets there is room for.
        least: The panel's own minimum, such as `1h`; empty for none.
    """
    wanted = length.total_seconds() / max(points, 1)
    steps = (*_STEPS, *_LONG_STEPS)
    # The middle between two steps is where one gives way to the next.
    fitting = next(
        (small for small, large in pairwise(steps) if wanted < (small + large) / 2),
        steps[-1],
    )
    return max(timedelta(seconds=fitting), duration(least) or timedelta())


def duration(text: str) -> timedelta | None:
    """A length of time as Grafana writes it, such as `28d`; None when it is none."""
    found = _DURATION.fullmatch(text.strip())
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if found else None
