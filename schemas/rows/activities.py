"""The fold's memory: what was received, thread by thread."""

from __future__ import annotations

from datetime import datetime

from schemas.rows.row import Row

SETTLE_MARK = "settle"
"""The activity under which a thread's settlement is stored; its time is the settlement's."""

FENCE_MARK = "mark"
"""The activity under which it is stored how far a partition is; it has no platform."""

FORGET_MARK = "forget"
"""The activity under which it is stored that a thread knows an account to be forgotten, and up to when.

Its id is the account's, with a `>` before it, so that no activity has the same.
"""

MARKS = frozenset({SETTLE_MARK, FENCE_MARK, FORGET_MARK})
"""What is stored among the activities and is none."""


class ActivityRow(Row):
    """Table `activities`: a distinct activity as it was received, and a thread's marks. The fold's memory.

    Key: thread, platform, id, activity, version. Version: seen.
    """

    thread: str
    """The thread that holds it: the root's id, or the id of a message that is still waited for."""
    platform: str
    id: str
    activity: str
    version: int
    published: datetime
    body: str
    """The event as JSON, in the shape of docs/social-event.schema.json."""
    waiting: bool
    """Whether `thread` is the id of an activity that has not come yet."""
    registry: int
    """Version of the brand registry with which its thread was folded."""
    seen: int
    """Changes that the thread had been through when this row was written."""
    source_epoch: int
    source_partition: int
    source_offset: int
    removed: bool
