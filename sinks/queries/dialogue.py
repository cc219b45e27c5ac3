"""The sums of `dialogue_minutes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.rows import SUMS

if TYPE_CHECKING:
    from sinks.queries.over import Over


def dialogue(over: Over) -> str:
    """SQL for `at`, the keys, and `SUMS`; a window in which everything was taken back is not there."""
    sums = ", ".join(f"sum({name}) AS {name}" for name in SUMS)
    return f"""
        SELECT {over.bucket("minute")} AS at, {over.by}, {sums}
        FROM {over.place}dialogue_minutes FINAL WHERE {over.within("minute")} GROUP BY at, {over.by}
        HAVING {" OR ".join(f"{name} != 0" for name in SUMS)}"""
