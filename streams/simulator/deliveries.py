"""From records to the events of the stream, as untidy as collectors deliver them."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from schemas.event import Activity, Reference, SocialEvent
from streams.simulator.casting import poisson
from streams.simulator.people import message_id
from streams.simulator.wire import actor_of, reference, wire
from streams.simulator.words import edited, words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

    from streams.simulator.manners import Cast
    from streams.simulator.people import Person
    from streams.simulator.records import Message, Thread

CLAMPED, LATE, DISORDERED, TWICE, UNOBSERVED = 0.01, 0.015, 0.04, 0.02, 0.1
"""Shares of the events."""
LIKES, REPOSTS = (0.9, 0.12), (0.12, 0.01)
"""Expected of a brand's post, and of any other message."""
FOLLOWS, UNDONE = 0.03, 0.05
BY_BOTS, BY_LURKERS, BY_BRANDS = 0.01, 0.04, 0.1
"""Shares of the reactions."""
SEEN_LATER, SWAPPED = 0.5, 0.3
"""Shares of the copies."""


class _Stamp(NamedTuple):
    published: datetime
    observed: datetime | None
    arrival: datetime


def deliver(rng: Random, cast: Cast, threads: Sequence[Thread]) -> list[SocialEvent]:
    """Every event, in the order of arrival: some late, some twice, some before what they answer."""
    return _Deliveries(rng, cast).of(threads)


class _Deliveries:
    def __init__(self, rng: Random, cast: Cast) -> None:
        self._rng = rng
        self._cast = cast
        self._arrivals: list[tuple[datetime, int, SocialEvent]] = []
        self._reactions = 0

    def of(self, threads: Sequence[Thread]) -> list[SocialEvent]:
        for thread in threads:
            for message in thread.messages:
                self._message(message)
                if not message.direct:
                    self._reactions_to(message)
        return [event for _, _, event in sorted(self._arrivals, key=lambda arrival: arrival[:2])]

    def _message(self, message: Message) -> None:
        stamp = self._stamp(message.time)
        event = wire(message, words(self._rng, message), stamp.published, stamp.observed)
        self._send(event, stamp)
        if message.edited:
            later = self._stamp(message.time + self._after(1800), tidy=True)
            changes = {
                "activity": Activity.UPDATE,
                "version": 1,
                "text": edited(event.text),
                "published": later.published,
                "observed": later.observed,
            }
            self._send(event.model_copy(update=changes), later)
        if message.deleted:
            self._react(Activity.DELETE, message.author, message, 7200)

    def _reactions_to(self, message: Message) -> None:
        rng, post = self._rng, int(not (message.author.brand and message.parent is None))
        platform = message.author.platform
        for activity, means in ((Activity.LIKE, LIKES), (Activity.REPOST, REPOSTS)):
            for _ in range(poisson(rng, means[post])):
                self._react(activity, self._anybody(platform, message), message, 5400)
        if message.author.brand and rng.random() < FOLLOWS:
            follower, stamp = self._anybody(platform, message), self._stamp(message.time + self._after(600))
            self._send(
                SocialEvent(
                    platform=platform,
                    activity=Activity.FOLLOW,
                    id=self._name(follower),
                    actor=actor_of(follower),
                    published=stamp.published,
                    observed=stamp.observed,
                    object=Reference(id=message.author.id, actor_id=message.author.id),
                ),
                stamp,
            )

    def _react(self, activity: Activity, actor: Person, message: Message, median: float) -> None:
        time = message.time + self._after(median)
        stamp = self._stamp(time)
        event = SocialEvent(
            platform=actor.platform,
            activity=activity,
            id=self._name(actor),
            actor=actor_of(actor),
            published=stamp.published,
            observed=stamp.observed,
            conversation=message.thread.key if message.thread.declared else None,
            object=reference(message, names=True),
        )
        self._send(event, stamp)
        if activity is Activity.LIKE and self._rng.random() < UNDONE:
            stamp = self._stamp(time + self._after(60), tidy=True)
            undo = {
                "activity": Activity.UNDO,
                "id": self._name(actor),
                "object": Reference(id=event.id, actor_id=actor.id),
                "published": stamp.published,
                "observed": stamp.observed,
            }
            self._send(event.model_copy(update=undo), stamp)

    def _anybody(self, platform: str, message: Message) -> Person:
        """Mostly a customer, sometimes the brand around which it is, a lurker or a bot."""
        bot, lurker = self._cast.bots[platform], self._cast.lurkers[platform]
        brands = self._cast.voices.get((message.thread.host, platform), [lurker])
        (who,) = self._rng.choices(
            (bot, lurker, brands[0], None),
            (BY_BOTS, BY_LURKERS, BY_BRANDS, 1 - BY_BOTS - BY_LURKERS - BY_BRANDS),
        )
        return who or self._rng.choice(self._cast.crowds[platform])

    def _name(self, actor: Person) -> str:
        self._reactions += 1
        return message_id(actor, 10_000_000 + self._reactions)

    def _after(self, median: float) -> timedelta:
        return timedelta(seconds=1 + self._rng.lognormvariate(math.log(median), 1.2))

    def _stamp(self, time: datetime, *, tidy: bool = False) -> _Stamp:
        """When it says that it happened, was first seen and arrives; tidy: nothing is odd about it."""
        rng = self._rng
        chance = 1.0 if tidy else rng.random()
        prompt = time + timedelta(seconds=rng.lognormvariate(1, 0.8))
        if chance < CLAMPED:
            return _Stamp(time + timedelta(hours=rng.uniform(0.01, 20)), time, prompt)
        if chance < CLAMPED + LATE:
            prompt = time + timedelta(days=rng.uniform(1, 30))
        elif chance < CLAMPED + LATE + DISORDERED:
            prompt = time + timedelta(hours=rng.uniform(0.02, 4))
        return _Stamp(time, None if chance > 1 - UNOBSERVED and not tidy else prompt, prompt)

    def _send(self, event: SocialEvent, stamp: _Stamp) -> None:
        rng, first = self._rng, stamp.arrival
        if rng.random() < TWICE:
            copy, again = event, first + timedelta(hours=rng.uniform(0.001, 48))
            if event.observed and rng.random() < SEEN_LATER:
                copy = event.model_copy(update={"observed": event.observed + (again - first)})
            # Of two collectors, the one that saw it later may be the one that tells it earlier.
            if rng.random() < SWAPPED:
                first, again = again, first
            self._arrivals.append((again, len(self._arrivals), copy))
        self._arrivals.append((first, len(self._arrivals), event))
