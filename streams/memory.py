"""The threads that a worker remembers: a bounded cache in front of the sink, and what belongs where."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING

from schemas.event import ABOUT_OTHERS, SocialEvent
from streams.control import Forget, Settle
from streams.health import Cached
from streams.thread import Identity, Thread, anchor_of, opens, restored
from streams.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from schemas.rows import ActivityRow
    from sinks.sink import Sink
    from streams.fence import Fence
    from streams.fold import Folded
    from streams.yields import Position

Key = tuple[str, str]
"""Platform and thread, or platform and id."""


class Memory:
    """Threads by key, the least recently used dropped first; what is dropped is read back when it is needed.

    Args:
        sink: Where threads are read back from.
        capacity: Activities to keep, at the most, between flushes; and ids that are waited for.
        fold: Folds a thread with a version of the registry.
    """

    def __init__(self, sink: Sink, capacity: int, fold: Callable[[Thread, int], Folded]) -> None:
        self._sink = sink
        self.capacity = capacity
        self._fold = fold
        self._threads: OrderedDict[Key, Thread] = OrderedDict()
        self._thread_of: dict[Key, str] = {}
        self._waiting = Waiting(sink, capacity)
        self._fence: Fence | None = None
        self._held = self._hits = self._misses = 0

    @property
    def cached(self) -> Cached:
        """What is held since the last flush, and how often a thread was there when it was needed."""
        return Cached(len(self._threads), self._held, self._hits, self._misses)

    def clear(self) -> None:
        """Forget everything: somebody else may write these threads from now on."""
        self._threads.clear()
        self._thread_of.clear()
        self._waiting.clear()
        self._held = 0

    def recall(self, items: Iterable[SocialEvent | Settle | Forget], fence: Fence) -> None:
        """Read back what a batch needs, in one query each: ids that are waited for, parents, threads.

        Args:
            items: What is about to be placed, of one partition.
            fence: The partition's.

        Raises:
            RetryLater: The sink cannot be read now, or somebody else stores the same partition.
        """
        self._fence = fence
        events = list(items)
        self._waiting.recall(
            {(event.platform, event.id) for event in events if isinstance(event, SocialEvent)}
        )
        keys: set[Key] = set()
        anchors: set[Key] = set()
        for event in events:
            if isinstance(event, Settle):
                keys.add((event.platform, event.thread))
                continue
            if isinstance(event, Forget):
                keys |= {
                    (event.platform, held.thread)
                    for held in self._sink.held(event.platform, event.account, event.until)
                    if event.concerns((held.epoch, held.partition), fence.place)
                }
                continue
            if (event.platform, event.id) in self._waiting:
                keys.add((event.platform, event.id))
            if event.conversation is not None:
                keys.add((event.platform, event.conversation))
            elif (known := self._thread_of.get(anchor := (event.platform, anchor_of(event)))) is not None:
                keys.add((event.platform, known))
            elif opens(event):
                keys.add(anchor)
            else:
                anchors.add(anchor)
        found = self._sink.find(anchors) if anchors else {}
        self._thread_of.update(found)
        keys |= anchors
        keys |= {
            (platform, found[platform, anchor]) for platform, anchor in anchors if (platform, anchor) in found
        }
        missing = {key for key in keys if key not in self._threads}
        self._hits += len(keys) - len(missing)
        self._misses += len(missing)
        if missing or anchors:
            self._load(missing)

    def _load(self, keys: set[Key]) -> None:
        rows: dict[Key, list[ActivityRow]] = defaultdict(list)
        fence = self._fence
        for row in self._sink.threads(keys | {fence.key} if fence else keys):
            rows[row.platform, row.thread].append(row)
        if fence:
            fence.check(rows.pop(fence.key, ()))
        for (platform, key), found in rows.items():
            thread = self._threads[platform, key] = restored(platform, key, found)
            thread.booked = self._fold(thread, thread.registry)
            self._index(thread, thread.activities)
            if thread.waiting:
                # Another worker may have stored it since we asked what is waited for.
                self._waiting.add((platform, key))

    def place(
        self,
        item: SocialEvent | Settle | Forget,
        position: Position,
        registry: int,
        forgotten: Mapping[Key, datetime],
    ) -> list[Key]:
        """Put something into its thread; gives the keys of the threads that this has changed.

        Args:
            item: What has come. The threads that it may concern must have been recalled.
            position: Where it stands in its source.
            registry: Version of the registry that is in force there.
            forgotten: By platform and account: the event time up to which it is forgotten there.
        """
        if isinstance(item, Settle):
            thread = self._thread(item.platform, item.thread)
            # Both, in any case: a settlement that is no news may still bring the news of a registry.
            is_news = [thread.settle(item.until, position), thread.overtake(registry)]
            return [(item.platform, item.thread)] if any(is_news) else []
        if isinstance(item, Forget):
            return self._forget(item, position, registry)
        until = forgotten.get((item.platform, item.actor.id))
        return self._place(item, position, registry, until if until and item.published <= until else None)

    def _forget(self, control: Forget, position: Position, registry: int) -> list[Key]:
        """Mark the threads that hold something of an account; those that are not here were recalled."""
        changed: list[Key] = []
        for key, thread in self._threads.items():
            if (
                thread.platform == control.platform
                and thread.holds(control.account, control.until)
                and control.concerns(thread.origin, (position.epoch, position.partition))
                and thread.forget(control.account, control.until, position)
            ):
                thread.registry = max(thread.registry, registry)
                changed.append(key)
        return changed

    def _place(
        self, event: SocialEvent, position: Position, registry: int, forgotten: datetime | None
    ) -> list[Key]:
        platform, changed = event.platform, list[Key]()
        anchor = event.conversation or anchor_of(event)
        key = event.conversation or self._thread_of.get((platform, anchor), anchor)
        thread = self._thread(platform, key)
        if thread.would_move(event):
            thread.past.append(self._fold(thread, max(thread.registry, registry)))
        is_news = forgotten is not None and thread.forget(event.actor.id, forgotten, position)
        if not thread.add(event, position):
            # A delivery that is no news brings the news of a registry: this is how a replay applies one.
            return [(platform, key)] if thread.overtake(registry) or is_news else changed
        thread.registry = max(thread.registry, registry)
        changed.append((platform, key))
        if (
            event.conversation is None
            and key == anchor
            and not opens(event)
            and not self._holds(thread, anchor)
        ):
            thread.waiting = True
            self._waiting.add((platform, key))
        self._index(thread, [Identity(event.id, event.activity, event.version)])
        if event.activity not in ABOUT_OTHERS and (platform, event.id) in self._waiting:
            changed.append((platform, event.id))
            self._has_come(thread, self._thread(platform, event.id))
            if key == event.id and not opens(event) and event.conversation is None:
                changed.append(self._name_ring(thread, event))
        return changed

    def _name_ring(self, thread: Thread, event: SocialEvent) -> Key:
        """Parents that run in a ring have no root: the smallest id stands for it, whatever came first."""
        above = thread.above()
        ring: list[str] = []
        step: str | None = event.id
        while step is not None and step not in ring:
            ring.append(step)
            step = above.get(step)
        name = min(ring) if step == event.id else thread.key
        if name != thread.key:
            if (thread.platform, name) not in self._threads:
                self._load({(thread.platform, name)})  # nobody could foresee that it is needed
            self._move(thread, self._thread(thread.platform, name))
        return thread.platform, name

    def _has_come(self, thread: Thread, waiting: Thread) -> None:
        """An activity has come into `thread` that `waiting` is named for."""
        platform = thread.platform
        self._waiting.has_come((platform, waiting.key))
        if waiting is not thread:
            self._move(waiting, thread)
        waiting.has_come()

    def _move(self, thread: Thread, into: Thread) -> None:
        moving = thread.hanging()
        if len(moving) < len(thread.activities):
            # What stays may have been in a space only because of what goes.
            thread.past.append(self._fold(thread, thread.registry))
        thread.move_into(into, moving)
        self._index(into, moving)

    def _index(self, thread: Thread, identities: Iterable[Identity]) -> None:
        """Note where activities are that others can belong to."""
        for identity in identities:
            if identity.activity not in ABOUT_OTHERS:
                self._thread_of[thread.platform, identity.id] = thread.key

    def thread(self, key: Key) -> Thread:
        """A thread that was placed into."""
        return self._threads[key]

    def shrink(self) -> None:
        """Drop the least recently used threads. Called when everything is stored."""
        self._waiting.shrink()
        held = sum(len(thread.activities) for thread in self._threads.values())
        while held > self.capacity and self._threads:
            (platform, _), thread = self._threads.popitem(last=False)
            held -= len(thread.activities)
            for identity in thread.activities:
                self._thread_of.pop((platform, identity.id), None)
        self._held = held

    def _thread(self, platform: str, key: str) -> Thread:
        thread = self._threads.get((platform, key))
        if thread is None:
            thread = self._threads[platform, key] = Thread(platform, key)
        else:
            self._threads.move_to_end((platform, key))
        return thread

    @staticmethod
    def _holds(thread: Thread, activity: str) -> bool:
        return any(
            identity.id == activity and identity.activity not in ABOUT_OTHERS
            for identity in thread.activities
        )
