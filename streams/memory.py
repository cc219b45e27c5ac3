"""The threads that a worker remembers: a bounded cache in front of the sink, and what belongs where."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from schemas.event import ABOUT_OTHERS
from streams.control import Forget, Settle
from streams.health import Cached
from streams.place import Place
from streams.thread import Thread
from streams.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from schemas.event import SocialEvent
    from sinks.sink import Sink
    from streams.fence import Fence
    from streams.fold import Folded
    from streams.place import Identity, Key
    from streams.speeds import Speed
    from streams.yields import Position


class Memory:
    """Threads by key, the least recently used dropped first; what is dropped is read back when it is needed.

    Args:
        sink: Where threads are read back from.
        capacity: Activities to keep, at the most, between flushes; and ids that are waited for.
        speed: Reads events.
        fold: Folds a thread with a version of the registry.
    """

    def __init__(
        self, sink: Sink, capacity: int, speed: Speed, fold: Callable[[Thread, int], Folded]
    ) -> None:
        self._sink = sink
        self.capacity = capacity
        self._speed = speed
        self._fold = fold
        self._threads: OrderedDict[Key, Thread] = OrderedDict()
        self._thread_of: dict[Key, str] = {}
        self._waiting = Waiting(sink, capacity)
        self._fences: Sequence[Fence] = ()
        """Of the partitions of the flush."""
        self._held = self._hits = self._misses = 0
        self._folded = self._stored = 0
        """How many flushes were begun and how many of them are stored."""

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
        self._stored = self._folded

    def begin(self) -> None:
        """The next flush begins. Those before need not be stored."""
        self._folded += 1
        self._waiting.begin()

    def recall(self, items: Mapping[Fence, Sequence[Place | Settle | Forget]]) -> None:
        """Read back what a flush needs, in one query each: ids that are waited for, parents, threads.

        Args:
            items: What is about to be placed, by the fence of its partition.

        Raises:
            RetryLater: The sink cannot be read now, or somebody else stores one of the partitions.
        """
        self._fences = [*items]
        own = {item.own for placed in items.values() for item in placed if isinstance(item, Place)}
        self._waiting.recall(own)
        keys: set[Key] = set()
        anchors: set[Key] = set()
        for fence, placed in items.items():
            for item in placed:
                if isinstance(item, Settle):
                    keys.add((item.platform, item.thread))
                elif isinstance(item, Forget):
                    keys |= {
                        (item.platform, held.thread)
                        for held in self._sink.held(item.platform, item.account, item.until)
                        if item.concerns((held.epoch, held.partition), fence.place)
                    }
                else:
                    if item.own in self._waiting:
                        keys.add(item.own)
                    if item.is_named:
                        keys.add(item.above)
                    elif (known := self._thread_of.get(item.above)) is not None:
                        keys.add((item.above[0], known))
                    elif item.opens:
                        keys.add(item.above)
                    else:
                        anchors.add(item.above)
        found = self._sink.find(anchors) if anchors else {}
        self._thread_of.update(found)
        keys |= anchors
        keys |= {(platform, thread) for (platform, _), thread in found.items()}
        missing = keys - self._threads.keys()
        self._hits += len(keys) - len(missing)
        self._misses += len(missing)
        if missing or anchors:
            self._load(missing)

    def _load(self, keys: set[Key]) -> None:
        threads = self._speed.restore(self._sink.threads(keys | {fence.key for fence in self._fences}))
        for fence in self._fences:
            if stored := threads.pop(fence.key, None):
                fence.check(stored.seen)
        for key, thread in threads.items():
            self._threads[key] = thread
            thread.booked = self._fold(thread, thread.registry)
            self._index(thread, thread.activities)
            if thread.waiting:
                # Another worker may have stored it since we asked what is waited for.
                self._waiting.add(key)

    def place(
        self,
        item: Place | Settle | Forget,
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
            key = (item.platform, item.thread)
            thread = self._thread(key)
            # Both, in any case: a settlement that is no news may still bring the news of a registry.
            is_news = [thread.settle(item.until, position), thread.overtake(registry)]
            return [key] if any(is_news) else []
        if isinstance(item, Forget):
            return self._forget(item, position, registry)
        event = item.event
        until = forgotten.get((event.platform, event.actor.id)) if forgotten else None
        return self._place(item, position, registry, until if until and event.published <= until else None)

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
        for key in changed:
            self._thread(key)
        return changed

    def _place(
        self, place: Place, position: Position, registry: int, forgotten: datetime | None
    ) -> list[Key]:
        event, identity, own, above, is_named, opens, holds = place
        key = above
        if not is_named and (known := self._thread_of.get(above)) is not None:
            key = (above[0], known)
        thread = self._thread(key)
        if thread.would_move(identity, event):
            thread.past.append(self._fold(thread, max(thread.registry, registry)))
        is_news = forgotten is not None and thread.forget(event.actor.id, forgotten, position)
        if not thread.add(identity, event, position):
            # A delivery that is no news brings the news of a registry: this is how a replay applies one.
            return [key] if thread.overtake(registry) or is_news else []
        thread.registry = max(thread.registry, registry)
        if not is_named and key == above and not opens and not self._holds(thread, above[1]):
            thread.waiting = True
            self._waiting.add(key)
        if not holds:
            return [key]
        self._thread_of[own] = thread.key
        if own not in self._waiting:
            return [key]
        self._has_come(thread, self._thread(own))
        if key == own and not opens and not is_named:
            return [key, own, self._name_ring(thread, event)]
        return [key, own]

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
            self._move(thread, self._thread((thread.platform, name)))
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
        """Drop the least recently used threads. Called when one more flush is stored, in their order."""
        self._stored += 1
        self._waiting.shrink()
        held = sum(len(thread.activities) for thread in self._threads.values())
        while held > self.capacity and self._threads:
            key, thread = next(iter(self._threads.items()))
            if thread.used_in > self._stored:
                break  # the rest is not stored: read back, it would be as it was before
            del self._threads[key]
            held -= len(thread.activities)
            for identity in thread.activities:
                place = (thread.platform, identity.id)
                if self._thread_of.get(place) == thread.key:  # else another thread has it too, or has it now
                    del self._thread_of[place]
        self._held = held

    def _thread(self, key: Key) -> Thread:
        thread = self._threads.get(key)
        if thread is None:
            thread = self._threads[key] = Thread(*key, self._speed.hearing())
        else:
            self._threads.move_to_end(key)
        thread.used_in = self._folded
        return thread

    @staticmethod
    def _holds(thread: Thread, activity: str) -> bool:
        return any(
            identity.id == activity and identity.activity not in ABOUT_OTHERS
            for identity in thread.activities
        )
