"""Workers that are killed at random points of the flush, and between any two writes of it, lose nothing."""

from __future__ import annotations

import signal
import time
from collections import deque
from dataclasses import fields
from random import Random

from support.members import Doom

from sinks.sink import Flush

MEMBERS = 3
POINTS = ("nothing", *(field.name for field in fields(Flush)))
"""Before the first write, and after each; after the last, the offsets are not committed."""


def fate(rng: Random, kills: int) -> deque[Doom]:
    """Each point once, then some way into the next write, or any time after the start of the process."""
    dooms = [Doom(point) for point in POINTS]
    while len(dooms) < kills:
        anywhere = [*POINTS, "start", "start", "start"]
        point = rng.choice(anywhere)
        dooms.append(Doom(point, rng.uniform(1, 6) if point == "start" else rng.uniform(0, 0.05)))
    rng.shuffle(dooms)
    return deque(sorted(dooms, key=lambda doom: not rare(doom)))


def rare(doom: Doom) -> bool:
    """Whether it waits for what a world holds little of: each message is erased once, by one member.

    Such dooms come first, one at a time: the worker has all partitions then, and nobody erases before it.
    """
    return doom.after == "erased"


def test_workers_that_are_killed_lose_nothing_and_count_nothing_twice(stage, full):
    rng = Random(50)
    kills = 50 if full else len(POINTS) + 1
    dooms = fate(rng, kills)
    scene = stage(14 if full else 3, seed=5, flush_events=100, session_timeout=2.0)
    load = scene.load(rng)
    met = []
    slots = {}
    deadline = time.monotonic() + 12 * kills
    while dooms or slots:
        while dooms and len(slots) < (1 if any(map(rare, [*slots.values(), dooms[0]])) else MEMBERS):
            following = dooms.popleft()
            slots[scene.fork(following)] = following
        next(load)
        for member in [member for member in slots if not member.look()]:
            assert member.exit_code == -signal.SIGKILL, member.log.read_text()
            met.append(slots.pop(member))
        assert time.monotonic() < deadline, f"{len(met)} kills of {kills}; to come: {slots.values()}"
    assert len(met) == kills
    assert {doom.after for doom in met if not doom.delay} == set(POINTS)
    scene.fork()
    scene.tell(load)
    scene.finish()
    scene.check()
