"""Which ids are waited for: threads that are named for an activity that has not come."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from sinks.sink import Sink

Key = tuple[str, str]
"""Platform and id."""


class Waiting:
    """Knows of all of them while they are few, and asks the sink about each batch's ids when they are many.

    Args:
        sink: Where waiting threads are stored.
        capacity: Ids to keep, at the most, between flushes.
    """

    def __init__(self, sink: Sink, capacity: int) -> None:
        self._sink = sink
        self._capacity = capacity
        self._known: set[Key] | None = None
        """What the sink has said: all ids, or those of the batch at hand; None before it was asked."""
        self._are_all = True
        self._noted: deque[dict[Key, bool]] = deque()
        """What was noted in each flush that is not stored: whether an id is waited for."""

    def clear(self) -> None:
        """Forget everything: somebody else may write these threads from now on."""
        self._known, self._are_all = None, True
        self._noted.clear()

    def begin(self) -> None:
        """The next flush begins. Those before need not be stored."""
        self._noted.append({})

    def recall(self, ids: Collection[Key]) -> None:
        """Find out which ids of a batch are waited for.

        Raises:
            RetryLater: The sink cannot be read now; nothing has changed.
        """
        if self._known is None and self._are_all:
            self._known = self._sink.waiting(self._capacity)
            self._are_all = self._known is not None
        if not self._are_all:
            self._known = self._sink.waiting_among(ids) if ids else set()

    def __contains__(self, key: Key) -> bool:
        noted = next((notes[key] for notes in reversed(self._noted) if key in notes), None)
        return key in (self._known or ()) if noted is None else noted

    def add(self, key: Key) -> None:
        """Note that a thread waits for the activity that it is named for."""
        self._noted[-1][key] = True

    def has_come(self, key: Key) -> None:
        """Note that an activity is waited for no longer."""
        self._noted[-1][key] = False

    def shrink(self) -> None:
        """Take over what was noted first. Called when one more flush is stored, in their order."""
        notes = self._noted.popleft()
        if self._known is None or not self._are_all:
            return
        self._known |= {key for key, is_waited_for in notes.items() if is_waited_for}
        self._known -= {key for key, is_waited_for in notes.items() if not is_waited_for}
        if len(self._known) > self._capacity:
            self._known, self._are_all = None, False
