"""Notices that somebody else stores the same partition: a worker that was cut off and does not know it.

What it stores may be ahead of what is remembered here. A thread that is read back then does not go with those
in memory, and an activity that has moved from one to the other would be in neither. So how far anybody has
stored stands among the activities, as a row that is written and read together with them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from schemas.errors import RetryLater
from schemas.rows import ActivityRow

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = "mark"
"""The activity under which it is stored; no platform is named by an empty string."""

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Fence:
    """How far one partition is stored, as far as this worker knows.

    Args:
        epoch: The topic's epoch.
        partition: Its number.
    """

    def __init__(self, epoch: int, partition: int) -> None:
        self._epoch = epoch
        self._partition = partition
        self._known = 0
        self.key = ("", f"{epoch}/{partition}")
        """Platform and thread under which it is stored."""

    def learn(self, rows: Iterable[ActivityRow]) -> None:
        """Take for known what is stored. To be read before anything that is to go with it."""
        self._known = _newest(rows)

    def check(self, rows: Iterable[ActivityRow]) -> None:
        """Compare with what was read back together with threads.

        Raises:
            RetryLater: Somebody else has stored since. What is remembered has to be dropped.
        """
        if (stored := _newest(rows)) > self._known:
            raise RetryLater(
                f"partition {self._partition}: another worker has stored up to offset {stored} meanwhile"
            )

    def advance(self, end: int) -> ActivityRow:
        """Note that a flush ends before an offset; gives the row to store with it."""
        self._known = max(end, self._known)
        return ActivityRow(
            thread=self.key[1],
            platform="",
            id="",
            activity=MARK,
            version=0,
            published=_NEVER,
            body="",
            waiting=False,
            registry=0,
            seen=end,
            source_epoch=self._epoch,
            source_partition=self._partition,
            source_offset=end,
            removed=False,
        )


def _newest(rows: Iterable[ActivityRow]) -> int:
    return max((row.seen for row in rows), default=0)
