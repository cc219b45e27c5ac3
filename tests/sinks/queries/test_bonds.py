"""L1 to L6, A1 to A3 and B1 on contacts and reactions written by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.stored import answered, asked, day, hour, reacted, said, spoke

from schemas.vocabulary import Direction, Effect, Role


def wrote(id_, actor, at, **other):
    return said(id_, actor, at, **other)


def test_pairs_are_reciprocal_where_both_wrote(store, metrics):
    store(
        wrote("1", "ann", hour(1)),
        answered("2", "ann", hour(2)),
        wrote("3", "bob", hour(1)),
        answered("4", "cid", hour(1)),
        answered("5", "bob", hour(1), platform="mastodon"),  # another account
        wrote("6", "robot", hour(1), role=Role.BOT),
        answered("7", "robot", hour(2), addressee_role=Role.BOT),
    )
    assert metrics()["pair_reciprocity"] == 1 / 4
    assert metrics(5 / 48)["pair_reciprocity"] == 1 / 4
    assert metrics(1 / 16)["pair_reciprocity"] == 0.0


def test_a_brand_without_contacts_has_no_reciprocity(store, metrics):
    store(spoke("1", "main", hour(1), 10))
    found = metrics()
    columns = ("pair_reciprocity", "give_first_rate", "repeat_rate", "tenure_p50", "retention_1m")
    assert [found.get(column) for column in columns] == [None] * 5


def test_the_brand_gave_first_where_it_began_by_answering_others(store, metrics):
    store(
        wrote("0", "old", day(-90)),
        answered("1", "ann", day(1), parent_direction=Direction.CC),
        wrote("2", "ann", day(2)),
        answered("3", "bob", day(1), parent_direction=Direction.CO),
        answered("4", "cid", day(1), parent_direction=Direction.CB),
        wrote("5", "dan", day(1)),
        answered("6", "dan", day(2), parent_direction=Direction.CC),
        wrote("7", "old", day(3)),
        answered("8", "eve", day(-1), parent_direction=Direction.CC),
    )
    assert metrics()["give_first_rate"] == 2 / 4


def test_who_comes_in_the_first_90_days_may_be_no_newcomer(store, metrics):
    store(wrote("0", "old", day(-89)), wrote("1", "ann", day(0.5)), wrote("2", "bob", day(1)))
    assert metrics(1)["give_first_rate"] is None
    assert metrics(2)["give_first_rate"] == 0.0


def test_repeated_is_reciprocal_now_and_within_one_earlier_block(store, metrics):
    #        -56        -28         0
    # ann               c b        c b
    # bob     c         b          c b     in two blocks
    # cid     c b                  c       one-way now
    # dan     c b                  b c
    store(
        *(wrote(f"a{n}", "ann", day(at)) for n, at in enumerate((-3, 1))),
        *(answered(f"A{n}", "ann", day(at)) for n, at in enumerate((-28, 1))),
        *(wrote(f"b{n}", "bob", day(at)) for n, at in enumerate((-28.01, 1))),
        *(answered(f"B{n}", "bob", day(at)) for n, at in enumerate((-28, 1))),
        *(wrote(f"c{n}", "cid", day(at)) for n, at in enumerate((-40, 1))),
        answered("C", "cid", day(-41)),
        *(wrote(f"d{n}", "dan", day(at)) for n, at in enumerate((-56, 2))),
        *(answered(f"D{n}", "dan", day(at)) for n, at in enumerate((-29, 1))),
    )
    assert metrics()["repeat_rate"] == 2 / 3


def test_each_window_looks_back_from_its_own_start(store, metrics):
    store(
        *(wrote(f"{n}", "ann", day(n)) for n in (0.1, 1.1)),
        *(answered(f"r{n}", "ann", day(n)) for n in (0.2, 1.2)),
    )
    by_day = metrics(by="day")
    assert [by_day[day(n)]["repeat_rate"] for n in range(2)] == [0.0, 1.0]


def test_tenure_is_of_pairs_that_were_ever_reciprocal(store, metrics):
    store(
        wrote("1", "ann", day(-100)),
        answered("2", "ann", day(-99)),
        wrote("3", "ann", day(4)),
        wrote("4", "bob", day(1)),
        answered("5", "bob", day(2.5)),
        wrote("6", "cid", day(-50)),
        wrote("7", "cid", day(5)),
        wrote("8", "dan", day(-50)),
        answered("9", "dan", day(-40)),
    )
    assert metrics()["tenure_p50"] == pytest.approx((104 + 1.5) / 2)
    assert metrics(2)["tenure_p50"] is None  # bob is not answered yet


def test_retention_counts_months_that_are_over(store, metrics, view):
    def at(month, number=15):
        return datetime(2026, month, number, tzinfo=UTC)

    store(
        *(wrote(f"a{m}", "ann", at(m)) for m in (3, 4, 6)),
        *(wrote(f"b{m}", "bob", at(m)) for m in (3, 5)),
        answered("b4", "bob", at(4)),
        wrote("c", "cid", at(3)),
        *(wrote(f"d{m}", "dan", at(m)) for m in (4, 5)),
    )
    assert metrics(28)["retention_1m"] is None  # April is not over at the end of the period
    assert metrics(100)["retention_1m"] == 3 / 4
    rows = [(row["cohort"].month, row["k"], row["people"], row["cohort_people"]) for row in view("retention")]
    assert rows == [(3, 0, 3, 3), (3, 1, 2, 3), (3, 2, 1, 3), (4, 0, 1, 1), (4, 1, 1, 1)]
    assert view("retention")[1]["rate"] == 2 / 3


def test_a_relationship_in_one_row(store, view):
    store(
        answered("1", "ann", day(0), parent_direction=Direction.CC),
        wrote("2", "ann", day(1)),
        wrote("3", "ann", day(40)),
        wrote("4", "bob", day(40)),
    )
    ann, bob = view("relationship_facts", "customer")
    assert (ann["first_contact_at"], ann["last_contact_at"]) == (day(0), day(40))
    assert (ann["contacts_by_customer"], ann["contacts_by_brand"]) == (2, 1)
    assert (ann["reciprocal"], ann["gave_first"], ann["tenure_days"], ann["active_periods"]) == (
        True,
        True,
        40,
        2,
    )
    assert (bob["reciprocal"], bob["gave_first"], bob["tenure_days"]) == (False, False, 0)


def root(id_, at, **other):
    return spoke(id_, "main", at, 10, conversation=id_, activity="post", **other)


def test_reactions_are_charged_to_the_roots_time_wherever_they_are(store, metrics):
    share, like = Effect.AMPLIFICATION, Effect.APPLAUSE
    store(
        root("p1", day(0)),
        root("p2", day(1)),
        answered("r1", "ann", day(0)),
        reacted("s1", "ann", day(9), "repost", share, parent="p1", conversation="elsewhere"),
        said("s2", "bob", day(40), activity="quote", effect=share, parent="p1", conversation="s2"),
        reacted("s3", "cid", day(0), "repost", share, parent="r1"),
        reacted("l1", "ann", day(2), "like", like, parent="p2"),
        reacted("l2", "robot", day(2), "like", like, parent="p2", role=Role.BOT),
        reacted("l3", "ann", day(2), "like", like, parent="p2", platform="mastodon"),
    )
    found = metrics()
    assert (found["amplification_rate"], found["applause_rate"]) == (2 / 2, 1 / 2)
    by_day = metrics(by="day")
    assert [by_day[day(n)]["amplification_rate"] for n in range(2)] == [2.0, 0.0]
    assert by_day[day(9)]["amplification_rate"] is None


def test_what_a_platform_cannot_show_is_not_known(store, metrics):
    share = Effect.AMPLIFICATION
    store(root("p1", day(0), platform="reddit"), said("1", "ann", day(0), platform="reddit"))
    found = metrics()
    nothing = ("amplification_rate", "applause_rate", "unfollow_rate", "block_rate", "push_penalty")
    assert [found[column] for column in nothing] == [None] * 5
    assert found["participants"] == 1
    store(root("p2", day(0)), reacted("s", "ann", day(1), "repost", share, parent="p2"))
    assert metrics()["amplification_rate"] == 1.0


def gave(id_, to, at):
    ours = {"role": Role.BRAND, "addressee": to, "addressee_role": Role.CUSTOMER}
    return reacted(id_, "main", at, "like", Effect.GIVE, **ours)


def co(id_, actor, at, **other):
    return said(id_, actor, at, Direction.CO, **other)


def test_advocates_share_three_times_on_two_days_and_nothing_negative(store, metrics, view):
    share = Effect.AMPLIFICATION
    store(
        co("a1", "ann", day(0)),
        co("a2", "ann", day(0.1), sentiment=0),
        reacted("a3", "ann", day(1), "repost", share),
        *(co(f"b{n}", "bob", day(n / 10)) for n in range(3)),  # one day
        *(co(f"c{n}", "cid", day(n), sentiment=-1 if n else 1) for n in range(3)),
        *(said(f"d{n}", "dan", day(n)) for n in range(3)),  # to the brand, not about it
        *(co(f"e{n}", "eve", day(n), role=Role.BOT) for n in range(3)),
        *(co(f"f{n}", "fay", day(n)) for n in range(3)),
    )
    found = metrics()
    assert (found["advocates"], found["partnering_rate"]) == (2, 0.0)
    assert [row["customer"] for row in view("advocates", "customer")] == ["ann", "fay"]
    assert (metrics(1)["advocates"], metrics(1)["partnering_rate"]) == (0, None)


@pytest.mark.parametrize(
    ("met", "partnered"),
    [
        (answered("r", "ann", day(5)), 1.0),
        (gave("r", "ann", day(29.9)), 1.0),
        (answered("r", "ann", day(30.1)), 0.0),
        (answered("r", "ann", day(-1)), 0.0),
        (answered("r", "bob", day(5)), 0.0),
    ],
    ids=["answer", "reaction", "too late", "before", "another"],
)  # fmt: skip
def test_the_brand_partners_within_28_days_after_a_share(store, metrics, met, partnered):
    store(*(co(f"a{n}", "ann", day(n)) for n in range(3)), met)
    assert metrics()["partnering_rate"] == partnered


def test_exchanges_and_contacts_of_another_brand_are_not_ours(store, metrics):
    store(wrote("1", "ann", hour(1)), asked("2", "ann", hour(1), hour(2), brand="other"))
    store(wrote("3", "ann", hour(3)))
    assert metrics()["reply_rate"] is None
    assert metrics(brand="other")["reply_rate"] == 1.0
