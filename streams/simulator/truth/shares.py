"""The truth of what customers pass on and applaud, and of those who speak for the brand unasked."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from schemas.event import Activity
from streams.simulator.measures import Values, over
from streams.simulator.people import CUSTOMER
from streams.simulator.truth.seen import addressee, is_indirect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from streams.simulator.people import Person
    from streams.simulator.records import Message
    from streams.simulator.truth.seen import View
    from streams.simulator.truth.span import Span

SPEAKS, DAYS = 3, 2
"""How often, and on how many days, an advocate speaks for the brand."""
PARTNERED = timedelta(days=28)


def shares(view: View, span: Span) -> Values:
    """Applause and amplification of a window's posts, and its advocates."""
    roots = {name for name, root in view.roots().items() if root.time in span}
    likes = view.done(Activity.LIKE, to=view.brand, by=CUSTOMER)
    reposts = view.done(Activity.REPOST, to=view.brand, by=CUSTOMER)
    applause = sum(like.message is not None and like.message.id in roots for like in likes)
    passed_on = sum(repost.message is not None and repost.message.id in roots for repost in reposts)
    quoted = sum(quote.quotes is not None and quote.quotes.id in roots for quote in quotes(view))
    spoken = {person: [t for t in times if t in span] for person, times in speaks(view).items()}
    advocates = {
        person: times
        for person, times in spoken.items()
        if len(times) >= SPEAKS and len({time.date() for time in times}) >= DAYS
    }
    attention = _attention(view)
    partnered = sum(
        any(spoke < time <= spoke + PARTNERED for spoke in times for time in attention[person])
        for person, times in advocates.items()
    )
    return {
        "amplification_rate": over(passed_on + quoted, len(roots)),
        "applause_rate": over(applause, len(roots)),
        "advocates": float(len(advocates)),
        "partnering_rate": over(partnered, len(advocates)),
    }


def quotes(view: View) -> Iterator[Message]:
    """Customers' quotes of the brand that answer nothing."""
    return (message for message in view.messages("cb") if is_indirect(message))


def speaks(view: View) -> dict[Person, list[datetime]]:
    """When customers spoke of the brand unasked: reposts, and quotes and posts that do not complain."""
    found: defaultdict[Person, list[datetime]] = defaultdict(list)
    for repost in view.done(Activity.REPOST, to=view.brand, by=CUSTOMER):
        found[repost.actor].append(repost.time)
    for message in (*quotes(view), *view.messages("co")):
        if not message.said.known or message.said.sentiment >= 0:
            found[message.author].append(message.time)
    return found


def _attention(view: View) -> defaultdict[Person, list[datetime]]:
    """When the brand answered a customer or reacted to one."""
    found: defaultdict[Person, list[datetime]] = defaultdict(list)
    for message in view.messages("bc"):
        if to := addressee(message):
            found[to].append(message.time)
    for activity in (Activity.LIKE, Activity.REPOST):
        for reaction in view.done(activity, to=CUSTOMER, by=view.brand):
            found[reaction.account].append(reaction.time)
    return found
