"""One thread as a worker holds it: its activities, and what was booked for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from schemas.event import ABOUT_OTHERS, REACTIONS, RELATIONS, Activity, SocialEvent
from schemas.rows import ActivityRow
from streams.fold import NOTHING, Folded, Stored
from streams.yields import Position

if TYPE_CHECKING:
    from collections.abc import Iterable

SETTLEMENT = "settle"
"""The activity under which a thread's settlement is stored; its time is the settlement's."""

NOWHERE = Position(0, 0, 0)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_SEEN_LAST = datetime.max.replace(tzinfo=UTC)


class Identity(NamedTuple):
    """What makes two deliveries the same activity, within one platform."""

    id: str
    activity: str
    version: int


@dataclass(slots=True)
class Thread:
    """A thread of one platform."""

    platform: str
    key: str
    activities: dict[Identity, Stored] = field(default_factory=dict)
    settled: datetime | None = None
    settled_at: Position = NOWHERE
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
    """What was deleted or undone since: ids, and actors with the object of their reaction."""
    seen: int = 0
    """Changes that the thread has been through; grows with every one."""
    unsaved: set[Identity] = field(default_factory=set)
    """Activities whose rows have to be written anew."""
    gone: set[Identity] = field(default_factory=set)
    """Activities that have moved to another thread; their rows here have to be removed."""

    def add(self, event: SocialEvent, position: Position) -> bool:
        """Take in one delivery; gives whether the thread has changed.

        Of several deliveries of one activity the one counts that a collector saw first.
        """
        identity = Identity(event.id, event.activity, event.version)
        known = self.activities.get(identity)
        if known is not None and (event == known.event or _rank(known.event) <= _rank(event)):
            return False
        self.activities[identity] = Stored(event, known.position if known else position)
        self.seen += 1
        self.unsaved.add(identity)
        self.gone.discard(identity)
        self._shake(event)
        return True

    def _shake(self, event: SocialEvent) -> None:
        """Note what a retraction touches: it may look as before in the end, and yet not have in between."""
        if event.activity not in (Activity.DELETE, Activity.UNDO) or event.object is None:
            return
        self.shaken.add(event.object.id)
        for activity in REACTIONS:
            known = self.activities.get(Identity(event.object.id, activity, 0))
            if known is not None and known.event.object is not None:
                self.shaken.add((known.event.actor.id, known.event.object.id))

    def would_move(self, event: SocialEvent) -> bool:
        """Whether adding a delivery changes the event time of an activity that is here already."""
        known = self.activities.get(Identity(event.id, event.activity, event.version))
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

    def move_into(self, other: Thread, moving: Iterable[Identity]) -> None:
        """Hand over what hangs on the activity that the thread is named for.

        The other thread has seen more from then on, so that its rows of what has moved win over ours.
        """
        other.seen = max(other.seen, self.seen)
        other.registry = max(other.registry, self.registry)
        for identity in moving:
            event, position = self.activities.pop(identity)
            self.gone.add(identity)
            self.unsaved.discard(identity)
            self.seen += 1
            other.add(event, position)
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

    def has_come(self) -> None:
        """The activity that the thread is named for is here: it is waited for no longer."""
        self.waiting = False
        self.seen += 1
        self.unsaved.update(self.activities)

    def forget_retracted(self) -> None:
        """Take the content out of activities that were deleted: nothing of it is to be stored."""
        retracted = {
            stored.event.object.id
            for stored in self.activities.values()
            if stored.event.activity is Activity.DELETE and stored.event.object is not None
        }
        if not retracted:
            return
        for identity, stored in self.activities.items():
            if identity.id in retracted and (bare := stored.event.without_content()) != stored.event:
                self.activities[identity] = Stored(bare, stored.position)
                self.unsaved.add(identity)

    def save(self) -> Iterable[ActivityRow]:
        """The rows to write since the last time; none is owed after that."""
        for identity in self.gone - self.activities.keys():
            yield self._row(identity, "", NOWHERE, _LONG_AGO, removed=True)
        for identity in self.unsaved:
            event, position = self.activities[identity]
            yield self._row(identity, event.model_dump_json(exclude_defaults=True), position, event.published)
        if self.settled is not None:
            yield self._row(Identity("", SETTLEMENT, 0), "", self.settled_at, self.settled)
        self.gone.clear()
        self.unsaved.clear()

    def _row(
        self, identity: Identity, body: str, position: Position, published: datetime, *, removed: bool = False
    ) -> ActivityRow:
        return ActivityRow(
            thread=self.key,
            platform=self.platform,
            id=identity.id,
            activity=identity.activity,
            version=identity.version,
            published=published,
            body=body,
            waiting=self.waiting,
            registry=self.registry,
            seen=self.seen,
            source_epoch=position.epoch,
            source_partition=position.partition,
            source_offset=position.offset,
            removed=removed,
        )


def _rank(event: SocialEvent) -> tuple[datetime, str, str]:
    """Which of two deliveries counts: the first seen, and of equals always the same one."""
    return (
        event.observed or _FIRST_SEEN_LAST,
        event.without_content().model_dump_json(),
        event.model_dump_json(),
    )


def restored(platform: str, key: str, rows: Iterable[ActivityRow]) -> Thread:
    """A thread from its stored rows, removed ones included: a thread never sees less than it once did."""
    thread = Thread(platform, key)
    newest = 0
    for row in rows:
        position = Position(row.source_epoch, row.source_partition, row.source_offset)
        thread.seen = max(thread.seen, row.seen)
        if row.removed:
            continue
        if row.seen >= newest:
            newest, thread.registry, thread.waiting = row.seen, row.registry, row.waiting
        if row.activity == SETTLEMENT:
            thread.settled, thread.settled_at = row.published, position
        else:
            event = SocialEvent.model_validate_json(row.body)
            thread.activities[Identity(row.id, row.activity, row.version)] = Stored(event, position)
    return thread


def anchor_of(event: SocialEvent) -> str:
    """The id of the activity whose thread an event belongs to, where it does not say so itself.

    A relation has a thread of its own for each pair: an account's followers are no conversation.
    """
    if event.activity in RELATIONS and event.object is not None:
        return f"{event.actor.id}>{event.object.id}"
    if event.in_reply_to is not None:
        return event.in_reply_to.id
    if not event.is_message and event.activity is not Activity.UPDATE and event.object is not None:
        return event.object.id
    return event.id


def opens(event: SocialEvent) -> bool:
    """Whether an event starts a thread instead of joining one."""
    return event.activity in RELATIONS or (event.is_message and event.in_reply_to is None)
