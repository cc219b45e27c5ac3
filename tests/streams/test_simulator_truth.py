"""What the simulator takes for true, held against small threads that are counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from support.story import ACME, ANA, BEN, BOT, HELP, OTHER, Story

from streams.simulator.measures import quantile
from streams.simulator.truth import direction

OLD = ("bo", "bc", "cb", "cc", "co", "undecided")
BOOKED = ("brand_roots", "root_replies", "customer_conversations", "c2c_conversations")


class Conversation(Story):
    """One thread, a minute between its messages, each an answer to an earlier one by its number."""

    def says(self, author, *to, answers=None, **fields):
        number = len(self.said)
        if answers is None:
            return self.opens(author, *to, name=str(number), **fields)
        return self.answers(str(answers), author, *to, name=str(number), **fields)

    def sums(self, brand="acme"):
        told = self.told(brand=brand).sums
        return {what: told[what] for what in (*OLD, *BOOKED) if told[what]}


def test_a_thread_under_a_post():
    account = (
        Conversation()
        .says(ACME, followers=50)  # BO
        .says(ANA, ACME, answers=0)  # CB
        .says(BEN, ANA, answers=1, mentions=(ACME,), inherited=1)  # CC: the brand is only carried along
        .says(ANA, BEN, answers=2)  # CC
        .says(HELP, ANA, answers=3, followers=30)  # BC
        .says(ACME, answers=0, followers=40)  # BO: the brand goes on
        .says(ANA, BEN, answers=3)  # CC: she goes on
    ).told()
    values = account.values()
    assert {what: account.sums[what] for what in (*OLD, *BOOKED) if account.sums[what]} == {
        "bo": 2,
        "bc": 1,
        "cb": 1,
        "cc": 3,
        "brand_roots": 1,
        "root_replies": 4,
        "customer_conversations": 1,
        "c2c_conversations": 1,
    }
    assert values["dialogue_ratio"] == 1 / 3
    assert values["c2c_share"] == 3 / 5
    assert values["conversation_rate"] == 4
    assert values["participation_rate"] == 2 / (40 + 30)
    talk = [values[f"c2c_{name}_p50"] for name in ("depth", "turns", "duration", "participants")]
    assert talk == [3, 2, 4 * 60, 2]


def test_what_is_deleted_counts_no_more_but_holds_the_thread_together():
    sums = (
        Conversation()
        .says(ACME, deleted=True)
        .says(ANA, ACME, answers=0)
        .says(BEN, ANA, answers=1, deleted=True)
        .says(ANA, BEN, answers=2)
    ).told().sums  # fmt: skip
    assert (sums["bo"], sums["cb"], sums["cc"]) == (0, 1, 1)
    assert (sums["brand_roots"], sums["root_replies"]) == (0, 0)
    assert (sums["customer_conversations"], sums["c2c_conversations"]) == (1, 0)


def test_bots_and_those_who_answer_them_are_left_out():
    thread = (
        Conversation()
        .says(ACME)
        .says(ANA, ACME, answers=0)
        .says(BOT, ANA, answers=1)
        .says(ANA, BOT, answers=2)
        .says(ACME, BOT, answers=2)
    )
    assert thread.sums() == {
        "bo": 1,
        "cb": 1,
        "brand_roots": 1,
        "root_replies": 1,
        "customer_conversations": 1,
    }
    assert thread.told().sums["brand_messages"] == 1


def test_a_space_begins_when_the_brand_comes_in():
    thread = (
        Conversation()
        .says(ANA, asserted=("acme",))  # only acme's, and only by the collector's word
        .says(BEN, ANA, answers=0)  # nobody's
        .says(ANA, BEN, answers=1, mentions=(OTHER,))  # from here on, other's
        .says(OTHER, ANA, answers=2)
        .says(ANA, OTHER, answers=3)
    )
    assert thread.sums("acme") == {"co": 1, "customer_conversations": 1}
    other = thread.sums("other")
    assert (other["cc"], other["cb"], other["bc"]) == (1, 1, 1)


def test_nobody_can_know_and_nobody_is_meant_are_two_things():
    account = (
        Conversation()
        .says(ANA, ACME, mentions=(ACME,))
        .says(BEN, answers=0)
        .says(BEN, answers=0)
    ).told()  # fmt: skip
    assert account.sums["co"] == 2
    thread = Conversation().says(ANA, ACME, mentions=(ACME,)).says(BEN, answers=0)
    thread.threads[0].messages[1].to = None
    assert thread.told().sums["undecided"] == 1
    assert thread.told().values()["direction_coverage"] == 1 / 2


@pytest.mark.parametrize(
    ("author", "to", "by_acme", "by_other"),
    [
        (ACME, (), "bo", "bx"),
        (ACME, (ANA,), "bc", "cx"),
        (ACME, (OTHER,), "bx", "bx"),
        (ANA, (ACME,), "cb", "cx"),
        (ANA, (ACME, OTHER, BEN), "cb", "cb"),
        (ANA, (OTHER, BEN), "cx", "cb"),
        (ANA, (BEN,), "cc", "cc"),
        (ANA, (), "co", "co"),
    ],
)
def test_each_brand_has_its_own_view(author, to, by_acme, by_other):
    message = Conversation().says(author, *to).threads[0].root
    assert (direction(message, "acme"), direction(message, "other")) == (by_acme, by_other)


@pytest.mark.parametrize("numbers", [[3.0], [1.0, 2.0], [1.0, 2.0, 4.0, 8.0, 16.0]])
@pytest.mark.parametrize("level", [0.5, 0.9])
def test_quantiles_are_those_of_numpy(numbers, level):
    assert quantile(numbers, level) == pytest.approx(np.quantile(numbers, level), abs=1e-12)


def test_no_conversation_has_no_median():
    assert quantile([], 0.5) is None
    assert Conversation().says(ACME).told().values()["c2c_depth_p50"] is None
