"""C3, C5, C6, D7, M2, M3, N1 to N3 and B3 on rows written by hand."""

from __future__ import annotations

import random
from datetime import timedelta

import networkx as nx
import pytest
from support.stored import MONDAY, answered, day, hour, reacted, said, spoke, sums, talk, talked

from schemas.vocabulary import Direction, Effect, Role

BLUESKY = {"platform": "bluesky"}


@pytest.mark.parametrize("seed", range(3))
def test_reciprocity_is_that_of_the_digraph_of_customers(store, metrics, seed):
    dice = random.Random(seed)
    names = "abcdefg"
    pairs = [tuple(dice.choices(names, k=2)) for _ in range(30)]
    store(
        *(talked(f"{n}", one, other, hour(n % 20)) for n, (one, other) in enumerate(pairs)),
        said("bot", "robot", hour(1), Direction.CC, Role.BOT, addressee="a", addressee_role=Role.CUSTOMER),
        said("cb", "a", hour(1)),
    )
    edges = {(u, v) for u, v in pairs if u != v}
    assert metrics()["c2c_reciprocity"] == nx.overall_reciprocity(nx.DiGraph(list(edges)))


def test_without_edges_there_is_no_reciprocity(store, metrics):
    store(talked("1", "ann", "ann", hour(1)), said("2", "ann", hour(1)))
    assert metrics()["c2c_reciprocity"] is None


def crowd_of(sizes, **other):
    return [
        said(f"{name}.{n}", f"c{name}", hour(1), **other)
        for name, size in enumerate(sizes)
        for n in range(size)
    ]


def test_gini_and_the_top_are_computed_by_hand(store, metrics):
    # 19 customers with 1 message and one with 21: of 40, the mean difference is 2 * 19 * 20 / 400.
    store(*crowd_of([1] * 19 + [21]))
    found = metrics()
    assert found["participation_gini"] == pytest.approx(2 * 19 * 20 / 400 / (2 * 2))
    assert found["top_1_percent_share"] == 21 / 40


def test_the_top_hundredth_is_rounded_up(store, metrics):
    store(*crowd_of([3, 2] + [1] * 99))
    assert metrics()["top_1_percent_share"] == 5 / 104


def test_all_alike_is_zero_and_below_20_customers_nothing_is_said(store, metrics):
    store(*crowd_of([2] * 20))
    assert metrics()["participation_gini"] == 0.0
    store(*crowd_of([2] * 19, brand="few"), said("bot", "robot", hour(1), brand="few", role=Role.BOT))
    assert metrics(brand="few")["participation_gini"] is None
    assert metrics(brand="few")["top_1_percent_share"] is None


@pytest.mark.parametrize(
    ("sizes", "index"), [([9, 3, 3, 2], 3), ([1], 1), ([0, 0], 0), ([5, 5, 5, 5], 4), ([2, 2, 2], 2)]
)
def test_the_h_index_of_conversations(store, metrics, sizes, index):
    store(conversations=tuple(talk(f"{n}", hour(1), customer_messages=size) for n, size in enumerate(sizes)))
    assert metrics()["conversation_h_index"] == index


def test_turn_balance_is_of_conversations_in_which_either_wrote(store, metrics, view):
    store(
        conversations=(
            talk("1", hour(1), bc=1, cb=3, brand_messages=2, brand_root=True),
            talk("2", hour(1), bc=2, cb=2, brand_messages=1, brand_root=True),
            talk("3", hour(1), cc=2),
        )
    )
    assert metrics()["turn_balance_p50"] == 0.75
    rows = view("conversation_facts", "conversation")
    assert [row["turn_balance"] for row in rows] == [0.5, 1.0, None]
    assert [row["brand_free"] for row in rows] == [False, True, True]


def about(topic, count, at, sentiment=None, prefix=""):
    topics = (topic,) if topic else ()
    return [
        said(f"{prefix}{topic}{n}", f"c{n}", at, topics=topics, sentiment=sentiment) for n in range(count)
    ]


def test_topics_rise_against_the_28_days_before(store, view, metrics):
    store(
        *about("tea", 30, day(1), 1),
        *about("milk", 20, day(27.5), -1),
        *about("rare", 19, day(2)),
        *about("", 31, day(3)),
        *about("tea", 5, day(-3), prefix="before"),
        *about("milk", 20, day(-27.9), prefix="before"),
        *about("", 25, day(-1), prefix="before"),
        *about("milk", 99, day(-29), prefix="long ago"),
        said("last", "zoe", day(28) - timedelta(microseconds=1), Direction.CO),
        *[said(f"bot{n}", "robot", day(2), role=Role.BOT, topics=("tea",)) for n in range(9)],
    )
    rows = {row["topic"]: row for row in view("topics_rising")}
    tea, milk, rare = rows["tea"], rows["milk"], rows["rare"]
    assert (tea["messages"], tea["of_messages"], tea["of_messages_before"]) == (30, 101, 50)
    assert tea["topic_rise"] == pytest.approx(30 / 101 - 5 / 50)
    assert milk["topic_rise"] == pytest.approx(20 / 101 - 20 / 50)
    assert (tea["topic_sentiment"], milk["topic_sentiment"]) == (1.0, -1.0)
    assert (rare["topic_share"], rare["topic_rise"], rare["topic_sentiment"]) == (None, None, None)
    assert metrics()["topics_rising"] == 1


