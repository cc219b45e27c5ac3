"""Keys and conversations of the events in a file, against a naive walker."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.event import ACTS_ON, MESSAGES, RELATIONS, Activity, Actor, Reference, SocialEvent
from streams.sources.keys import Keys
from streams.sources.roots import Root, Roots

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def event(
    own: str, activity: Activity = Activity.POST, about: str | None = None, conversation: str | None = None
) -> SocialEvent:
    field = ACTS_ON.get(activity, "in_reply_to")
    return SocialEvent(
        platform="x",
        activity=activity,
        id=own,
        actor=Actor(id="ann"),
        published=NOON,
        conversation=conversation,
        **{field: Reference(id=about) if about else None},  # type: ignore[arg-type]
    )


def keyed(*events: SocialEvent) -> list[tuple[str, str | None]]:
    keys = Keys()
    for each in events:
        keys.note(each)
    placed = [keys.keyed(each, 1) for each in events]
    return [(one.key, one.event.conversation) for one in placed]


def reply(own: str, parent: str) -> SocialEvent:
    return event(own, Activity.REPLY, parent)


def test_replies_take_their_roots_id_whatever_comes_first() -> None:
    assert keyed(reply("c", "b"), event("a"), reply("b", "a")) == [("a", "a")] * 3


def test_a_conversation_above_is_taken_over() -> None:
    above = event("b", Activity.REPLY, "a", conversation="thread")
    assert keyed(event("a"), above, reply("c", "b")) == [
        ("a", "a"),
        ("thread", "thread"),
        ("thread", "thread"),
    ]


def test_a_parent_that_is_not_in_the_file_is_the_key_and_leaves_the_conversation_open() -> None:
    assert keyed(reply("c", "b"), reply("b", "a")) == [("a", None), ("a", None)]


def test_a_quote_without_a_parent_is_a_root() -> None:
    assert keyed(event("a"), event("q", Activity.QUOTE, "a")) == [("a", "a"), ("q", "q")]


@pytest.mark.parametrize(
    "activity", [Activity.LIKE, Activity.DISLIKE, Activity.REPOST, Activity.DELETE, Activity.UNDO]
)
def test_a_reaction_goes_where_its_object_is(activity: Activity) -> None:
    assert keyed(event("a"), reply("b", "a"), event("r", activity, "b"))[2] == ("a", "a")
    assert keyed(event("r", activity, "b")) == [("b", None)]
    # Bluesky's deletes bear the id of what they delete.
    assert keyed(event("a"), reply("b", "a"), event("b", activity, "b"))[2] == ("a", "a")


def test_an_undo_goes_where_the_reaction_is() -> None:
    like, follow = event("l", Activity.LIKE, "b"), event("f", Activity.FOLLOW, "bo")
    found = keyed(
        event("a"),
        reply("b", "a"),
        like,
        follow,
        event("u", Activity.UNDO, "l"),
        event("v", Activity.UNDO, "f"),
    )
    assert found[2:] == [("a", "a"), ("ann>bo", None), ("a", "a"), ("ann>bo", None)]


def test_an_edit_goes_where_its_message_is_and_does_not_stand_for_it() -> None:
    assert keyed(event("a"), reply("b", "a"), event("b", Activity.UPDATE))[2] == ("a", "a")
    assert keyed(event("b", Activity.UPDATE), reply("c", "b")) == [("b", None), ("b", None)]
    assert keyed(event("b", Activity.UPDATE, "a"), event("a")) == [("a", "a"), ("a", "a")]


def test_platforms_do_not_share_ids() -> None:
    other = event("a").model_copy(update={"platform": "reddit"})
    assert keyed(other, reply("b", "a")) == [("a", "a"), ("a", None)]


def test_a_circle_ends_at_its_least_id() -> None:
    circle = [reply("c", "b"), reply("b", "d"), reply("d", "c"), reply("z", "d"), reply("s", "s")]
    assert keyed(*circle) == [("b", None)] * 4 + [("s", None)]


def test_a_thread_of_a_hundred_thousand_replies_is_no_trouble() -> None:
    roots = Roots()
    roots.message("0")
    for number in range(1, 100_000):
        roots.message(str(number), parent=str(number - 1))
    assert {roots.of(str(number)) for number in reversed(range(100_000))} == {Root("0", "0")}


IDS = st.sampled_from("abcdef")
EVENTS = st.lists(
    st.builds(
        event,
        IDS,
        st.sampled_from(list(Activity)),
        IDS | st.sampled_from("xyz"),
        st.none() | st.none() | st.none() | st.sampled_from(["one", "two"]),
    )
    | st.builds(event, IDS, st.sampled_from([Activity.POST, Activity.UPDATE])),
    max_size=14,
)


def naive(events: list[SocialEvent], of: SocialEvent) -> tuple[str, str | None]:
    """One walk, anew for every event, over all lines at every step."""
    if of.activity in RELATIONS:
        return f"{of.actor.id}>{of.object.id if of.object else ''}", of.conversation
    if of.conversation:
        return of.conversation, of.conversation
    says = MESSAGES | {Activity.UPDATE}
    here = of.id if of.activity in says or not of.object else of.object.id
    path: list[str] = []
    while here not in path:
        path.append(here)
        own = [each for each in events if each.id == here]
        lines = [each for each in own if each.activity in says]
        if stated := [each.conversation for each in lines if each.conversation]:
            return max(stated), max(stated)
        if parents := [each.in_reply_to.id for each in lines if each.in_reply_to]:
            here = max(parents)
            continue
        if any(each.activity in MESSAGES for each in lines):
            return here, here
        reacts = (Activity.LIKE, Activity.DISLIKE, Activity.REPOST)
        if objects := [each.object.id for each in own if each.activity in reacts and each.object]:
            here = max(objects)
            continue
        pairs = [f"ann>{each.object.id}" for each in own if each.activity in RELATIONS and each.object]
        return max(pairs, default=here), None
    return min(path[path.index(here) :]), None


@settings(deadline=None)
@given(EVENTS)
def test_every_event_is_placed_as_the_naive_walker_does(events: list[SocialEvent]) -> None:
    assert keyed(*events) == [naive(events, each) for each in events]


@settings(deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_makes_no_difference(events: list[SocialEvent], random: object) -> None:
    order = list(range(len(events)))
    random.shuffle(order)  # type: ignore[attr-defined]
    before, after = keyed(*events), keyed(*(events[index] for index in order))
    assert after == [before[index] for index in order]
