"""From arrivals to rows: the pure middle between a source and a sink.

Everything that changes an answer comes in as an arrival at one offset of one partition. A row is what the
arrivals up to its offset make of it, so a replay of any length, cut in any way, ends in the same rows.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from schemas.errors import Refused, Stop
from schemas.event import is_by
from schemas.registry import Registry
from schemas.rows import DeadLetterRow, ForgottenRow, RegistryChangeRow
from streams.control import Forget, RegistryChange, Settle, encode
from streams.decode import Refusal
from streams.fence import Fence, open_fence
from streams.memory import Memory
from streams.speeds import fastest
from streams.yields import Position

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from schemas.settings import Settings
    from sinks.sink import Flush, Sink
    from streams.decode import Arrival
    from streams.fold import Folded
    from streams.health import Cached
    from streams.ledger import Ledger
    from streams.place import Key, Place
    from streams.speeds import Speed
    from streams.thread import Thread
    from streams.windows import Windows


@dataclass(slots=True)
class Batch:
    """What has come from one partition since its last flush."""

    arrivals: list[Arrival]
    refusals: list[Refusal]
    start: int
    """Offset of the first record."""
    end: int
    """Offset after the last record."""
    dropped: Sequence[int] = ()
    """Offsets of the direct messages that were dropped."""


class Source(NamedTuple):
    """Where partitions belong."""

    topic: str
    epoch: int
    """Counts how often the topic was made anew."""


@dataclass(slots=True)
class _Partition:
    """What is known of one assigned partition."""

    topic: str
    epoch: int
    number: int
    windows: Windows
    whole: int
    """Up to where everything was stored, or is not read, when the partition was assigned."""
    marks: list[int]
    """Where flushes ended that may be stored in part: a group must not reach across one."""
    fence: Fence
    registry: int
    recorded: bool
    """Whether it is stored which registry is in force, and who is forgotten."""
    forgotten: dict[Key, datetime]
    """By platform and account: the event time up to which it is forgotten."""


class _Group(NamedTuple):
    """A part of a batch that is folded as one."""

    first: Arrival | None
    """The first arrival; None where there is none."""
    items: list[tuple[Position, Place | Settle | Forget]]
    """What comes, and where it stands in its source."""
    start: int
    """Offset after the group before."""
    end: int
    """Offset after the last record."""


class Pipeline:
    """Folds the arrivals of some partitions of a topic.

    Args:
        sink: Read on cache misses; written by the caller, with the flush that `fold` gives.
        capacity: Activities to keep in memory, at the most, between flushes.
        sentiment_share: Share of the messages whose sentiment is told, 0 to 1.
        speed: Folds; None: the fastest that is here.
    """

    def __init__(
        self,
        sink: Sink,
        *,
        capacity: int = 200_000,
        sentiment_share: float = 1.0,
        speed: Speed | None = None,
    ) -> None:
        self._sink = sink
        self._sentiment_share = sentiment_share
        self._speed = speed or fastest()
        self._memory = Memory(sink, capacity, self._speed, self._fold_thread)
        self._partitions: dict[int, _Partition] = {}
        self._unstored: deque[dict[int, int]] = deque()
        """Of each flush that was folded and is not stored: by partition, the offset after its batch."""
        self._registries = {0: self._speed.know(Registry())}

    @classmethod
    def of(cls, sink: Sink, settings: Settings) -> Pipeline:
        """One as the settings want it."""
        return cls(
            sink,
            capacity=settings.cache_activities,
            sentiment_share=settings.sentiment_share,
            speed=fastest(compiled=settings.compiled),
        )

    def assign(self, source: Source, partition: int, position: int) -> None:
        """Take over a partition. Whatever was remembered of threads before is dropped.

        Args:
            source: The topic.
            partition: Its number.
            position: The offset that is read next.

        Raises:
            RetryLater: The sink cannot be read now.
        """
        self._memory.clear()
        self._unstored.clear()
        topic, epoch = source
        # Before all other reads: what somebody else stores from here on, and they may have missed, shows.
        fence = open_fence(self._sink, epoch, partition)
        version = self._sink.registry_in_force(epoch, partition, position)
        newest = self._sink.newest_registry() if version is None else None
        # A flush whose activities are stored is whole: only what lies behind them may be there in part.
        whole = max(position, fence.stored)
        self._partitions[partition] = _Partition(
            topic=topic,
            epoch=epoch,
            number=partition,
            windows=self._speed.windows(self._sink, epoch, partition),
            whole=whole,
            marks=self._sink.applied_marks(epoch, partition, after=whole),
            fence=fence,
            registry=version if version is not None else (newest.version if newest else 0),
            recorded=version is not None,
            # As with the registry: a partition begins with all that is known, and goes on as its log says.
            forgotten=self._sink.forgotten(epoch, partition, None if version is None else position),
        )

    def revoke(self) -> None:
        """Let go of all partitions and of everything remembered: others may write these rows now."""
        self._memory.clear()
        self._partitions.clear()
        self._unstored.clear()

    def fold(self, batches: Mapping[int, Batch], now: datetime) -> Flush:
        """The rows that some batches make.

        The caller writes them, and tells `stored` when that has succeeded; the next batches may be folded
        before that. If this or the writing fails for good, the caller must `revoke` and assign anew: the
        memory is ahead of the sink then.

        Args:
            batches: By partition.
            now: Wall-clock time, for the dead letters.

        Raises:
            RetryLater: The sink cannot be read now, or another worker has just written to a partition.
            Exception: Anything else that an event of the batch has led to, and that nobody has foreseen.
        """
        ledger = self._speed.ledger()
        self._memory.begin()
        groups = {number: self._groups(number, batch) for number, batch in batches.items()}
        self._memory.recall(
            {
                self._partitions[number].fence: [item for group in of_partition for _, item in group.items]
                for number, of_partition in groups.items()
            }
        )
        for number, batch in batches.items():
            partition = self._partitions[number]
            for group in groups[number]:
                self._fold_group(partition, group, ledger)
            for refusal in batch.refusals:
                ledger.dead_letters.append(_dead_letter(partition, refusal, now))
            partition.marks = [mark for mark in partition.marks if mark > batch.end]
            if ledger.activities:
                ledger.note(partition.fence.advance(batch.end))
        self._unstored.append({number: batch.end for number, batch in batches.items()})
        return ledger.flush()

    def stored(self) -> None:
        """The first of the flushes that `fold` gave and that were not stored is: the caches may shrink."""
        self._memory.shrink()
        for number, end in self._unstored.popleft().items():
            self._partitions[number].windows.shrink(end)

    @property
    def cached(self) -> Cached:
        """What is kept in memory, and how often it has helped."""
        return self._memory.cached

    def anew(self) -> Pipeline:
        """Another one on the same sink, with nothing assigned and nothing remembered."""
        return Pipeline(
            self._sink,
            capacity=self._memory.capacity,
            sentiment_share=self._sentiment_share,
            speed=self._speed,
        )

    def _refuse_unknown_registries(self, batch: Batch) -> None:
        """Anybody may write to the topic: a control without its registry is a dead letter, not the end."""
        for arrival in list(batch.arrivals):
            if isinstance(arrival.item, RegistryChange) and self._find_registry(arrival.item.version) is None:
                error = Refused(
                    "unknown_registry", field="version", detail=f"{arrival.item.version} is not kept"
                )
                batch.refusals.append(Refusal(arrival.offset, encode(arrival.item)[0], error, control=True))
                batch.arrivals.remove(arrival)

    def _groups(self, number: int, batch: Batch) -> list[_Group]:
        """Cut a batch where earlier flushes ended, and where another registry comes into force."""
        self._refuse_unknown_registries(batch)
        partition, take = self._partitions[number], self._speed.take
        changes = [arrival.offset for arrival in batch.arrivals if isinstance(arrival.item, RegistryChange)]
        ends = sorted({*(mark for mark in partition.marks if mark < batch.end), *changes, batch.end})
        groups: list[_Group] = []
        begin, start = 0, batch.start
        offsets = [arrival.offset for arrival in batch.arrivals]
        for end in ends:
            stop = bisect_left(offsets, end, begin)
            if stop > begin or end == batch.end:
                arrivals = batch.arrivals[begin:stop]
                items = [
                    (Position(partition.epoch, number, offset), take(item))
                    for offset, item in arrivals
                    if not isinstance(item, RegistryChange)
                ]
                groups.append(_Group(arrivals[0] if arrivals else None, items, start, end))
                start = end
            begin = stop
        return groups

    def _fold_group(self, partition: _Partition, group: _Group, ledger: Ledger) -> None:
        first, items, start, end = group
        if first is not None:
            self._enforce_registry(partition, first, start, ledger)
        changed: dict[Key, None] = {}
        for position, item in items:
            if isinstance(item, Forget):
                ledger.forgotten.append(_forget(partition, item, position.offset))
            for key in self._memory.place(item, position, partition.registry, partition.forgotten):
                changed[key] = None
        refolded = [self._refold(self._memory.thread(key)) for key in changed]
        sums = ledger.book(refolded)
        news = max(partition.whole, start if first is None else first.offset)
        partition.windows.recall(sums, (news, end))
        ledger.count(partition.windows.add(sums, end))

    def _enforce_registry(self, partition: _Partition, first: Arrival, start: int, ledger: Ledger) -> None:
        """See to it that the registry in force is the log's, or that the one we begin with is on record."""
        if isinstance(first.item, RegistryChange):
            # Versions only go forward: an older one that comes later was overtaken.
            partition.registry = max(partition.registry, first.item.version)
            start = first.offset
        elif partition.recorded or not partition.registry:
            return
        if not partition.recorded:
            for (platform, account), until in partition.forgotten.items():
                begun = Forget(platform=platform, account=account, until=until)
                ledger.forgotten.append(_forget(partition, begun, start))
        partition.recorded = True
        ledger.registry_changes.append(
            RegistryChangeRow(
                version=partition.registry,
                source_epoch=partition.epoch,
                source_partition=partition.number,
                source_offset=start,
            )
        )

    def _refold(self, thread: Thread) -> tuple[Thread, Folded]:
        """Fold a thread that has changed; gives what it yielded before, too."""
        before = thread.booked
        thread.forget_retracted()
        thread.booked = self._fold_thread(thread, thread.registry)
        return thread, before

    def _fold_thread(self, thread: Thread, registry: int) -> Folded:
        return self._speed.fold(thread, self._registry(registry), self._sentiment_share)

    def _registry(self, version: int) -> Registry:
        registry = self._find_registry(version)
        if registry is None:
            raise Stop(f"registry {version} is not in the database; is it the right database?")
        return registry

    def _find_registry(self, version: int) -> Registry | None:
        if version not in self._registries and (row := self._sink.registry(version)) is not None:
            self._registries[version] = self._speed.know(Registry.model_validate_json(row.body))
        return self._registries.get(version)


def _forget(partition: _Partition, control: Forget, offset: int) -> ForgottenRow:
    """Note that an account is forgotten from an offset on."""
    key = (control.platform, control.account)
    until = partition.forgotten[key] = max(control.until, partition.forgotten.get(key, control.until))
    return ForgottenRow(
        platform=control.platform,
        account=control.account,
        until=until,
        source_epoch=partition.epoch,
        source_partition=partition.number,
        source_offset=offset,
    )


def _dead_letter(partition: _Partition, refusal: Refusal, now: datetime) -> DeadLetterRow:
    return DeadLetterRow(
        reason=refusal.error.reason,
        field=refusal.error.field,
        detail=refusal.error.detail,
        body=b"" if is_by(refusal.body, partition.forgotten) else refusal.body,
        source_topic=partition.topic,
        source_epoch=partition.epoch,
        source_partition=partition.number,
        source_offset=refusal.offset,
        refused_at=now,
        control=refusal.control,
    )
