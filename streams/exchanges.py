"""The exchanges of a brand and its customers in one conversation: who asked, who answered, did it help.

    contacts   C ─── B ── C ················ C ── B ····························
                          └── 24 h or more ──┘    └── 72 h or more: quiet
    exchange   ├ opens ─┤                    ├ opens

An exchange is told on the message that opens it, and so is a function of the thread alone.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from datetime import timedelta
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from schemas.event import Activity
from schemas.vocabulary import Direction, Effect, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from streams.direct import Directed
    from streams.heard import Heard

REOPENS = timedelta(hours=24)
"""A customer who writes after this long a silence opens another exchange."""
QUIET = timedelta(hours=72)
"""After this long a silence since its first reply an exchange is over; without one, for now."""
CONFIRMS = timedelta(days=7)
"""What a customer says this long after the first reply still confirms it."""


class Contact(NamedTuple):
    """One message between the brand and a customer."""

    at: datetime
    id: str
    by_brand: bool
    thanks: bool | None
    voice: str
    """Who wrote it for the brand, as far as that has a name."""


class Exchange(NamedTuple):
    """What has come of one exchange; see the columns `exchange_*` of `interactions`."""

    quiet_from: datetime
    replies: int
    closed_at: datetime | None
    reply: Contact | None = None
    back_at: datetime | None = None
    confirmed_at: datetime | None = None
    classified: bool = False
    single: bool = False


def exchanges(messages: Iterable[Heard], reactions: Iterable[Heard]) -> dict[str, Exchange]:
    """The exchanges in one brand's space, by the id of the message that opens them.

    Args:
        messages: The messages in its space, in order.
        reactions: The reactions in its space, in order.
    """
    contacts: dict[str, list[Contact]] = defaultdict(list)
    for heard in messages:
        customer = customer_of(heard.directed)
        if customer is not None:
            event, by_brand = heard.event, heard.directed.actor_role is Role.BRAND
            contacts[customer].append(
                Contact(event.published, event.id, by_brand, heard.labels.thanks, heard.voice)
            )
    likes: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for heard in reactions:
        event = heard.event
        if (
            heard.directed.effect is Effect.APPLAUSE
            and event.activity is Activity.LIKE
            and event.object is not None
        ):
            likes[event.actor.id].append((event.published, event.object.id))
    found: dict[str, Exchange] = {}
    for customer, theirs in contacts.items():
        found.update(_exchanges(theirs, likes.get(customer, ())))
    return found


def customer_of(directed: Directed) -> str | None:
    """The customer whom a message is a contact of the brand with, or None where it is none.

    A quote is one only where it names the brand.
    """
    if not directed.counts:
        return None
    if directed.direction is Direction.BC:
        return directed.addressee
    turns_to_brand = directed.direction is Direction.CB and not directed.indirect
    if directed.actor_role is Role.CUSTOMER and (turns_to_brand or directed.adds_brand):
        return directed.event.actor.id
    return None


def _exchanges(
    contacts: Sequence[Contact], likes: Sequence[tuple[datetime, str]]
) -> Iterable[tuple[str, Exchange]]:
    """The exchanges of one customer, from the contacts and likes in order."""
    silences = [later.at - earlier.at for earlier, later in pairwise(contacts)]
    first = next((number for number, contact in enumerate(contacts) if not contact.by_brand), None)
    opens = [
        number
        for number, contact in enumerate(contacts)
        if not contact.by_brand and (number == first or silences[number - 1] >= REOPENS)
    ]
    quiets = [number for number, silence in enumerate(silences, start=1) if silence >= QUIET]
    quiets.append(len(contacts))
    for start, following in pairwise([*opens, len(contacts)]):
        reply = next((number for number in range(start, following) if contacts[number].by_brand), None)
        # However late the first reply is, only what follows it can be the quiet that closes the exchange.
        quiet = quiets[bisect(quiets, start if reply is None else reply)]
        yield contacts[start].id, _exchange(contacts, start, quiet, reply, likes)


def _exchange(
    contacts: Sequence[Contact],
    start: int,
    quiet: int,
    reply: int | None,
    likes: Sequence[tuple[datetime, str]],
) -> Exchange:
    """One exchange.

    Args:
        contacts: The contacts with one customer.
        start: Number of the one that opens it.
        quiet: Number of the one after the first quiet since the reply, or since the opening.
        reply: Number of the first reply, if there is one.
        likes: When the customer liked what.
    """
    span = contacts[start:quiet]
    replies = [contact for contact in span if contact.by_brand]
    quiet_from, closed_at = span[-1].at, replies[-1].at if replies else None
    if reply is None:
        return Exchange(quiet_from, len(replies), closed_at)
    answered = contacts[reply].at
    after = islice(contacts, reply + 1, None)
    signs = [
        contact
        for contact in takewhile(lambda contact: contact.at - answered <= CONFIRMS, after)
        if not contact.by_brand
    ]
    back = [contact for contact in contacts[reply + 1 : quiet] if not contact.by_brand]
    liked = {contact.id for contact in replies}
    thumbs = [at for at, what in likes if what in liked and answered <= at <= answered + CONFIRMS]
    confirmations = [contact.at for contact in signs if contact.thanks] + thumbs[:1]
    return Exchange(
        quiet_from=quiet_from,
        replies=len(replies),
        closed_at=closed_at,
        reply=contacts[reply],
        back_at=back[0].at if back else None,
        confirmed_at=min(confirmations, default=None),
        classified=bool(thumbs) or any(contact.thanks is not None for contact in signs),
        single=len(replies) == 1 and all(contact.thanks for contact in back),
    )
