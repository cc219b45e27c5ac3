"""What the generator knows about each message, as it meant it. The truth is told from these records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.simulator.said import Said

if TYPE_CHECKING:
    from datetime import datetime

    from schemas.event import Activity
    from streams.simulator.people import Person

NOTHING = Said("")


@dataclass(slots=True, eq=False)
class Thread:
    """A conversation as it can be known from what is delivered."""

    key: str
    """The root's id, or that of the lost message above it."""
    host: str
    """The brand around which it goes on."""
    declared: bool
    """Whether its events carry `conversation`."""
    flagged: bool
    """Whether its events say which mentions are inherited."""
    asserted: bool = False
    """Whether the collector asserts the host's space for every message, not only for the root."""
    quiet: bool = False
    """Nothing is lost or deleted here and no second brand comes in: the threads that bots visit."""
    root: Message | None = None
    """None when it never arrives."""
    messages: list[Message] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Message:
    """A post, reply or quote."""

    id: str
    author: Person
    time: datetime
    """Event time after clamping."""
    activity: Activity
    thread: Thread
    """Where its replies go: for a lost message of an undeclared thread, a thread of their own."""
    to: tuple[Person, ...] | None = ()
    """Whom it is meant for; None when nobody who reads the stream can know."""
    parent: Message | None = None
    quotes: Message | None = None
    mentions: tuple[Person, ...] = ()
    inherited: int = 0
    """How many of the mentions, from the first on, are carried over from the parent."""
    asserted: tuple[str, ...] = ()
    """Spaces that the collector asserts."""
    names_parent: bool = False
    """Whether the event says who wrote the parent."""
    lost: bool = False
    """Never delivered."""
    deleted: bool = False
    edited: bool = False
    direct: bool = False
    followers: int | None = None
    generator: str | None = None
    """The program with which it was written, where the platform says."""
    said: Said = NOTHING
    """What it says in the end."""
    first: Said | None = None
    """What it said before it was edited."""

    @property
    def parties(self) -> set[str]:
        """Brands, `customer` and `bot`: those that it is known to be meant for."""
        return {person.party for person in self.to or ()}


@dataclass(slots=True, eq=False)
class Reaction:
    """A like or repost of a message, or a follow, unfollow or block of an account."""

    id: str
    activity: Activity
    actor: Person
    time: datetime
    """Event time after clamping."""
    account: Person
    """Whose message it is about, or whom."""
    message: Message | None = None
    """What it is about; none for a relation."""
    undone: datetime | None = None
    """When its actor took it back."""
