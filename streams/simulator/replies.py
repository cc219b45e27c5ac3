"""How a thread grows below a message: who answers it, and who answers those."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.simulator.casting import poisson
from streams.simulator.manners import MANNERS, SKILLS, START
from streams.simulator.people import BOT, CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from streams.simulator.manners import Manner
    from streams.simulator.pen import Pen
    from streams.simulator.people import Person
    from streams.simulator.records import Message

DEEPEST = 9
CUSTOMERS_MEDIAN = 2400.0
"""Seconds to a customer's answer."""
TALKS_BACK, JOINS, GOES_ON = 0.4, 0.2, 0.05
"""A customer answers the one who answered; other customers a message; whoever wrote continues."""
FOLLOWS_UP, BARGES_IN = 0.36, 0.07
"""The customer whom a brand answered answers again, if it has no better hand at it; another one does."""
GIVES, PRIVATE, NAMES = 0.12, 0.01, 0.04
"""A brand answers what is not said to it (of its share); in private; a customer newly names a brand."""
VISITS, REBUKED, REBUKES, QUOTES = 0.3, 0.5, 0.15, 0.06
"""A bot answers in a quiet thread; the customer answers it; the brand does; a reply quotes the post."""
MEDDLES, MEDDLES_AT_ONCE, PARRIED = 0.012, 0.03, 0.4
"""Another brand answers a customer; a brand's post; the host answers it."""
READERS_OF_OTHERS = 0.5
BLAST = 3
"""A post that names more customers than this talks to nobody."""

_HOSTS = {manner.name: manner for manner in MANNERS}


def grow(pen: Pen, first: Message) -> None:
    """Write everything below a message."""
    waiting: list[tuple[Message, int]] = [(first, 0)]
    while waiting:
        message, depth = waiting.pop()
        if depth < DEEPEST:
            waiting += [(answer, depth + 1) for answer in _answers(pen, message) if answer]


def _answers(pen: Pen, message: Message) -> Iterator[Message | None]:
    party, host = message.author.party, _HOSTS[message.thread.host]
    if party == CUSTOMER:
        yield from _by_the_brand(pen, message, host)
        yield from _by_customers(pen, message)
        yield from _by_strangers(pen, message)
    elif party == BOT:
        yield from _to_a_bot(pen, message)
    else:
        yield from _to_a_brand(pen, message, host)


def _by_the_brand(pen: Pen, message: Message, host: Manner) -> Iterator[Message | None]:
    """The brand answers what is said to it, and sometimes what is not."""
    share = host.answers_on((message.time - START).days)
    meant = host.name in message.parties or (message.parent and message.parent.author.brand == host.name)
    if pen.chance(share if meant else share * GIVES):
        yield _by(pen, host.name, message, host.median)
    if meant and pen.chance(PRIVATE):
        voice = pen.cast.voices[host.name, message.author.platform][0]
        pen.reply(voice, message, pen.later(message.time, host.median), direct=True)


def _by_customers(pen: Pen, message: Message) -> Iterator[Message | None]:
    """Customers answer one another, go on by themselves, and at times draw a brand in by naming it."""
    rng, author = pen.rng, message.author
    partner = message.parent.author if message.parent else None
    # A post that names one customer, or quotes one, was meant for an answer.
    if partner is None and message.to and message.parties == {CUSTOMER}:
        partner = message.to[0]
    if partner and partner is not author and partner.party == CUSTOMER and pen.chance(TALKS_BACK):
        yield pen.reply(partner, message, _soon(pen, message.time), adds=_drawn_in(pen, message))
    for _ in range(poisson(rng, JOINS)):
        other = pen.customer(author.platform, author)
        root = message.thread.root
        quoted = root if root and root.author.brand and pen.chance(QUOTES) else None
        time = _soon(pen, message.time)
        yield pen.reply(other, message, time, adds=_drawn_in(pen, message), quotes=quoted)
    if not message.lost and pen.chance(GOES_ON):
        yield pen.reply(author, message, pen.later(message.time, 120), adds=_drawn_in(pen, message))


def _by_strangers(pen: Pen, message: Message) -> Iterator[Message | None]:
    """Bots visit quiet threads, other brands all others."""
    platform = message.author.platform
    if message.thread.quiet:
        if BOT not in message.parties and pen.chance(VISITS):
            yield pen.reply(pen.cast.bots[platform], message, pen.later(message.time, 10, 0.5))
    elif pen.chance(MEDDLES):
        yield _other_brand(pen, message)


def _to_a_bot(pen: Pen, message: Message) -> Iterator[Message | None]:
    """Whoever was pestered says so; a brand hardly ever does."""
    pestered = message.parent.author if message.parent else None
    if pestered and pen.chance(REBUKED):
        yield pen.reply(pestered, message, _soon(pen, message.time))
    if pen.chance(REBUKES):
        _by(pen, message.thread.host, message, 1800)


def _to_a_brand(pen: Pen, message: Message, host: Manner) -> Iterator[Message | None]:
    rng, author, thread = pen.rng, message.author, message.thread
    if message.parent is None:
        named = [person for person in message.to or () if person.party == CUSTOMER]
        readers = poisson(rng, host.interest if author.brand == host.name else READERS_OF_OTHERS)
        for person in named + [pen.customer(author.platform) for _ in range(readers)]:
            yield pen.reply(person, message, _soon(pen, message.time))
        if not thread.quiet and pen.chance(MEDDLES_AT_ONCE):
            yield _other_brand(pen, message)
    else:
        asked = message.parent.author
        share = SKILLS.get(author.agent or message.said.signature, FOLLOWS_UP)
        if asked.party == CUSTOMER and pen.chance(share):
            yield pen.reply(asked, message, _soon(pen, message.time))
        if pen.chance(BARGES_IN):
            yield pen.reply(pen.customer(author.platform, asked), message, _soon(pen, message.time))
    if not message.lost and pen.chance(GOES_ON):
        time = pen.later(message.time, 300)
        # Often another of the brand's accounts goes on.
        voice = pen.voice(author.brand, author.platform, time) or author
        adds = (pen.customer(author.platform),) if pen.chance(NAMES) else ()
        yield pen.reply(voice, message, time, adds=adds)
    if author.brand != host.name and pen.chance(PARRIED):
        yield _by(pen, host.name, message, host.median)


def _other_brand(pen: Pen, message: Message) -> Message | None:
    others = [name for name in _HOSTS if name != message.thread.host]
    return _by(pen, pen.rng.choice(others), message, 3600)


def _by(pen: Pen, brand: str, message: Message, median: float) -> Message | None:
    """A brand's answer, if it is on the platform at all."""
    time = pen.later(message.time, median)
    voice = pen.voice(brand, message.author.platform, time)
    return pen.reply(voice, message, time) if voice else None


def _drawn_in(pen: Pen, message: Message) -> tuple[Person, ...]:
    """Now and then a brand that nobody has named so far."""
    if message.thread.quiet or not pen.chance(NAMES):
        return ()
    voice = pen.voice(pen.rng.choice(list(_HOSTS)), message.author.platform, message.time)
    return (voice,) if voice else ()


def _soon(pen: Pen, time: datetime) -> datetime:
    return pen.later(time, CUSTOMERS_MEDIAN, 1.4)
