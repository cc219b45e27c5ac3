"""Which batches of one partition are in flight, and up to where that partition may be committed.

    offsets    0         10        20        30        40
    batches    ├─ done ──┼─ done ──┼─ open ──┼─ done ──┤
                                   ▲
                                   committable = 20

Only the finished head counts: a later batch may be stored first, but committing its end would also
commit the open batch before it, and a crash would then lose that one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """One delivered run of records; a batch is itself, not its offsets, so a redelivery is another one.

    Args:
        first: Offset of the first record.
        last: Offset of the last record, inclusive.
    """

    first: int
    last: int


class InFlight:
    """The batches of one partition between delivery and acknowledgement, in the order of their offsets."""

    def __init__(self) -> None:
        self._batches: deque[Batch] = deque()
        self._done: set[Batch] = set()
        self._committable: int | None = None

    def start(self, first: int, last: int) -> Batch:
        """Note that a batch is handed out.

        Offsets only go back after a seek. What is delivered again replaces what was in flight from there
        on: the earlier batches are forgotten, and finishing one of them no longer moves anything.

        Args:
            first: Offset of the batch's first record.
            last: Offset of its last record, inclusive. Holes inside and before a batch are fine.

        Returns:
            The handle for `finish`.
        """
        while self._batches and self._batches[-1].last >= first:
            self._done.discard(self._batches.pop())
        batch = Batch(first, last)
        self._batches.append(batch)
        return batch

    def finish(self, batch: Batch) -> bool:
        """Note that everything in a batch is stored.

        Args:
            batch: What `start` returned.

        Returns:
            Whether that counted: False for a batch that was forgotten or is finished already.
        """
        if batch not in self._batches or batch in self._done:
            return False
        self._done.add(batch)
        while self._batches and self._batches[0] in self._done:
            head = self._batches.popleft()
            self._done.remove(head)
            self._committable = max(head.last + 1, self._committable or 0)
        return True

    @property
    def committable(self) -> int | None:
        """The offset to commit, one past the finished head; None before there is one. Never goes back."""
        return self._committable
