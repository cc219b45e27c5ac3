"""The sums of `dialogue_minutes` that one source partition has seen."""

from __future__ import annotations

from collections import OrderedDict
from itertools import islice
from typing import TYPE_CHECKING, Any

from schemas.errors import RetryLater
from schemas.rows import SUMS, MinuteRow
from streams.fold import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sinks.sink import Sink
    from streams.sums import Sums

_NO_SUMS = dict.fromkeys(SUMS, 0)


class Windows:
    """A cache of the rows of one partition, read back from the sink where it misses.

    Args:
        sink: Where rows are read back from.
        epoch: The topic's epoch.
        partition: The source partition.
        capacity: Rows to keep, at the most, between flushes.
    """

    def __init__(self, sink: Sink, epoch: int, partition: int, *, capacity: int = 50_000) -> None:
        self._sink = sink
        self._epoch = epoch
        self._partition = partition
        self._capacity = capacity
        self._rows: OrderedDict[Window, MinuteRow] = OrderedDict()

    def recall(self, windows: Mapping[Window, Sums], span: tuple[int, int]) -> None:
        """Read back the rows that are about to change and are not in the cache, in one query.

        Args:
            windows: What is about to change.
            span: Source offset of the first arrival that may be news, and that after the last.

        Raises:
            RetryLater: The sink cannot be read now; or another worker, which has lost the partition, has
                stored up to the middle of the span. Assigned anew, the batch is cut there.
        """
        missing = [window for window in windows if window not in self._rows]
        if missing:
            for row in self._sink.minutes(missing, self._epoch, self._partition):
                self._rows[Window(row.minute, row.brand, row.platform)] = row
        first, end = span
        known = (self._rows[window].applied for window in windows if window in self._rows)
        if (mark := next((applied for applied in known if first < applied < end), None)) is not None:
            raise RetryLater(
                f"partition {self._partition}: another worker has stored up to offset {mark} meanwhile",
                retry_after=0.0,
            )

    def add(self, windows: Mapping[Window, Sums], applied: int) -> dict[Window, MinuteRow]:
        """Add to the sums; gives the rows that have changed.

        A row that has seen as much already is left as it is: this is a replay of what it holds.

        Args:
            windows: What to add; the windows must have been recalled.
            applied: Source offset up to which this is, plus one.
        """
        changed: dict[Window, MinuteRow] = {}
        for window, more in windows.items():
            row = self._rows.get(window)
            if row is not None and row.applied >= applied:
                continue
            columns = self._empty(window) if row is None else vars(row).copy()
            columns["applied"] = applied
            for name, number in more.items():
                columns[name] += number
            changed[window] = self._rows[window] = MinuteRow.trusted(columns)
            self._rows.move_to_end(window)
        return changed

    def shrink(self, stored: int) -> None:
        """Drop the least recently used rows, of those that are stored.

        Args:
            stored: Source offset up to which flushes are stored, plus one.
        """
        excess = max(0, len(self._rows) - self._capacity)
        droppable = (window for window, row in self._rows.items() if row.applied <= stored)
        for window in list(islice(droppable, excess)):
            del self._rows[window]

    def _empty(self, window: Window) -> dict[str, Any]:
        return {
            "minute": window.minute,
            "brand": window.brand,
            "platform": window.platform,
            **_NO_SUMS,
            "source_epoch": self._epoch,
            "source_partition": self._partition,
            "applied": 0,
        }
