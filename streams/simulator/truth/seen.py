"""What each brand sees: directions, who counts, and which conversations and reactions are in its space.

No parent is walked to find an addressee: each record says for whom it was meant.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schemas.event import Activity
from streams.simulator.people import BOT, CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from streams.simulator.people import Person
    from streams.simulator.records import Message, Reaction, Thread

RELATIONS = (Activity.FOLLOW, Activity.UNFOLLOW, Activity.BLOCK)


@dataclass
class Room:
    """One conversation as a brand sees it."""

    thread: Thread
    start: datetime
    brand: str
    live: list[Message]
    """What was not deleted, in the order of time."""
    ways: dict[str, str] = field(init=False)
    """Their directions, by id."""
    counted: list[Message] = field(init=False)
    """Those to which no bot is a party."""

    def __post_init__(self) -> None:
        self.ways = {message.id: direction(message, self.brand) for message in self.live}
        self.counted = [message for message in self.live if counts(message)]

    @property
    def by_customers(self) -> list[Message]:
        """What customers wrote and counts."""
        return [message for message in self.counted if message.author.party == CUSTOMER]

    @property
    def by_the_brand(self) -> list[Message]:
        """What the brand wrote and counts."""
        return [message for message in self.counted if message.author.brand == self.brand]

    def of(self, way: str) -> list[Message]:
        """What counts and has a direction."""
        return [message for message in self.counted if self.ways[message.id] == way]


@dataclass
class View:
    """All that is in a brand's space."""

    brand: str
    rooms: list[Room] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    """Those that stand."""

    def messages(self, way: str) -> list[Message]:
        """What counts and has a direction, in the order of time."""
        return sorted((message for room in self.rooms for message in room.of(way)), key=moment)

    def by_customers(self) -> list[Message]:
        """What customers wrote and counts, in the order of time."""
        return sorted((message for room in self.rooms for message in room.by_customers), key=moment)

    def roots(self) -> dict[str, Message]:
        """The brand's own live roots, by id."""
        found = (room.thread.root for room in self.rooms)
        return {
            root.id: root for root in found if root and root.author.brand == self.brand and not root.deleted
        }

    def done(self, activity: Activity, *, to: str, by: str) -> list[Reaction]:
        """What stands of one activity, in the order of time.

        Args:
            activity: Which.
            to: The party whose message or account it is about.
            by: The party that did it.
        """
        return [
            reaction
            for reaction in self.reactions
            if reaction.activity is activity
            and reaction.actor.party == by
            and reaction.account.party == to
            and not reaction.actor.is_same_side(reaction.account)
        ]


def moment(event: Message | Reaction) -> tuple[datetime, str]:
    """What orders all that happens."""
    return event.time, event.id


def direction(message: Message, brand: str) -> str:
    """Who talks to whom, seen from a brand: from whom it is by and for whom it was meant."""
    if message.to is None:
        return "undecided"
    party, parties = message.author.party, message.parties
    if party == brand:
        return "bc" if CUSTOMER in parties else "bx" if parties else "bo"
    if party != CUSTOMER:
        return "cx" if CUSTOMER in parties else "bx"
    if brand in parties:
        return "cb"
    return "cx" if parties - {CUSTOMER} else "cc" if parties else "co"


def counts(message: Message) -> bool:
    """Whether it is in the sums: it was not deleted, and no bot writes it or is meant by it."""
    return not message.deleted and message.author.party != BOT and BOT not in message.parties


def addressee(message: Message) -> Person | None:
    """The customer that a message is for; of several, the first."""
    return next((person for person in message.to or () if person.party == CUSTOMER), None)


def is_indirect(message: Message) -> bool:
    """Whether it addresses by quoting and answers nothing."""
    return message.parent is None and message.quotes is not None


def draws_in(message: Message, brand: str) -> bool:
    """Whether a customer's reply or quote to somebody newly names the brand."""
    if message.author.party != CUSTOMER or not message.to or not (message.parent or message.quotes):
        return False
    if message.parent is not None and brand in message.parties:
        return False
    # Of a lost parent nobody can see whom it named, unless the platform says what is carried over.
    unseen = message.parent is not None and message.parent.lost and not message.thread.flagged
    newly = message.mentions if unseen else message.mentions[message.inherited :]
    return any(person.brand == brand for person in newly)


def look(brands: Iterable[str], threads: Iterable[Thread], reactions: Iterable[Reaction]) -> dict[str, View]:
    """The view of each brand."""
    views = {brand: View(brand) for brand in brands}
    since: dict[int, dict[str, datetime]] = {}
    for thread in threads:
        known = sorted((message for message in thread.messages if not message.direct), key=moment)
        if not known:
            continue
        start = thread.root.time if thread.root else known[0].time
        since[id(thread)] = _joined(known)
        for brand, messages in _spaces(thread, known, since[id(thread)]).items():
            live = [message for message in messages if not message.deleted]
            if live:
                views[brand].rooms.append(Room(thread, start, brand, live))
    for reaction in _standing(reactions):
        thread_of = reaction.message.thread if reaction.message else None
        here = {reaction.actor.brand, reaction.account.brand}
        if thread_of:
            here.add(thread_of.root.author.brand if thread_of.root else "")
            here |= {brand for brand, time in since[id(thread_of)].items() if time <= reaction.time}
        for brand in here - {""}:
            views[brand].reactions.append(reaction)
    return views


def _joined(known: list[Message]) -> dict[str, datetime]:
    """From when on each brand is in a conversation."""
    since: dict[str, datetime] = {}
    for message in known:
        for brand in _touched(message):
            since.setdefault(brand, message.time)
    return since


def _spaces(thread: Thread, known: list[Message], since: dict[str, datetime]) -> dict[str, list[Message]]:
    """The messages in each brand's space: from the first that touches it on, all of the thread."""
    spaces: defaultdict[str, list[Message]] = defaultdict(list)
    root_brand = thread.root.author.brand if thread.root else ""
    for message in known:
        here = {brand for brand, time in since.items() if time <= message.time}
        for brand in here.union(message.asserted, {root_brand} - {""}):
            spaces[brand].append(message)
    return spaces


def _touched(message: Message) -> Iterator[str]:
    for person in (message.author, *(message.to or ()), *message.mentions):
        if person.brand:
            yield person.brand


def _standing(reactions: Iterable[Reaction]) -> list[Reaction]:
    """What was not undone; of an actor's likes of one message, and of its reposts, the last one."""
    last: dict[tuple[str, ...], Reaction] = {}
    for reaction in sorted((reaction for reaction in reactions if not reaction.undone), key=moment):
        platform, message = reaction.actor.platform, reaction.message
        key = (reaction.actor.id, message.id) if message else (reaction.id,)
        last[platform, reaction.activity, *key] = reaction
    return sorted(last.values(), key=moment)
