"""An untidy world through workers, and again in other batches, says what the clean pass says.

A fifth of the deliveries twice, all shuffled, a twentieth 1 to 400 days late; edits, deletes and undos before
and after what they act on; another registry in the midst; bytes that are no events.
"""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_shuffled_world_with_duplicates_and_late_events_is_the_clean_one(stage, full, seed):
    if seed > 1 and not full:
        pytest.skip("only in make test-faults")
    scene = stage(28 if full else 3, seed=seed)
    workers = [scene.start() for _ in range(2 if full else 1)]
    scene.send_all()
    scene.finish()
    scene.check()
    assert [worker.exit_code for worker in workers] == [0] * len(workers)


def test_the_whole_topic_replayed_three_times_in_other_batches_changes_nothing(stage, full):
    scene = stage(28 if full else 3, seed=4)
    scene.send_all()
    rounds = [
        {"flush_events": 700, "flush_seconds": 0.3},
        {"flush_events": 90, "flush_seconds": 0.05},
        {"flush_events": 10_000, "flush_seconds": 2.0, "cache_activities": 0},
        {"flush_events": 333, "flush_seconds": 0.1, "cache_activities": 200},
    ]
    for number, changes in enumerate(rounds if full else rounds[1:3]):
        # A fresh group begins at the start of the topic.
        scene.regroup(f"{scene.settings.topic} {number}")
        worker = scene.fork(**changes)
        scene.finish()
        worker.end()
        scene.check()
