"""Windows of time in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sinks.queries.over import Bucket

Grain = Literal["minute", "hour", "day", "week"]

BUCKETS: Mapping[Grain, Bucket] = {
    "minute": "toStartOfMinute({})".format,
    "hour": "toStartOfHour({})".format,
    "day": "toStartOfDay({})".format,
    "week": "CAST(toMonday({}), 'DateTime(\\'UTC\\')')".format,
}
"""SQL for the start, UTC, of the window that a time falls into. Weeks start on Monday."""

STEPS: Mapping[Grain, str] = {grain: f"INTERVAL 1 {grain.upper()}" for grain in BUCKETS}
"""SQL for how long the windows are."""

SETTLED = "do_not_merge_across_partitions_select_final = 1"
"""The setting with which FINAL looks for the newest row of a key in its partition only.

Right for `interactions`: the day of the event is in the key, and the partition is its month. So a partition
that is in one part already is read as fast as without FINAL.
"""
