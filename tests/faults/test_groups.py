"""Members of one group join, leave, stall and come back during load; the tables are the clean ones."""

from __future__ import annotations

import signal
import time
from dataclasses import fields
from random import Random

import pytest
from support.members import Doom

from sinks.sink import Flush
from streams.lag import lag

POINTS = ("nothing", *(field.name for field in fields(Flush)))
"""Before the first write of a flush, and after each."""


def stalls(point):
    return Doom(point, signal=signal.SIGSTOP)


def feed_until(scene, load, condition, what, seconds=60.0):
    """Keep the load up until something has happened."""
    deadline = time.monotonic() + seconds
    while not condition():
        next(load)
        assert time.monotonic() < deadline, what


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_stalls_in_a_flush_and_comes_back_overwrites_nothing(stage, full, point):
    if not full and point != "nothing":
        pytest.skip("only in make test-faults")
    rng = Random(point)
    scene = stage(3, seed=6)
    load = scene.load(rng)
    scene.fork()
    stalled = scene.fork(stalls(point))
    scene.fork()
    feed_until(scene, load, lambda: stalled.stopped, "the worker stalls")
    # The others get everything: they have its partitions.
    scene.wait_until(lambda: lag(scene.settings) == 0, 60, "the others take over")
    feed_until(scene, load, lambda: scene.told, "the world is told")
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
        was = stored(scene)
        feed_until(scene, load, lambda was=was: stored(scene) > was, "something is stored")
        match rng.choice(("join", "leave", "stall", "stall")):
            case "join":
                members.append(scene.fork())
            case "leave" if len(members) > 2:
                assert members.pop(rng.randrange(len(members))).end() == 0
            case _:
                member = rng.choice(members)
                member.signal(signal.SIGSTOP)
                past = time.monotonic() + scene.settings.session_timeout * 1.5
                feed_until(scene, load, lambda past=past: time.monotonic() > past, "the time passes")
                member.signal(signal.SIGCONT)
    feed_until(scene, load, lambda: scene.told, "the world is told")
    scene.finish()
    scene.check()


def stored(scene):
    return scene.client.command("SELECT max(applied) FROM dialogue_minutes")
