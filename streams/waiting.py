"""Which ids are waited for: threads that are named for an activity that has not come."""

from __future__ import annotations

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
        self._added: set[Key] = set()
        """Since the last flush."""
        self._come: set[Key] = set()
        """Since the last flush."""

    def clear(self) -> None:
        """Forget everything: somebody else may write these threads from now on."""
        self._known, self._are_all = None, True
        self._added.clear()
        self._come.clear()

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
        return key in self._added or (key in (self._known or ()) and key not in self._come)

    def add(self, key: Key) -> None:
        """Note that a thread waits for the activity that it is named for."""
        self._come.discard(key)
        self._added.add(key)

    def has_come(self, key: Key) -> None:
        """Note that an activity is waited for no longer."""
        self._added.discard(key)
        self._come.add(key)

    def shrink(self) -> None:
        """Take over what was noted. Called when everything is stored."""
        if self._known is not None and self._are_all:
            self._known |= self._added
            self._known -= self._come
            if len(self._known) > self._capacity:
                self._known, self._are_all = None, False
        self._added.clear()
        self._come.clear()
