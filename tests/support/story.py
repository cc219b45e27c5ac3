"""Small stories of a brand and its customers, written down as the simulator does."""

from __future__ import annotations

from datetime import timedelta

from schemas.event import Activity, ActorKind
from streams.simulator import START
from streams.simulator.people import Person
from streams.simulator.records import Message, Reaction, Thread
from streams.simulator.said import Said
from streams.simulator.truth import tell

ACME = Person("x", "1", "acme", ActorKind.ORGANIZATION, brand="acme")
HELP = Person("x", "2", "acme_help", ActorKind.ORGANIZATION, brand="acme")
OTHER = Person("x", "3", "other", ActorKind.ORGANIZATION, brand="other")
ANA, BEN, CAT = Person("x", "11", "ana"), Person("x", "12", "ben"), Person("x", "13", "cat")
BOT = Person("x", "99", "bot", ActorKind.SERVICE)

PLAIN, THANKS = Said("It is grey."), Said("Thanks!", thanks=True, sentiment=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Story:
    """Messages, each a minute after the one before unless told otherwise, and what is done beside them."""

    def __init__(self):
        self.threads = []
        self.reactions = []
        self.said = {}
        self.now = START - MINUTE

    def opens(self, author, *to, name=None, at=None, **fields):
        """A new thread; `name` is what its root is called by."""
        self.threads.append(Thread(f"t{len(self.threads)}", "acme", declared=True, flagged=True))
        return self._write(author, to, None, name=name, at=at, **fields)

    def answers(self, to_what, author, *to, name=None, at=None, **fields):
        """A reply to the message of a name, in its thread."""
        return self._write(author, to, self.said[to_what], name=name, at=at, **fields)

    def does(self, activity, actor, what, at=None, **fields):
        """A reaction to the message of a name, or to an account."""
        message = self.said.get(what) if isinstance(what, str) else None
        account = message.author if message else what
        time = self._moment(at)
        self.reactions.append(
            Reaction(
                f"r{len(self.reactions):03}", Activity(activity), actor, time, account, message, **fields
            )
        )
        return self

    def told(self, *window, brand="acme"):
        """The account of a brand over a window, two offsets from the start; without one, over all."""
        over = [tuple(START + offset for offset in window)] if window else []
        return tell(["acme", "other"], self.threads, self.reactions, *over)[brand]

    def _write(self, author, to, parent, *, name, at, **fields):
        thread = parent.thread if parent else self.threads[-1]
        number = f"{sum(len(thread.messages) for thread in self.threads):03}"
        time = self._moment(at)
        activity = Activity.REPLY if parent else Activity.POST
        fields = {"said": PLAIN, **fields}
        if isinstance(fields.get("quotes"), str):
            fields["quotes"], activity = self.said[fields["quotes"]], Activity.QUOTE
        message = Message(number, author, time, activity, thread, to, parent, **fields)
        thread.messages.append(message)
        thread.root = thread.root or message
        self.said[name or number] = message
        return self

    def _moment(self, at):
        self.now = self.now + MINUTE if at is None else START + at
        return self.now
