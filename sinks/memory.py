"""A sink that is a handful of dictionaries: test double, demo, and the contract in its plainest form."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from schemas.event import ABOUT_OTHERS
from schemas.rows import Row
from schemas.vocabulary import Direction
from sinks.tables import (
    ACTIVITIES,
    CONVERSATIONS,
    DEAD_LETTERS,
    EPOCHS,
    INTERACTIONS,
    MINUTES,
    REGISTRIES,
    REGISTRY_CHANGES,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from schemas.rows import ActivityRow, EpochRow, MinuteRow, RegistryRow
    from sinks.sink import Flush

R = TypeVar("R", bound=Row)


class MemorySink:
    """A `Sink` that forgets everything at the end. Not for use by several threads at once."""

    def __init__(self) -> None:
        self._stored: dict[str, dict[tuple[object, ...], Row]] = {}

    def rows(self, table: Table[R]) -> list[R]:
        """The rows of a table that count: the latest of each key, without removed ones."""
        return [row for row in self._latest(table) if not getattr(row, "removed", False)]

    def write(self, flush: Flush) -> None:
        """Store the rows."""
        self._put(DEAD_LETTERS, flush.dead_letters)
        self._put(REGISTRY_CHANGES, flush.registry_changes)
        self._put(MINUTES, flush.minutes)
        self._put(CONVERSATIONS, flush.conversations)
        self._put(INTERACTIONS, flush.interactions)
        self._put(ACTIVITIES, flush.activities)

    def threads(self, keys: Collection[tuple[str, str]]) -> list[ActivityRow]:
        """All activities of some threads."""
        wanted = set(keys)
        return [row for row in self._latest(ACTIVITIES) if (row.platform, row.thread) in wanted]

    def find(self, ids: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Which threads hold some activities."""
        wanted = set(ids)
        held = [
            row
            for row in self.rows(ACTIVITIES)
            if (row.platform, row.id) in wanted and row.activity not in ABOUT_OTHERS
        ]
        held.sort(key=lambda row: (row.seen, row.thread))
        return {(row.platform, row.id): row.thread for row in held}

    def minutes(
        self, keys: Collection[tuple[datetime, str, str]], epoch: int, partition: int
    ) -> list[MinuteRow]:
        """Sums of some minutes as one source partition saw them."""
        wanted = set(keys)
        return [row for row in self._of(epoch, partition) if (row.minute, row.brand, row.platform) in wanted]

    def waiting(self, limit: int) -> set[tuple[str, str]] | None:
        """All threads that are named for what has not come, if they are not too many."""
        found = {(row.platform, row.thread) for row in self.rows(ACTIVITIES) if row.waiting}
        return found if len(found) <= limit else None

    def waiting_among(self, ids: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which ids are waited for."""
        wanted = set(ids)
        return {(row.platform, row.thread) for row in self.rows(ACTIVITIES) if row.waiting} & wanted

    def applied_marks(self, epoch: int, partition: int, after: int) -> list[int]:
        """Where earlier flushes of a partition ended."""
        return sorted({row.applied for row in self._of(epoch, partition) if row.applied > after})

    def stored_up_to(self, epoch: int, partition: int) -> int:
        """The offset after the newest stored activity of a partition, or 0."""
        ends = (
            row.source_offset + 1
            for row in self.rows(ACTIVITIES)
            if (row.source_epoch, row.source_partition) == (epoch, partition)
        )
        return max(ends, default=0)

    def due(self, before: datetime, epoch: int, partition: int | None) -> list[tuple[str, str, datetime]]:
        """Threads of a partition with undecided replies that have waited long enough."""
        newest: dict[tuple[str, str], datetime] = {}
        for row in self.rows(INTERACTIONS):
            if partition is None:
                is_here = row.source_epoch != epoch
            else:
                is_here = (row.source_epoch, row.source_partition) == (epoch, partition)
            if is_here and row.direction is Direction.UNDECIDED and row.addressee and row.published <= before:
                thread = (row.platform, row.conversation)
                newest[thread] = max(row.published, newest.get(thread, row.published))
        return [(*thread, until) for thread, until in newest.items()]

    def registry_in_force(self, epoch: int, partition: int, offset: int) -> int | None:
        """The version of the registry that an offset is seen with, or None."""
        changes = [
            row
            for row in self.rows(REGISTRY_CHANGES)
            if (row.source_epoch, row.source_partition) == (epoch, partition) and row.source_offset <= offset
        ]
        last = max(changes, key=lambda row: row.source_offset, default=None)
        return last.version if last else None

    def epochs(self) -> list[EpochRow]:
        """All epochs that have begun."""
        return self.rows(EPOCHS)

    def store_epoch(self, row: EpochRow) -> None:
        """Keep an epoch."""
        self._put(EPOCHS, (row,))

    def newest_registry(self) -> RegistryRow | None:
        """The registry with the highest version, or None."""
        return max(self.rows(REGISTRIES), key=lambda row: row.version, default=None)

    def registry(self, version: int) -> RegistryRow | None:
        """The registry of one version, or None."""
        return next((row for row in self.rows(REGISTRIES) if row.version == version), None)

    def store_registry(self, row: RegistryRow) -> None:
        """Keep a registry."""
        self._put(REGISTRIES, (row,))

    def _latest(self, table: Table[R]) -> Iterable[R]:
        return cast("Iterable[R]", self._stored.get(table.name, {}).values())

    def _of(self, epoch: int, partition: int) -> list[MinuteRow]:
        return [
            row
            for row in self.rows(MINUTES)
            if (row.source_epoch, row.source_partition) == (epoch, partition)
        ]

    def _put(self, table: Table[R], rows: Iterable[R]) -> None:
        stored = self._stored.setdefault(table.name, {})
        for row in rows:
            key = table.key(row)
            old = cast("R | None", stored.get(key))
            if old is None or table.version(row) >= table.version(old):  # type: ignore[operator]
                stored[key] = row
