"""A sink that is a handful of dictionaries: test double, demo, and the contract in its plainest form."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar, cast

from schemas.event import ABOUT_OTHERS, SocialEvent, is_by
from schemas.rows import FORGET_MARK, SETTLE_MARK, Row
from schemas.vocabulary import Direction
from sinks.sink import Erased, Held
from sinks.tables import (
    ACTIVITIES,
    CONVERSATIONS,
    DEAD_LETTERS,
    EPOCHS,
    FORGOTTEN,
    INTERACTIONS,
    MINUTES,
    REGISTRIES,
    REGISTRY_CHANGES,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from schemas.rows import ActivityRow, DeadLetterRow, EpochRow, MinuteRow, RegistryRow
    from sinks.sink import Flush

R = TypeVar("R", bound=Row)


class MemorySink:
    """A `Sink` that forgets everything at the end."""

    def __init__(self) -> None:
        self._stored: dict[str, dict[tuple[object, ...], Row]] = {}

    def rows(self, table: Table[R]) -> list[R]:
        """The rows of a table that count: the latest of each key, without removed ones."""
        return [row for row in self._latest(table) if not getattr(row, "removed", False)]

    def write(self, flush: Flush) -> None:
        """Store the rows."""
        self._put(FORGOTTEN, flush.forgotten)
        self._put(DEAD_LETTERS, flush.dead_letters)
        self._put(REGISTRY_CHANGES, flush.registry_changes)
        self._put(MINUTES, flush.minutes)
        self._put(CONVERSATIONS, flush.conversations)
        self._put(INTERACTIONS, flush.interactions)
        self._bare(row for row in self._latest(ACTIVITIES) if _identity(row) in flush.erased)
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

    def forgotten(self, epoch: int, partition: int, offset: int | None) -> dict[tuple[str, str], datetime]:
        """Which accounts are forgotten at an offset."""
        known: dict[tuple[str, str], datetime] = {}
        for row in self.rows(FORGOTTEN):
            is_here = (row.source_epoch, row.source_partition) == (epoch, partition)
            if offset is None or (is_here and row.source_offset <= offset):
                key = (row.platform, row.account)
                known[key] = max(row.until, known.get(key, row.until))
        return known

    def held(self, platform: str, account: str, until: datetime) -> list[Held]:
        """What an account did, as far as it is not forgotten yet."""
        threads: dict[str, list[ActivityRow]] = defaultdict(list)
        for row in self.rows(ACTIVITIES):
            if row.platform == platform:
                threads[row.thread].append(row)
        held: list[Held] = []
        for thread, rows in threads.items():
            own = [row for row in rows if row.activity not in (SETTLE_MARK, FORGET_MARK)]
            marks = [row.published for row in rows if (row.id, row.activity) == (f">{account}", FORGET_MARK)]
            newest = max(
                ((row.source_epoch, row.source_partition, row.source_offset) for row in own),
                default=(0, 0, 0),
            )
            held += [
                Held(thread, row.id, row.activity, *newest[:2])
                for row in own
                if _author(row.body) == account
                and row.published <= until
                and not (marks and row.published <= max(marks))
            ]
        return held

    def purge(self, platform: str, account: str, until: datetime) -> None:
        """Take what describes an account out of everything that is stored."""
        self._bare(
            row
            for row in self._latest(ACTIVITIES)
            if row.platform == platform and row.published <= until and _author(row.body) == account
        )
        rows = [row for row in self._latest(INTERACTIONS) if row.platform == platform]
        theirs = {row.id for row in rows if row.actor == account and row.published <= until}
        bare = {"followers": None, "agent": "", "lang": "", "signature": "", "sketch": (), "topics": ()}
        for row in rows:
            update = bare if row.actor == account and row.published <= until else {}
            if row.exchange_reply in theirs:
                update = update | {"exchange_agent": ""}
            self._put(INTERACTIONS, [row.model_copy(update=update)])
        for letter in self._letters(platform, account):
            self._put(DEAD_LETTERS, [letter.model_copy(update={"body": b""})])

    def letters(self, platform: str, account: str) -> int:
        """Count the dead letters with a body that names an account as their actor."""
        return len(self._letters(platform, account))

    def newest_registry(self) -> RegistryRow | None:
        """The registry with the highest version, or None."""
        return max(self.rows(REGISTRIES), key=lambda row: row.version, default=None)

    def registry(self, version: int) -> RegistryRow | None:
        """The registry of one version, or None."""
        return next((row for row in self.rows(REGISTRIES) if row.version == version), None)

    def store_registry(self, row: RegistryRow) -> None:
        """Keep a registry."""
        self._put(REGISTRIES, (row,))

    def _letters(self, platform: str, account: str) -> list[DeadLetterRow]:
        return [row for row in self.rows(DEAD_LETTERS) if is_by(row.body, {(platform, account)})]

    def _bare(self, rows: Iterable[ActivityRow]) -> None:
        for row in [row for row in rows if row.body]:
            bare = SocialEvent.model_validate_json(row.body).bare()
            body = bare.model_dump_json(exclude_defaults=True)
            self._put(ACTIVITIES, [row.model_copy(update={"body": body})])

    def _latest(self, table: Table[R]) -> Iterable[R]:
        # A copy, made at one go: somebody else may write meanwhile.
        return cast("Iterable[R]", tuple(self._stored.get(table.name, {}).values()))

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


def _author(body: str) -> str | None:
    """The id of the actor; none of a mark, and of a removed row."""
    return json.loads(body)["actor"]["id"] if body else None


def _identity(row: ActivityRow) -> Erased:
    return Erased(row.platform, row.id, row.activity, row.version)
