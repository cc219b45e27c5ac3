"""What was heard of a thread before changes nothing but the time that it takes to fold it again."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from schemas.registry import Registry
from streams.fold import Stored, fold
from streams.heard import Hearing
from streams.simulator import simulate
from streams.yields import Position


def test_a_thread_that_grows_yields_the_same_with_and_without_what_was_heard_before() -> None:
    simulation = simulate(4, seed=3)
    threads = defaultdict(list)
    for offset, event in enumerate(simulation.events):
        if event.conversation is not None:
            threads[event.platform, event.conversation].append(Stored(event, Position(1, 0, offset)))
    registries = (simulation.registry, Registry(brand=simulation.registry.brand[1:]))
    rng = Random(8)
    edited = 0
    for (_, thread), stored in threads.items():
        hearing = Hearing()
        rng.shuffle(stored)
        for much in sorted({*rng.sample(range(1, len(stored) + 1), min(3, len(stored))), len(stored)}):
            registry = rng.choice(registries)
            known = [Stored(one.event.model_copy(), one.position) for one in stored[:much]]  # as read back
            edited += sum(one.event.activity == "update" for one in known)
            assert fold(thread, known, registry, hearing=hearing) == fold(thread, known, registry)
    assert len(threads) > 100
    assert edited > 10
