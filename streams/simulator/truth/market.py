"""The truth of the market: what it talks of, whom it trusts, who leaves, and how much is about whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.event import Activity
from streams.simulator.measures import Values, over
from streams.simulator.people import BLUESKY, CUSTOMER
from streams.simulator.truth.seen import addressee, moment
from streams.simulator.truth.span import DAY, SNAPSHOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from streams.simulator.people import Person
    from streams.simulator.records import Message, Reaction
    from streams.simulator.truth.seen import View
    from streams.simulator.truth.span import Span

SHOWS_LEAVING = frozenset({BLUESKY})
"""Of this world's platforms, those that show who unfollows or blocks."""
FEWEST = 20
"""Messages below which nothing is said of a topic."""


@dataclass(frozen=True, slots=True)
class Topic:
    """How much customers talk of something, and how."""

    messages: int
    share: float | None
    rise: float | None
    """Against the 28 days before; None with fewer than 20 messages there."""
    sentiment: float | None


def leaving(view: View, span: Span, followers: dict[str, int]) -> Values:
    """Who leaves in a window, on the platforms that show it.

    Args:
        view: What the brand sees.
        span: The window.
        followers: Of the brand at the end of it, by platform.
    """
    shown = {person.platform for person in _accounts(view)} & SHOWS_LEAVING
    nothing: Values = dict.fromkeys(("unfollow_rate", "block_rate", "push_penalty"))
    if not shown:
        return nothing
    unfollows, blocks = (
        [
            leaver
            for leaver in view.done(activity, to=view.brand, by=CUSTOMER)
            if leaver.actor.platform in shown
        ]
        for activity in (Activity.UNFOLLOW, Activity.BLOCK)
    )
    active = {m.author for m in view.by_customers() if m.time in span and m.author.platform in shown}
    reach = [followers.get(platform) for platform in shown]
    days = sum(count for count in reach if count) * span.days if all(reach) else 0
    told = {way: [m for m in view.messages(way) if m.author.platform in shown] for way in ("bo", "bc")}
    charged = Counter(
        way
        for way, message in (_blamed(told, leaver) for leaver in (*unfollows, *blocks))
        if message and message.time in span
    )
    sizes = {way: sum(message.time in span for message in messages) for way, messages in told.items()}
    push, pull = (over(charged[way], sizes[way]) for way in ("bo", "bc"))
    return {
        "unfollow_rate": over(1000 * sum(leaver.time in span for leaver in unfollows), days),
        "block_rate": over(1000 * sum(leaver.time in span for leaver in blocks), len(active)),
        "push_penalty": push / pull if push is not None and pull else None,
    }


def share_of_voice(views: dict[str, View], span: Span) -> dict[str, float | None]:
    """Of all customers' messages in a window, those about each brand."""
    sizes = {name: sum(m.time in span for m in view.by_customers()) for name, view in views.items()}
    return {name: over(size, sum(sizes.values())) for name, size in sizes.items()}


def topics(view: View, span: Span) -> dict[str, Topic]:
    """What customers talk of in a window."""
    messages = view.by_customers()
    here = [message for message in messages if message.time in span]
    before = [message for message in messages if span.start - SNAPSHOT <= message.time < span.start]
    found: dict[str, Topic] = {}
    for topic in sorted({topic for message in here for topic in message.said.topics}):
        about = [message for message in here if topic in message.said.topics]
        if len(about) < FEWEST:
            found[topic] = Topic(len(about), None, None, None)
            continue
        share = _share(topic, here)
        past = _share(topic, before) if len(before) >= FEWEST else None
        known = [message.said.sentiment for message in about if message.said.known]
        rise = share - past if share is not None and past is not None else None
        found[topic] = Topic(len(about), share, rise, over(sum(known), len(known)))
    return found


def market(view: View, span: Span) -> Values:
    """How many topics rise, and how many customers are trusted."""
    known = topics(view, span).values()
    rising = sum(topic.rise is not None and topic.rise > 0 for topic in known)
    return {
        "topics_rising": float(rising),
        "trusted_voices": float(len(trusted_voices(view, span))),
    }


def trusted_voices(view: View, span: Span) -> dict[tuple[str, str], int]:
    """By platform and id: how many customers answered a customer positively, or passed on what it said."""
    by: defaultdict[Person, set[Person]] = defaultdict(set)
    for message in view.messages("cc"):
        to = addressee(message)
        if to and message.time in span and message.said.sentiment > 0:
            by[to].add(message.author)
    for repost in view.done(Activity.REPOST, to=CUSTOMER, by=CUSTOMER):
        if repost.time in span:
            by[repost.account].add(repost.actor)
    return {(person.platform, person.id): len(people) for person, people in by.items()}


def _accounts(view: View) -> set[Person]:
    return {message.author for room in view.rooms for message in room.by_the_brand}


def _blamed(told: dict[str, list[Message]], leaver: Reaction) -> tuple[str, Message | None]:
    """The brand's last message on that platform within the day before, and its direction."""
    last: tuple[tuple[datetime, str], str, Message] | None = None
    for way, messages in told.items():
        for message in messages:
            if (
                message.author.platform == leaver.actor.platform
                and leaver.time - DAY <= message.time < leaver.time
                and (last is None or moment(message) > last[0])
            ):
                last = moment(message), way, message
    return (last[1], last[2]) if last else ("", None)


def _share(topic: str, messages: Sequence[Message]) -> float | None:
    return over(sum(topic in message.said.topics for message in messages), len(messages))
