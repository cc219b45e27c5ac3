"""Queries of more than one dashboard."""

from __future__ import annotations

from typing import Final

NEWEST: Final = """SELECT dateDiff('second', maxOrNull(at), $__toTime) AS seconds
FROM dialogue_minutely
WHERE $__timeFilter(at)"""
"""Seconds from the newest message to the end of the time range, over all brands."""
