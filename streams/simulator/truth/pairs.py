"""The truth of relationships: a brand and a customer, and when either of them turned to the other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from streams.simulator.measures import Values, over, quantile
from streams.simulator.truth.seen import addressee
from streams.simulator.truth.span import DAY, SNAPSHOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from streams.simulator.people import Person
    from streams.simulator.truth.seen import View
    from streams.simulator.truth.span import Span

WARM_UP = timedelta(days=90)
"""After a brand's first message, until which nobody can tell whether a pair is new."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One of the two turns to the other."""

    time: datetime
    id: str
    by_brand: bool
    gives: bool
    """The brand answers what was not said to it."""


def pairs(view: View) -> dict[Person, list[Contact]]:
    """Each customer's contacts with a brand, in the order of time."""
    found: defaultdict[Person, list[Contact]] = defaultdict(list)
    for room in view.rooms:
        for message in room.counted:
            way, to = room.ways[message.id], addressee(message)
            if way == "bc" and to:
                parent = message.parent
                gives = parent is not None and room.ways.get(parent.id) in ("cc", "co")
                found[to].append(Contact(message.time, message.id, by_brand=True, gives=gives))
            elif way == "cb":
                found[message.author].append(Contact(message.time, message.id, by_brand=False, gives=False))
    return {person: sorted(contacts, key=lambda c: (c.time, c.id)) for person, contacts in found.items()}


def bonds(view: View, span: Span) -> Values:
    """How the pairs of a window stand to each other."""
    known = {
        person: [contact for contact in contacts if contact.time < span.end]
        for person, contacts in pairs(view).items()
    }
    here = {person: [c for c in contacts if c.time in span] for person, contacts in known.items()}
    here = {person: contacts for person, contacts in here.items() if contacts}
    mutual = [person for person, contacts in here.items() if is_mutual(contacts)]
    again = [person for person in mutual if _was_mutual(known[person], span.start)]
    tenures = sorted(
        (known[person][-1].time - known[person][0].time) / DAY for person in here if is_mutual(known[person])
    )
    messages = [message.time for room in view.rooms for message in room.live]
    ready = min(messages) + WARM_UP if messages else span.end
    first = [contacts[0] for contacts in known.values() if contacts]
    new = [contact for contact in first if contact.time in span and contact.time >= ready]
    return {
        "pair_reciprocity": over(len(mutual), len(here)),
        "give_first_rate": over(sum(contact.gives for contact in new), len(new)),
        "repeat_rate": over(len(again), len(mutual)),
        "tenure_p50": quantile(tenures, 0.5),
        "retention_1m": _retention([c for c in known.values() if c], span),
    }


def is_mutual(contacts: Sequence[Contact]) -> bool:
    """Whether each has turned to the other."""
    return {contact.by_brand for contact in contacts} == {True, False}


def _was_mutual(contacts: Sequence[Contact], start: datetime) -> bool:
    """Whether they were so in any of the periods that end where the window begins."""
    periods: defaultdict[int, list[Contact]] = defaultdict(list)
    for contact in contacts:
        if contact.time < start:
            # The start itself belongs to the window: what is just before it is in the last period.
            periods[-((start - contact.time) // -SNAPSHOT)].append(contact)
    return any(map(is_mutual, periods.values()))


def _retention(people: Sequence[Sequence[Contact]], span: Span) -> float | None:
    """Of those who came in a window and whose next month is over: the share that was there in it."""
    stayed = size = 0
    for contacts in people:
        month = _month(contacts[0].time)
        if contacts[0].time in span and _month(span.watermark) > month + 1:
            size += 1
            stayed += any(_month(contact.time) == month + 1 for contact in contacts)
    return over(stayed, size)


def _month(day: date) -> int:
    return day.year * 12 + day.month
