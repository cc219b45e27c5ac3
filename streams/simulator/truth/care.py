"""The truth of help: exchanges between the brand and a customer, and what comes of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from schemas.event import Activity
from streams.simulator.measures import Values, over, quantile
from streams.simulator.people import CUSTOMER
from streams.simulator.truth.seen import addressee, draws_in, is_indirect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from streams.simulator.people import Person
    from streams.simulator.records import Message, Reaction
    from streams.simulator.truth.seen import Room, View
    from streams.simulator.truth.span import Span

AGAIN = timedelta(hours=24)
"""Silence after which a customer opens another exchange."""
QUIET = timedelta(hours=72)
CONFIRMED = timedelta(days=7)
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Exchange:
    """A customer has said something to the brand."""

    opening: Message
    reply: Message | None
    """The brand's first, before the customer opens another one."""
    agent: str
    back: bool
    """Whether the customer came back after the reply."""
    confirmed: bool
    classified: bool
    """Whether a confirmation could have been seen."""
    quiet_from: datetime
    closed_at: datetime | None
    single: bool

    @property
    def seconds(self) -> float | None:
        """To the reply."""
        return (self.reply.time - self.opening.time).total_seconds() if self.reply else None


def exchanges(view: View) -> list[Exchange]:
    """All exchanges of a brand."""
    likes: defaultdict[tuple[str, Person], list[Reaction]] = defaultdict(list)
    for like in view.done(Activity.LIKE, to=view.brand, by=CUSTOMER):
        if like.message:
            likes[like.message.id, like.actor].append(like)
    return [
        exchange
        for room in view.rooms
        for customer, contacts in _contacts(room).items()
        for exchange in _exchanges(customer, contacts, likes)
    ]


def care(view: View, span: Span, sla: timedelta) -> Values:
    """What became of the exchanges that were opened in a window.

    Args:
        view: What the brand sees.
        span: The window.
        sla: Within which time the brand promises an answer.
    """
    known, now = exchanges(view), span.watermark
    opened = [exchange for exchange in known if exchange.opening.time in span]
    mature = [exchange for exchange in opened if exchange.opening.time + sla <= now]
    in_time = [e for e in mature if e.reply and e.reply.time - e.opening.time <= sla]
    answered = [exchange for exchange in opened if exchange.reply]
    classified = [exchange for exchange in answered if exchange.classified]
    settled = [e for e in answered if e.reply and e.reply.time + QUIET <= now]
    waits = [(e.seconds, (now - e.opening.time).total_seconds()) for e in opened]
    closing = sorted(
        (e.closed_at - e.opening.time).total_seconds()
        for e in opened
        if e.closed_at and e.quiet_from + QUIET <= now
    )
    backlog = [e for e in known if e.opening.time < span.end and not e.reply and now - e.opening.time > sla]
    return {
        "reply_rate": over(len(in_time), len(mature)),
        "first_response_p50": survival(waits, 0.5),
        "first_response_p90": survival(waits, 0.1),
        "open_backlog": float(len(backlog)),
        "help_confirmed_rate": over(sum(e.confirmed for e in classified), len(classified)),
        "help_coverage": over(len(classified), len(answered)),
        "single_reply_closure": over(sum(e.single for e in settled), len(settled)),
        "time_to_close_p50": quantile(closing, 0.5),
    }


def survival(waits: Iterable[tuple[float | None, float]], level: float) -> float | None:
    """Kaplan-Meier: the smallest time at which no more than a share still waits; None: never.

    Args:
        waits: For each, the seconds that it waited, or None while it does, and those since it began.
        level: The share.
    """
    steps = sorted((since, 1) if waited is None else (waited, 0) for waited, since in waits)
    share, waiting = 1.0, len(steps)
    for time, goes_on in steps:
        if not goes_on:
            share *= 1 - 1 / waiting
            if share <= level + _ROUNDING:
                return time
        waiting -= 1
    return None


def _contacts(room: Room) -> dict[Person, list[Message]]:
    """What each customer and the brand said to each other, in the order of time."""
    found: defaultdict[Person, list[Message]] = defaultdict(list)
    for message in room.counted:
        way, to = room.ways[message.id], addressee(message)
        if way == "bc" and to:
            found[to].append(message)
        elif (way == "cb" and not is_indirect(message)) or draws_in(message, room.brand):
            found[message.author].append(message)
    return found


def _exchanges(
    customer: Person, contacts: Sequence[Message], likes: dict[tuple[str, Person], list[Reaction]]
) -> Iterator[Exchange]:
    openings: list[int] = []
    for number, contact in enumerate(contacts):
        silent = number == 0 or contact.time - contacts[number - 1].time >= AGAIN
        if contact.author is customer and (silent or not openings):
            openings.append(number)
    for first, following in pairwise([*openings, len(contacts)]):
        reply = next((n for n in range(first, following) if contacts[n].author is not customer), None)
        last = first if reply is None else reply
        while last + 1 < len(contacts) and contacts[last + 1].time - contacts[last].time < QUIET:
            last += 1
        yield _exchange(customer, contacts, likes, (first, reply, last))


def _exchange(
    customer: Person,
    contacts: Sequence[Message],
    likes: dict[tuple[str, Person], list[Reaction]],
    places: tuple[int, int | None, int],
) -> Exchange:
    first, replied, last = places
    within = contacts[first : last + 1]
    by_brand = [message for message in within if message.author is not customer]
    reply = None if replied is None else contacts[replied]
    thanked: list[Message] = []
    liked: list[Reaction] = []
    after: Sequence[Message] = ()
    if reply is not None and replied is not None:
        until = reply.time + CONFIRMED
        thanked = [
            message
            for message in contacts[replied + 1 :]
            if message.author is customer and message.time <= until and message.said.known
        ]
        liked = [
            like
            for message in [answer.id for answer in by_brand]
            for like in likes.get((message, customer), ())
            if reply.time < like.time <= until
        ]
        after = [message for message in contacts[replied + 1 : last + 1] if message.author is customer]
    return Exchange(
        opening=contacts[first],
        reply=reply,
        agent=(reply.author.agent or reply.said.signature) if reply else "",
        back=bool(after),
        confirmed=bool(liked) or any(message.said.thanks for message in thanked),
        classified=bool(liked or thanked),
        quiet_from=contacts[last].time,
        closed_at=by_brand[-1].time if by_brand else None,
        single=len(by_brand) == 1 and all(message.said.thanks for message in after),
    )
