"""One thread as a worker holds it: its activities, and what was booked for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from schemas.event import ABOUT_OTHERS, REACTIONS, Activity
from schemas.rows import FENCE_MARK, FORGET_MARK, SETTLE_MARK, ActivityRow
from streams.conversation import is_forgotten, retracted_ids
from streams.fold import NOTHING, Folded, Stored
from streams.place import Identity, anchor_of, opens
from streams.yields import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from schemas.event import SocialEvent
    from streams.heard import Hearing

NOWHERE = Position(0, 0, 0)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_SEEN_LAST = datetime.max.replace(tzinfo=UTC)


class Mark(NamedTuple):
    """Up to which event time an account is forgotten, and where that stands in its source."""

    until: datetime
    position: Position


@dataclass(slots=True)
class Thread:
    """A thread of one platform."""

    platform: str
    key: str
    hearing: Hearing = field(compare=False)
    activities: dict[Identity, Stored] = field(default_factory=dict)
    settled: datetime | None = None
    settled_at: Position = NOWHERE
    marks: dict[str, Mark] = field(default_factory=dict)
    """The accounts that are forgotten, of those that have done something here."""
    waiting: bool = False
    """Whether the key is the id of an activity that has not come."""
    registry: int = 0
    """Version of the newest registry that was in force for anything that has come to it."""
    booked: Folded = NOTHING
    """What it yielded when it was last folded."""
    past: list[Folded] = field(default_factory=list)
    """What it would have yielded at moments since, whose rows are no longer its own."""
    absorbed: list[Thread] = field(default_factory=list)
    """Threads that have moved into this one since it was last folded."""
    shaken: set[str | tuple[str, str]] = field(default_factory=set)
    """What was edited, deleted or undone since: ids, and actors with the object of their reaction."""
    used_in: int = field(default=0, compare=False)
    """The last flush that something of it went into, of those that the memory has counted."""
    seen: int = 0
    """Changes that the thread has been through; grows with every one."""
    unsaved: set[Identity] = field(default_factory=set)
    """Activities whose rows have to be written anew."""
    fresh: set[Identity] = field(default_factory=set)
    """Of those, the ones of which no row can be stored yet."""
    erased: set[Identity] = field(default_factory=set)
    """Activities that were retracted since, and whose content may be stored."""
    holds_deletes: bool = False
    """Whether a delete has ever come to it."""
    gone: set[Identity] = field(default_factory=set)
    """Activities that have moved to another thread; their rows here have to be removed."""

    def add(self, identity: Identity, event: SocialEvent, position: Position) -> bool:
        """Take in one delivery; gives whether the thread has changed.

        Of several deliveries of one activity the one counts that a collector saw first.
        """
        known = self.activities.get(identity)
        if known is None:
            self.fresh.add(identity)
        elif event == known.event or _rank(known.event) <= _rank(event):
            return False
        elif event.bare() == known.event and self._is_retracted(identity, event):
            return False  # else each further delivery of what was retracted would bring it back for a moment
        self.activities[identity] = Stored(event, known.position if known else position)
        self.seen += 1
        self.unsaved.add(identity)
        self.gone.discard(identity)
        if known is not None or identity.activity in ABOUT_OTHERS:
            self.holds_deletes |= event.activity is Activity.DELETE
            self._shake(event, replaces=known is not None)
        return True

    def _shake(self, event: SocialEvent, *, replaces: bool) -> None:
        """Note what a change touches: it may look as before in the end, and yet not have in between."""
        if replaces or event.activity is Activity.UPDATE:
            self.shaken.add(event.id)
        if event.activity not in (Activity.DELETE, Activity.UNDO) or event.object is None:
            return
        self.shaken.add(event.object.id)
        for activity in REACTIONS:
            known = self.activities.get(Identity(event.object.id, activity, 0))
            if known is not None and known.event.object is not None:
                self.shaken.add((known.event.actor.id, known.event.object.id))

    def would_move(self, identity: Identity, event: SocialEvent) -> bool:
        """Whether adding a delivery changes the event time of an activity that is here already."""
        known = self.activities.get(identity)
        return known is not None and known.event.published != event.published

    def overtake(self, registry: int) -> bool:
        """Note that a registry is in force; gives whether the thread was folded with an older one."""
        if registry <= self.registry:
            return False
        self.registry = registry
        self.seen += 1
        self.unsaved.update(self.activities)
        return True

    def settle(self, until: datetime, position: Position) -> bool:
        """Let replies up to a time take the addressee that is named; gives whether that is news."""
        if self.settled is not None and until <= self.settled:
            return False
        self.settled, self.settled_at = until, position
        self.seen += 1
        return True

    def holds(self, account: str, until: datetime) -> bool:
        """Whether it has an activity of an account up to a time."""
        return any(
            event.actor.id == account and event.published <= until for event, _ in self.activities.values()
        )

    def forget(self, account: str, until: datetime, position: Position) -> bool:
        """Retract what an account did up to a time, whenever it comes; gives whether that is news."""
        known = self.marks.get(account)
        if known is not None and until <= known.until:
            return False
        self.marks[account] = Mark(until, position)
        self.seen += 1
        for identity, (event, _) in self.activities.items():
            if event.actor.id == account and event.published <= until:
                self.shaken.add(identity.id)
                if event.activity in REACTIONS and event.object is not None:
                    self.shaken.add((account, event.object.id))
        return True

    @property
    def forgotten(self) -> Mapping[str, datetime]:
        """By account: the event time up to which it is forgotten."""
        return {account: mark.until for account, mark in self.marks.items()}

    @property
    def origin(self) -> tuple[int, int]:
        """Epoch and partition that the newest activity came from."""
        newest = max((stored.position for stored in self.activities.values()), default=NOWHERE)
        return newest.epoch, newest.partition

    def move_into(self, other: Thread, moving: Iterable[Identity]) -> None:
        """Hand over what hangs on the activity that the thread is named for.

        The other thread has seen more from then on, so that its rows of what has moved win over ours.
        """
        other.seen = max(other.seen, self.seen)
        other.registry = max(other.registry, self.registry)
        for identity in moving:
            event, position = self.activities.pop(identity)
            if (mark := self.marks.get(event.actor.id)) is not None:
                other.forget(event.actor.id, *mark)
            was_known = identity in other.activities or identity not in self.fresh
            self.gone.add(identity)
            self.unsaved.discard(identity)
            self.fresh.discard(identity)
            self.seen += 1
            other.add(identity, event, position)
            if was_known:
                other.fresh.discard(identity)
        other.absorbed += [self, *self.absorbed]
        self.absorbed.clear()
        if self.settled is not None:
            other.settle(self.settled, self.settled_at)

    def hanging(self) -> list[Identity]:
        """Activities that say nothing of their conversation, and that the key alone has brought here."""
        above = self.above()
        hangs: dict[str, bool] = {self.key: True}
        hanging = []
        for identity, (event, _) in self.activities.items():
            step = None if event.conversation is not None else anchor_of(event)
            passed: dict[str, None] = {}
            while step is not None and step not in hangs and step not in passed:
                passed[step] = None
                step = above.get(step)
            outcome = step is not None and hangs.get(step, False)
            hangs.update(dict.fromkeys(passed, outcome))
            if outcome:
                hanging.append(identity)
        return hanging

    def above(self) -> dict[str, str | None]:
        """What each activity belongs to, by id; none for one that says so itself, and for one that opens."""
        return {
            identity.id: None if opens(event) or event.conversation is not None else anchor_of(event)
            for identity, (event, _) in self.activities.items()
            if identity.activity not in ABOUT_OTHERS
        }

    def shaken_minutes(self) -> set[datetime]:
        """Minutes to which something may have been booked for a moment that is not now, or the other way."""
        if not self.absorbed and not self.shaken:
            return set()
        return {
            event.published.replace(second=0, microsecond=0)
            for identity, (event, _) in self.activities.items()
            if self.absorbed or identity.id in self.shaken
        }

    def forget_moments(self) -> None:
        """Drop what was noted of moments since the last fold: the rows that it calls for are written."""
        self.past.clear()
        self.absorbed.clear()
        self.shaken.clear()
        self.erased.clear()

    def has_come(self) -> None:
        """The activity that the thread is named for is here: it is waited for no longer."""
        self.waiting = False
        self.seen += 1
        self.unsaved.update(self.activities)

    def forget_retracted(self) -> None:
        """Take the content out of activities that were retracted: nothing of it is to be stored."""
        if not self.holds_deletes and not self.marks:
            return
        forgotten = self.forgotten
        retracted = retracted_ids([event for event, _ in self.activities.values()], forgotten)
        if not retracted and not forgotten:
            return
        for identity, (event, position) in self.activities.items():
            if identity.id not in retracted and not is_forgotten(event, forgotten):
                continue
            if (bare := event.bare()) != event:
                self.hearing.forget()
                self.activities[identity] = Stored(bare, position)
                self.unsaved.add(identity)
                if identity not in self.fresh:
                    self.erased.add(identity)

    def _is_retracted(self, identity: Identity, event: SocialEvent) -> bool:
        forgotten = self.forgotten
        return is_forgotten(event, forgotten) or identity.id in retracted_ids(
            [stored.event for stored in self.activities.values()], forgotten
        )

    def save(self) -> Iterable[ActivityRow]:
        """The rows to write since the last time; none is owed after that."""
        for identity in self.gone - self.activities.keys():
            yield self._row(identity, "", NOWHERE, _LONG_AGO, removed=True)
        for identity in self.unsaved:
            event, position = self.activities[identity]
            yield self._row(identity, event.model_dump_json(exclude_defaults=True), position, event.published)
        if self.settled is not None:
            yield self._row(Identity("", SETTLE_MARK, 0), "", self.settled_at, self.settled)
        for account, mark in self.marks.items():
            yield self._row(Identity(f">{account}", FORGET_MARK, 0), "", mark.position, mark.until)
        self.gone.clear()
        self.unsaved.clear()
        self.fresh.clear()

    def _row(
        self, identity: Identity, body: str, position: Position, published: datetime, *, removed: bool = False
    ) -> ActivityRow:
        return ActivityRow.trusted(
            {
                "thread": self.key,
                "platform": self.platform,
                "id": identity.id,
                "activity": str(identity.activity),
                "version": identity.version,
                "published": published,
                "body": body,
                "waiting": self.waiting,
                "registry": self.registry,
                "seen": self.seen,
                "source_epoch": position.epoch,
                "source_partition": position.partition,
                "source_offset": position.offset,
                "removed": removed,
            }
        )


def _rank(event: SocialEvent) -> tuple[datetime, str, str]:
    """Which of two deliveries counts: the first seen, and of equals always the same one."""
    return (
        event.observed or _FIRST_SEEN_LAST,
        event.bare().model_dump_json(),
        event.model_dump_json(),
    )


def restore(
    rows: Iterable[ActivityRow], read: Callable[[str], SocialEvent], hearing: Callable[[], Hearing]
) -> dict[tuple[str, str], Thread]:
    """Threads as their stored rows tell them, removed ones included: they never see less than they once did.

    Args:
        rows: All rows of some threads; a fence reads like a thread without activities.
        read: Reads an event that was stored as JSON.
        hearing: Makes what remembers what was heard of a thread.

    Returns:
        The threads, by platform and key.
    """
    threads: dict[tuple[str, str], Thread] = {}
    newest: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        key = (row.platform, row.thread)
        if (thread := threads.get(key)) is None:
            thread = threads[key] = Thread(*key, hearing())
        position = Position(row.source_epoch, row.source_partition, row.source_offset)
        thread.seen = max(thread.seen, row.seen)
        if row.removed:
            continue
        if row.seen >= newest[key]:
            newest[key], thread.registry, thread.waiting = row.seen, row.registry, row.waiting
        if row.activity == SETTLE_MARK:
            thread.settled, thread.settled_at = row.published, position
        elif row.activity == FORGET_MARK:
            thread.marks[row.id.removeprefix(">")] = Mark(row.published, position)
        elif row.activity != FENCE_MARK:
            event = read(row.body)
            thread.holds_deletes |= event.activity is Activity.DELETE
            thread.activities[Identity(row.id, row.activity, row.version)] = Stored(event, position)
    return threads
