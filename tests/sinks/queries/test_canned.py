"""H3 against a comparison of each reply with each."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from support.stored import answered, day, hour, said

from schemas.vocabulary import Role

WEEK = timedelta(days=7)
MASK = 0xFFFFFFFF


def sketch(dice, like=None, different=0):
    hashes = [dice.randrange(MASK) for _ in range(32)] if like is None else list(like)
    for place in dice.sample(range(32), different):
        hashes[place] = dice.randrange(MASK)
    return tuple(hashes)


def canned(replies):
    """Ids of replies with 26 hashes in common with one of the 7 days before; each with each."""
    return {
        id_
        for id_, at, mine in replies
        for other, before, theirs in replies
        if (before, other) < (at, id_)
        and before >= at - WEEK
        and sum(one == two for one, two in zip(mine, theirs, strict=True)) >= 26
    }


@pytest.mark.parametrize("seed", range(3))
def test_no_near_repeat_is_missed_and_no_other_is_found(store, metrics, seed):
    dice = random.Random(seed)
    templates = [sketch(dice) for _ in range(12)]
    replies = [
        (f"r{n:03}", day(dice.uniform(-7, 28)), sketch(dice, dice.choice(templates), dice.randrange(10)))
        for n in range(250)
    ]
    store(*(answered(id_, "ann", at, sketch=mine) for id_, at, mine in replies))
    within = {id_ for id_, at, _ in replies if day(0) <= at < day(28)}
    found = canned(replies) & within
    assert 20 < len(found) < len(within)
    assert metrics()["canned_share"] == len(found) / len(within)


def test_a_week_later_is_a_repeat_and_a_moment_after_that_is_none(store, metrics):
    mine = sketch(random.Random(1))
    store(answered("1", "ann", hour(0), sketch=mine), answered("2", "bob", hour(0) + WEEK, sketch=mine))
    assert metrics()["canned_share"] == 1 / 2
    store(answered("3", "cid", hour(0) + 2 * WEEK + timedelta(microseconds=1), sketch=mine))
    assert metrics()["canned_share"] == 1 / 3


def test_short_replies_count_and_are_never_canned(store, metrics):
    store(answered("1", "ann", hour(0)), answered("2", "ann", hour(1)))
    assert metrics()["canned_share"] == 0.0


def test_without_replies_there_is_no_share(store, metrics):
    store(
        said("1", "ann", hour(0)),
        answered("2", "robot", hour(1), addressee_role=Role.BOT, sketch=sketch(random.Random(1))),
    )
    assert metrics()["canned_share"] is None


def test_what_another_brand_says_is_no_repeat(store, metrics):
    mine = sketch(random.Random(1))
    store(
        answered("1", "ann", hour(0), sketch=mine, brand="other"), answered("2", "ann", hour(1), sketch=mine)
    )
    assert metrics()["canned_share"] == 0.0
