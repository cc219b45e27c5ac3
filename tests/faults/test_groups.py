"""Members of one group join, leave, stall and come back during load; the tables are the clean ones."""

from __future__ import annotations

import signal
import time
from dataclasses import fields
from random import Random

import pytest
from support.members import Doom

from sinks.sink import Flush

POINTS = ("nothing", *(field.name for field in fields(Flush)))
"""Before the first write of a flush, and after each."""


def stalls(point):
    return Doom(point, signal=signal.SIGSTOP)


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_stalls_in_a_flush_and_comes_back_overwrites_nothing(stage, full, point):
    if not full and point != "nothing":
        pytest.skip("only in make test-faults")
    rng = Random(point)
    scene = stage(3, seed=6)
    load = scene.load(rng)
    # Alone until then: what it is to stall at, such as erasing, comes to one member of a group at most.
    stalled = scene.fork(stalls(point))
    scene.feed(load, lambda: stalled.stopped, 60, "the worker stalls")
    scene.fork()
    scene.fork()
    # The others get everything: they have its partitions.
    scene.wait_until(lambda: scene.lag == 0, 60, "the others take over")
    scene.tell(load)
    stalled.signal(signal.SIGCONT)
    next(load)
    scene.finish()
    scene.check()


def test_members_join_leave_stall_and_come_back_during_load(stage, full):
    rng = Random(3)
    scene = stage(14 if full else 3, seed=7, partitions=6, flush_events=100)
    load = scene.load(rng)
    members = [scene.start() for _ in range(3)]
    for _ in range(12 if full else 2):
        was = scene.applied
        scene.feed(load, lambda was=was: scene.applied > was, 60, "something is stored")
        match rng.choice(("join", "leave", "stall", "stall")):
            case "join":
                members.append(scene.fork())
            case "leave" if len(members) > 2:
                assert members.pop(rng.randrange(len(members))).end() == 0
            case _:
                member = rng.choice(members)
                member.signal(signal.SIGSTOP)
                past = time.monotonic() + scene.settings.session_timeout * 1.5
                scene.feed(load, lambda past=past: time.monotonic() > past, 60, "the session is over")
                member.signal(signal.SIGCONT)
    scene.tell(load)
    scene.finish()
    scene.check()
