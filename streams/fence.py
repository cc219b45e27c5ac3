"""Notices that somebody else stores the same partition: a worker that was cut off and does not know it.

What it stores may be ahead of what is remembered here. A thread that is read back then does not go with those
in memory, and an activity that has moved from one to the other would be in neither. So how far anybody has
stored stands among the activities, as a row that is written and read together with them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from schemas.errors import RetryLater
from schemas.rows import FENCE_MARK, ActivityRow

if TYPE_CHECKING:
    from sinks.sink import Sink

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Fence:
    """How far one partition is stored, as far as this worker knows.

    Args:
        epoch: The topic's epoch.
        partition: Its number.
        stored: The offset up to which it is stored.
    """

    def __init__(self, epoch: int, partition: int, stored: int) -> None:
        self.place = (epoch, partition)
        self.stored = stored
        """The offset up to which whole flushes are stored, as far as is known."""
        self.key = _key(epoch, partition)
        """Platform and thread under which it is stored."""

    def check(self, stored: int) -> None:
        """Compare with what was read back together with threads.

        Args:
            stored: The offset up to which it says that the partition is stored.

        Raises:
            RetryLater: Somebody else has stored since. What is remembered has to be dropped.
        """
        if stored > self.stored:
            raise RetryLater(
                f"partition {self.place[1]}: another worker has stored up to offset {stored} meanwhile",
                retry_after=0.0,
            )

    def advance(self, end: int) -> ActivityRow:
        """Note that a flush ends before an offset; gives the row to store with it."""
        self.stored = max(end, self.stored)
        return ActivityRow(
            thread=self.key[1],
            platform="",
            id="",
            activity=FENCE_MARK,
            version=0,
            published=_NEVER,
            body="",
            waiting=False,
            registry=0,
            seen=end,
            source_epoch=self.place[0],
            source_partition=self.place[1],
            source_offset=end,
            removed=False,
        )


def open_fence(sink: Sink, epoch: int, partition: int) -> Fence:
    """The fence of a partition as it stands now. To be read before anything that is to go with it.

    Raises:
        RetryLater: The sink cannot be read now.
    """
    rows = sink.threads([_key(epoch, partition)])
    return Fence(epoch, partition, max((row.seen for row in rows), default=0))


def _key(epoch: int, partition: int) -> tuple[str, str]:
    return "", f"{epoch}/{partition}"
