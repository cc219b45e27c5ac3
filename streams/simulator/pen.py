"""Writes messages down: whom each is meant for, what it mentions, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from schemas.event import Activity
from streams.simulator.casting import Casting
from streams.simulator.manners import MANNERS, START
from streams.simulator.people import BLUESKY, BOT, message_id
from streams.simulator.records import Message, Thread
from streams.simulator.words import words

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from streams.simulator.cast import Cast
    from streams.simulator.people import Person

LOST, DELETED, EDITED, CARRIES = 0.02, 0.015, 0.02, 0.95
"""Shares of the messages: never delivered, deleted, edited, with the mentions of the parent."""
DECLARED, FLAGGED = 0.67, 0.5
"""Shares of the threads."""
NAMES_PARENT = 0.5
CARRIED = 5
"""Mentions that are carried over at the most."""
_GENERATORS = {manner.name: manner.generators for manner in MANNERS}


class Pen(Casting):
    """Makes the records of one world.

    Args:
        rng: Where all chance comes from.
        cast: Who there is.
        days: Nothing is written later than that many days after the start.
    """

    def __init__(self, rng: Random, cast: Cast, days: int) -> None:
        super().__init__(rng, cast)
        self.end = START + timedelta(days=days)
        self.threads: list[Thread] = []
        self._written = 0

    def open(
        self,
        author: Person,
        time: datetime,
        host: str,
        *,
        to: tuple[Person, ...] = (),
        mentions: tuple[Person, ...] = (),
        quotes: Message | None = None,
        asserted: bool = False,
        throughout: bool = False,
        quiet: bool = False,
        direct: bool = False,
    ) -> Message:
        """A post or quote that answers nothing.

        Args:
            author: Who writes.
            time: When.
            host: The brand around which it is.
            to: Whom it is meant for.
            mentions: Whom it names.
            quotes: What it quotes.
            asserted: Whether the collector asserts the host's space for it.
            throughout: Whether it does so for the whole thread.
            quiet: Whether nothing odd happens in the thread.
            direct: Whether it is a direct message.
        """
        name = self._name(author)
        thread = Thread(
            name, host, self.chance(DECLARED), self.chance(FLAGGED), asserted and throughout, quiet
        )
        message = Message(
            name,
            author,
            time,
            Activity.QUOTE if quotes else Activity.POST,
            thread,
            to,
            quotes=quotes,
            mentions=mentions,
            asserted=(host,) if asserted else (),
            direct=direct,
        )
        self._write(message)
        self.threads.append(thread)
        message.lost = self._can_be_lost(message) and self.chance(LOST)
        if not message.lost:
            thread.root = message
            self._deliver(message)
        return message

    def reply(
        self,
        author: Person,
        parent: Message,
        time: datetime,
        *,
        adds: tuple[Person, ...] = (),
        quotes: Message | None = None,
        direct: bool = False,
        stays: bool = False,
    ) -> Message | None:
        """An answer, or a continuation of what the author wrote; None when it would come after the end.

        Args:
            author: Who writes.
            parent: What is answered.
            time: When.
            adds: Whom it newly names.
            quotes: What it quotes besides.
            direct: Whether it is a direct message.
            stays: Whether it is surely delivered.
        """
        if time >= self.end:
            return None
        thread = parent.thread
        names_parent = author.platform == BLUESKY or self.chance(NAMES_PARENT)
        to: tuple[Person, ...] | None = (parent.author,)
        if author.is_same_side(parent.author):
            to = parent.to if parent.parent else ()
        elif parent.lost and not names_parent:
            to = None
        carried = self._carried(author, parent)
        message = Message(
            self._name(author),
            author,
            time,
            Activity.QUOTE if quotes else Activity.REPLY,
            thread,
            to,
            parent,
            quotes,
            carried + tuple(person for person in adds if self._is_new(person, parent)),
            len(carried),
            (thread.host,) if thread.asserted else (),
            names_parent,
            direct=direct,
        )
        self._write(message)
        message.lost = self._can_be_lost(message) and not stays and self.chance(LOST)
        if not message.lost:
            self._deliver(message)
        elif not thread.declared:
            message.thread = Thread(message.id, thread.host, declared=False, flagged=thread.flagged)
            message.thread.asserted = thread.asserted
            self.threads.append(message.thread)
        return message

    def _name(self, author: Person) -> str:
        self._written += 1
        return message_id(author, self._written)

    def _carried(self, author: Person, parent: Message) -> tuple[Person, ...]:
        """Most clients start a reply with the people of the parent; Bluesky's do not."""
        if author.platform == BLUESKY or not self.chance(CARRIES):
            return ()
        people = {person.id: person for person in (parent.author, *parent.mentions)}
        people.pop(author.id, None)
        return tuple(people.values())[:CARRIED]

    def _is_new(self, person: Person, parent: Message) -> bool:
        """Whether nobody of the same side is known from the parent: its author, those it names or answers."""
        above = (parent.author, *parent.mentions, *((parent.parent.author,) if parent.parent else ()))
        return not any(person.id == other.id or person.is_same_side(other) for other in above)

    def _write(self, message: Message) -> None:
        """Put words into it, and say with which program."""
        message.said = words(self.rng, message)
        author = message.author
        message.generator = self.rng.choice(_GENERATORS[author.brand]) if author.brand else "Web"

    def _can_be_lost(self, message: Message) -> bool:
        fixed = message.thread.quiet or message.direct or message.author is self.cast.fan
        return not (fixed or message.author.party == BOT or (message.parent and message.parent.lost))

    def _deliver(self, message: Message) -> None:
        rng, thread, author = self.rng, message.thread, message.author
        thread.messages.append(message)
        if message.direct:
            return
        below_lost = message.parent is not None and message.parent.lost
        if not thread.quiet and thread.root and not below_lost and self.chance(DELETED):
            message.deleted = True
        elif self.chance(EDITED):
            message.edited = True
            message.first, message.said = message.said, words(rng, message)
        elif author.followers:
            days = (message.time - START) / timedelta(days=1)
            message.followers = round(author.followers * (1 + days / 200)) + rng.randint(-9, 9)