def test_a_topic_rises_against_nothing_only_where_something_was_said_before(store, metrics):
    store(*about("tea", 30, day(1)))
    assert metrics()["topics_rising"] == 0
    store(*about("", 20, day(-1), prefix="before"))
    assert metrics()["topics_rising"] == 1
    assert metrics(3, since=0.5)["topics_rising"] == 1
    assert metrics(by="day")[day(1)]["topics_rising"] == 1


def test_trusted_is_who_was_answered_positively_or_reposted(store, metrics, view):
    def reposts(id_, actor, of, **other):
        to = {"addressee": of, "addressee_role": Role.CUSTOMER}
        return reacted(id_, actor, hour(3), "repost", Effect.TRUST, **(to | other))

    store(
        talked("1", "ann", "bob", hour(1), sentiment=1),
        talked("2", "ann", "bob", hour(2), sentiment=1),
        reposts("3", "cid", "bob"),
        reposts("4", "cid", "dan"),
        talked("5", "ann", "eve", hour(1), sentiment=0),
        reacted("6", "ann", hour(1), "like", Effect.TRUST, addressee="eve", addressee_role=Role.CUSTOMER),
        reposts("7", "robot", "eve", role=Role.BOT),
    )
    rows = [
        (row["author"], row["trusted_by"], row["answered_by"]) for row in view("trusted_voices", "author")
    ]
    assert rows == [("bob", 2, 1), ("dan", 1, 0)]
    assert metrics()["trusted_voices"] == 2


def left(id_, actor, at, activity="unfollow", **other):
    return reacted(id_, actor, at, activity, Effect.RELATION, **(BLUESKY | other))


def test_unfollows_are_counted_by_follower_days_and_blocks_by_customers(store, metrics, view):
    store(
        spoke("1", "main", hour(0), 500, **BLUESKY),
        spoke("2", "main@x", hour(0), 9000),
        *(said(f"c{n}", f"c{n}", hour(1), **BLUESKY) for n in range(4)),
        said("x", "xena", hour(1)),
        *(left(f"u{n}", f"c{n}", hour(2)) for n in range(3)),
        left("b", "c1", hour(2), "block"),
        left("u9", "c9", hour(2), platform="x"),
        left("u8", "robot", hour(2), role=Role.BOT),
        left("u7", "c1", hour(2), addressee="c2", addressee_role=Role.CUSTOMER),
    )
    found = metrics(2)
    assert found["unfollow_rate"] == 1000 * 3 / (500 * 2)
    assert found["block_rate"] == 1000 * 1 / 4
    x, bluesky = (
        next(row for row in view("participation") if row["platform"] == p) for p in ("x", "bluesky")
    )
    assert (x["unfollows"], x["blocks"], bluesky["unfollows"], bluesky["blocks"]) == (None, None, 3, 1)


def test_unknown_followers_and_no_customers_give_no_rates(store, metrics):
    store(said("1", "ann", hour(1), **BLUESKY), left("2", "ann", hour(2)))
    assert metrics()["unfollow_rate"] is None
    assert metrics()["block_rate"] == 0.0


def test_leaving_is_charged_to_the_last_message_of_24_hours(store, metrics):
    store(
        *(spoke(f"o{n}", "main", at, None, **BLUESKY) for n, at in enumerate((hour(0), day(3), day(8)))),
        *(answered(f"a{n}", "ann", at, **BLUESKY) for n, at in enumerate((hour(2), day(5)))),
        left("1", "bob", hour(1)),  # to o0
        left("2", "cid", hour(3)),  # to a0
        left("3", "dan", day(4)),  # to o1, after exactly a day
        left("4", "eve", day(6.1)),  # to nothing
        left("5", "fay", day(8.5), "block"),  # to o2
        left("6", "gus", day(8.5), platform="x"),
    )
    assert metrics()["push_penalty"] == (3 / 3) / (1 / 2)
    assert metrics(4)["push_penalty"] == (2 / 2) / (1 / 1)
    assert metrics(8.2, since=7)["push_penalty"] is None
    by_day = metrics(9, by="day")
    assert by_day[day(0)]["push_penalty"] == 1.0
    assert by_day[day(8)]["push_penalty"] is None


def test_share_of_voice_is_over_all_tracked_brands(store, metrics):
    store(
        *(said(f"{n}", "ann", hour(1)) for n in range(3)),
        said("o", "ann", hour(1), brand="other"),
        spoke("b", "main", hour(1), None, brand="other"),
        said("bot", "robot", hour(1), brand="other", role=Role.BOT),
    )
    assert metrics()["share_of_voice"] == 3 / 4
    assert metrics(brand="other")["share_of_voice"] == 1 / 4


def test_windows_in_which_nothing_came_back_are_listed(view, store):
    store(
        minutes=(
            sums(hour(1), cb=2),
            sums(hour(1) + timedelta(minutes=30), bc=1),
            sums(hour(2), cb=1, bo=1),
            sums(hour(3), cc=4),
            sums(hour(30), bo=1),
        )
    )
    rows = [
        (row["grain"], row["at"], row["silent"], row["only_broadcast"])
        for row in view("silent_windows", "grain, at")
    ]
    assert rows == [
        ("day", MONDAY + timedelta(days=1), False, True),
        ("hour", hour(2), True, True),
        ("hour", hour(30), False, True),
    ]
