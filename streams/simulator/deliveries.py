"""From records to the events of the stream, as untidy as collectors deliver them."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from schemas.event import Activity, Reference, SocialEvent
from streams.simulator.wire import actor_of, reference, wire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

    from streams.simulator.records import Message, Reaction, Thread

CLAMPED, LATE, DISORDERED, TWICE, UNOBSERVED = 0.01, 0.015, 0.04, 0.02, 0.1
"""Shares of the events."""
SEEN_LATER, SWAPPED = 0.5, 0.3
"""Shares of the copies."""


class _Stamp(NamedTuple):
    published: datetime
    observed: datetime | None
    arrival: datetime


def deliver(
    rng: Random, threads: Sequence[Thread], reactions: Sequence[Reaction]
) -> list[tuple[datetime, SocialEvent]]:
    """Every event and when it arrives, in that order: some late, some twice, some before what they answer."""
    return _Deliveries(rng).of(threads, reactions)


class _Deliveries:
    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._arrivals: list[tuple[datetime, int, SocialEvent]] = []

    def of(
        self, threads: Sequence[Thread], reactions: Sequence[Reaction]
    ) -> list[tuple[datetime, SocialEvent]]:
        for thread in threads:
            for message in thread.messages:
                self._message(message)
        for reaction in reactions:
            self._reaction(reaction)
        arrivals = sorted(self._arrivals, key=lambda arrival: arrival[:2])
        return [(time, event) for time, _, event in arrivals]

    def _message(self, message: Message) -> None:
        stamp, said = self._stamp(message.time), message.said
        event = wire(message, message.first or said, stamp.published, stamp.observed)
        self._send(event, stamp)
        if message.edited:
            content = {"text": said.text, "lang": said.lang, "hashtags": said.hashtags, "urls": said.urls}
            edit = {"activity": Activity.UPDATE, "version": 1, **content}
            self._change(event, message.time + self._after(1800), edit)
        if message.deleted:
            gone = SocialEvent(
                platform=event.platform,
                activity=Activity.DELETE,
                id=f"{message.id}/deleted",
                actor=actor_of(message.author),
                published=event.published,
                conversation=message.thread.key if message.thread.declared else None,
                object=reference(message, names=True),
            )
            self._change(gone, message.time + self._after(7200), {})

    def _reaction(self, reaction: Reaction) -> None:
        stamp = self._stamp(reaction.time)
        actor, message = reaction.actor, reaction.message
        event = SocialEvent(
            platform=actor.platform,
            activity=reaction.activity,
            id=reaction.id,
            actor=actor_of(actor),
            published=stamp.published,
            observed=stamp.observed,
            conversation=message.thread.key if message and message.thread.declared else None,
            object=(
                reference(message, names=True)
                if message
                else Reference(id=reaction.account.id, actor_id=reaction.account.id)
            ),
        )
        self._send(event, stamp)
        if reaction.undone:
            undo = {
                "activity": Activity.UNDO,
                "id": f"{reaction.id}/undo",
                "object": Reference(id=reaction.id, actor_id=actor.id),
            }
            self._change(event, reaction.undone, undo)

    def _change(self, event: SocialEvent, time: datetime, changes: dict[str, object]) -> None:
        """Whatever acts on an event says so at a time of its own."""
        stamp = self._stamp(time, tidy=True)
        times = {"published": stamp.published, "observed": stamp.observed}
        self._send(event.model_copy(update=changes | times), stamp)

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
