"""The simulator as a live feed: moved in time, and sent when its time has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from schemas.event import Activity, Actor, SocialEvent
from streams.feed import feed
from streams.simulator import START, simulate
from streams.simulator.moved import moved
from streams.sources import Keyed

LATER = START + timedelta(weeks=31)
NOON = datetime(2026, 8, 3, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def world():
    return simulate(9, 3, 7)


def test_a_moved_community_is_the_same_so_much_later(world):
    registry, deliveries = moved(world, LATER)
    by = LATER - START
    deliveries = list(deliveries)
    assert len(deliveries) == len(world.events)
    for old, arrival, new in zip(world.events, world.arrivals, deliveries, strict=True):
        assert new.at - arrival == by
        assert new.event.published - old.published == by
        assert (new.event.observed is None) == (old.observed is None)
        same = {"published", "observed"}
        assert new.event.model_dump(exclude=same) == old.model_dump(exclude=same)
    (taken,) = [a for brand in world.registry.brand for a in brand.account if a.valid_from]
    (moved_taken,) = [a for brand in registry.brand for a in brand.account if a.valid_from]
    assert moved_taken.valid_from - taken.valid_from == by
    assert registry.names == world.registry.names


def test_arrivals_are_in_order_and_nothing_arrives_before_it_happens(world):
    assert world.arrivals == sorted(world.arrivals)
    for arrival, event in zip(world.arrivals, world.events, strict=True):
        # Some say that they were written later than they were seen: nothing but their clock is wrong.
        happened = min(event.published, event.observed or event.published)
        assert happened <= arrival


class Line:
    """A producer that remembers what was sent, and when."""

    def __init__(self, clock):
        self.clock = clock
        self.sent = []
        self.confirmed = 0

    def send(self, _, key, value):
        self.sent.append((self.clock.now, key.decode(), value))

    def flush(self, _):
        self.confirmed = len(self.sent)


class Clock:
    """Time that passes while somebody waits for it, two minutes at a time at the most."""

    def __init__(self):
        self.now = NOON
        self.waits = []

    def wait(self, seconds):
        self.waits.append((seconds, self.line.confirmed))
        self.now += timedelta(seconds=min(seconds, 120.0))


def test_what_has_arrived_goes_at_once_and_the_rest_in_its_time():
    clock = Clock()
    line = clock.line = Line(clock)

    def keyed(name):
        event = SocialEvent(
            platform="x", activity=Activity.POST, id=name, actor=Actor(id="acme"), published=NOON
        )
        return Keyed(name, event, 1)

    at = {"past": -3600, "just now": 0, "soon": 30, "later": 330}
    deliveries = [(NOON + timedelta(seconds=seconds), keyed(name)) for name, seconds in at.items()]
    assert feed(deliveries, line, "topic", lambda: clock.now, clock.wait) == 4
    assert [((time - NOON).total_seconds(), key) for time, key, _ in line.sent] == [
        (0, "past"),
        (0, "just now"),
        (30, "soon"),
        (330, "later"),
    ]
    # Nobody waits with something in the hand; a wait that ends early is followed by another.
    assert clock.waits == [(30, 2), (300, 3), (180, 3), (60, 3)]
    assert line.confirmed == 4
