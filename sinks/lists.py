"""Views that list people, agents, topics, months and windows; most of the 28 days up to the watermark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sinks.queries.advocates import each_advocate
from sinks.queries.agents import each_agent
from sinks.queries.over import Over, newest
from sinks.queries.retention import cohorts
from sinks.queries.topics import each_topic
from sinks.queries.trust import each_author
from sinks.windows import BUCKETS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DAYS = "INTERVAL 28 DAY"


def advocates(place: str) -> str:
    """SQL for A2 and A3: the advocates of the last 28 days."""
    each = each_advocate(_last(place, "brand", "platform"))
    return f"SELECT * EXCEPT at REPLACE (partnered::Bool AS partnered) FROM ({each})"


def trusted_voices(place: str) -> str:
    """SQL for M3: the customers whom others trusted in the last 28 days."""
    return f"SELECT * EXCEPT (at, on) FROM ({each_author(_last(place, 'brand', 'platform'))})"


def social_marketers(place: str) -> str:
    """SQL for H4: the agents of the exchanges that were opened in the last 28 days."""
    return f"SELECT * EXCEPT (at, p), p AS brand_rate FROM ({each_agent(_last(place, 'brand'))})"


def topics_rising(place: str) -> str:
    """SQL for M2: the topics of the last 28 days, against the 28 before."""
    return f"SELECT * EXCEPT at FROM ({each_topic(_last(place, 'brand'))})"


def retention(place: str) -> str:
    """SQL for L6: how many of each month's new customers were in contact in each month since."""
    over = Over(lambda time: time, ("brand",), newest(place), place=place)
    return f"SELECT *, people / cohort_people AS rate FROM ({cohorts(over)})"


def silent_windows(place: str) -> str:
    """SQL for the hours and days without any message to a customer, though there were reasons for one.

    `silent`: customers wrote to the brand. `only_broadcast`: the brand wrote to nobody.
    """
    return " UNION ALL ".join(
        f"""
        SELECT
            {BUCKETS[grain]("minute")} AS at, brand, platform, '{grain}' AS grain,
            sum(minutes.cb) AS cb, sum(minutes.bo) AS bo,
            (cb > 0)::Bool AS silent, (bo > 0)::Bool AS only_broadcast
        FROM {place}dialogue_minutes AS minutes FINAL GROUP BY at, brand, platform
        HAVING sum(minutes.bc) = 0 AND (cb > 0 OR bo > 0)"""
        for grain in ("hour", "day")
    )


LISTS: Mapping[str, Callable[[str], str]] = {
    "advocates": advocates,
    "trusted_voices": trusted_voices,
    "social_marketers": social_marketers,
    "topics_rising": topics_rising,
    "retention": retention,
    "silent_windows": silent_windows,
}
"""The views by their names; each takes what stands before the names of tables."""


def _last(place: str, *keys: str) -> Over:
    """The 28 days up to the watermark, itself included."""
    watermark = newest(place)
    late = f"({watermark} + toIntervalMicrosecond(1))"
    early = f"({late} - {_DAYS})"
    return Over(
        bucket=lambda _: f"toDateTime({early}, 'UTC')",
        keys=keys,
        watermark=watermark,
        early=early,
        late=late,
        place=place,
    )
