"""What the pipeline asks of a store: one write, and the reads that make up for a cold cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from schemas.rows import (
        ActivityRow,
        ConversationRow,
        DeadLetterRow,
        EpochRow,
        ForgottenRow,
        InteractionRow,
        MinuteRow,
        RegistryChangeRow,
        RegistryRow,
    )


class Erased(NamedTuple):
    """An activity that was retracted."""

    platform: str
    id: str
    activity: str
    version: int


@dataclass(frozen=True)
class Flush:
    """The rows of one flush, in the order in which they are written.

    The activities come last, because they are what tells a replay "already seen": whatever a crash cuts off
    before them is done again.
    """

    forgotten: tuple[ForgottenRow, ...] = ()
    dead_letters: tuple[DeadLetterRow, ...] = ()
    registry_changes: tuple[RegistryChangeRow, ...] = ()
    minutes: Sequence[MinuteRow] = ()
    conversations: Sequence[ConversationRow] = ()
    interactions: Sequence[InteractionRow] = ()
    erased: tuple[Erased, ...] = ()
    """What was retracted: nothing of its content stays in any stored row.

    Before the activities, because the retraction is one of them: it must not be stored while the text is.
    """
    activities: Sequence[ActivityRow] = ()


class Held(NamedTuple):
    """An activity of an account, in a thread that does not know yet that the account is forgotten."""

    thread: str
    id: str
    activity: str
    epoch: int
    """Epoch and partition that the newest activity of the thread came from."""
    partition: int


class Sink(Protocol):
    """A store of rows. Every method may be called again after `RetryLater`, with the same arguments.

    Of several rows with one key the row that has seen more counts, in whatever order they were written; of
    two that have seen the same, the one written last. A key whose row is `removed` is as good as not there.

    Raises:
        RetryLater: From every method, for a fault that may pass.
        Stop: From every method, for one that will not, such as a missing table.
    """

    def write(self, flush: Flush) -> None:
        """Store the rows. Called before the offsets behind them are committed, by one worker a partition.

        When it fails, any part of the flush may be stored, a table at a time and in the order of the flush.
        Writing the same rows again is harmless.

        Raises:
            Exception: A row cannot be stored as it is, which nobody has foreseen; nothing of the flush is.
        """

    def threads(self, keys: Collection[tuple[str, str]]) -> Sequence[ActivityRow]:
        """All activities of some threads. Called once a batch, for the threads that are not in the cache.

        Args:
            keys: Platform and thread; those that are not stored give nothing.

        Returns:
            Their rows, in no particular order, removed ones too: a thread never sees less than it once did.
        """

    def find(self, ids: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Which threads hold some activities. Called once a batch, for parents that are not in the cache.

        Edits, deletes and undos do not count: they are not what they act on, even where they bear its id.

        Args:
            ids: Platform and id of the activities.

        Returns:
            The thread of each that is stored, whether or not that thread is still waited for. An activity
            that several threads hold is in the one that has seen the most; of equals, in the last by name.
        """

    def minutes(
        self, keys: Collection[tuple[datetime, str, str]], epoch: int, partition: int
    ) -> list[MinuteRow]:
        """Sums of some minutes as one source partition saw them. Called once a batch, before they change.

        Args:
            keys: Minute, brand and platform; those that are not stored give nothing.
            epoch: The topic's epoch.
            partition: The source partition.
        """

    def waiting(self, limit: int) -> set[tuple[str, str]] | None:
        """All threads that are named for what has not come. Called when a worker starts.

        Args:
            limit: How many are wanted at the most.

        Returns:
            Platform and key of each; None when there are more than wanted.
        """

    def waiting_among(self, ids: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which ids are waited for. Called once a batch where `waiting` gives none.

        Args:
            ids: Platform and id.
        """

    def applied_marks(self, epoch: int, partition: int, after: int) -> list[int]:
        """Where earlier flushes of a partition ended. Called when the partition is assigned.

        Args:
            epoch: The topic's epoch.
            partition: The source partition.
            after: Only marks above this one.

        Returns:
            The distinct `applied` of the partition's stored minutes, ascending.
        """

    def due(self, before: datetime, epoch: int, partition: int | None) -> list[tuple[str, str, datetime]]:
        """Threads of a partition with undecided replies that have waited long enough. Called now and then.

        Args:
            before: Replies up to this event time, whose addressee the platform names.
            epoch: The topic's epoch.
            partition: The source partition; None for all that comes from elsewhere than this epoch.

        Returns:
            Platform, thread, and the time of the newest such reply.
        """

    def registry_in_force(self, epoch: int, partition: int, offset: int) -> int | None:
        """The version of the registry that an offset is seen with. Called when the partition is assigned.

        Args:
            epoch: The topic's epoch.
            partition: The source partition.
            offset: The offset.

        Returns:
            The version; None when none is on record up to there.
        """

    def epochs(self) -> list[EpochRow]:
        """All epochs that have begun. Called when partitions are assigned."""

    def store_epoch(self, row: EpochRow) -> None:
        """Keep an epoch. Called before the first row that has it is written."""

    def forgotten(self, epoch: int, partition: int, offset: int | None) -> dict[tuple[str, str], datetime]:
        """Which accounts are forgotten at an offset. Called when the partition is assigned.

        Args:
            epoch: The topic's epoch.
            partition: The source partition.
            offset: The offset; None for all that is known of any partition of any epoch.

        Returns:
            By platform and account: the event time up to which.
        """

    def held(self, platform: str, account: str, until: datetime) -> list[Held]:
        """What an account did, as far as it is not forgotten yet. Reads all activities: for rare occasions.

        Args:
            platform: Where the account is.
            account: Its id.
            until: Only what it did up to this event time.
        """

    def purge(self, platform: str, account: str, until: datetime) -> None:
        """Take what describes an account out of everything that is stored, on disk too; slow.

        Called when the account is forgotten in all threads. What stays of it in rows is its bare id.

        Args:
            platform: Where the account is.
            account: Its id.
            until: Only what it did up to this event time; of dead letters: all that name it as their actor.
        """

    def letters(self, platform: str, account: str) -> int:
        """Count the dead letters with a body that names an account as their actor. Reads all of them."""

    def newest_registry(self) -> RegistryRow | None:
        """The registry with the highest version, or None. Called when a worker starts without a file."""

    def registry(self, version: int) -> RegistryRow | None:
        """The registry of one version, or None. Called when a thread was folded with another registry."""

    def store_registry(self, row: RegistryRow) -> None:
        """Keep a registry. Called before the first row that was folded with it is written."""
