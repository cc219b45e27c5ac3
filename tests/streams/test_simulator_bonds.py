"""What the simulator takes for true of pairs, advocates, voices and the market, counted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.story import ACME, ANA, BEN, BOT, CAT, DAY, HELP, HOUR, PLAIN, THANKS, Story

from schemas.event import ActorKind
from streams.simulator.people import Person
from streams.simulator.said import Said
from streams.simulator.truth.market import topics, trusted_voices
from streams.simulator.truth.voices import agents

GOOD, BAD = Said("Very good.", sentiment=1), Said("Awful.", sentiment=-1)
WEEKS_4 = 28 * DAY


def talks(story, at, customer=ANA, *, back=True):
    """The customer writes to the brand, which answers an hour later or not."""
    story.opens(customer, ACME, name="talk", at=at)
    return story.answers("talk", ACME, customer, at=at + HOUR) if back else story


def test_pairs_that_come_back():
    story = talks(talks(Story(), -10 * DAY), DAY)
    talks(talks(story, -40 * DAY, BEN, back=False), DAY, BEN)  # the first time nobody answered
    talks(story, DAY, CAT, back=False)
    values = story.told(timedelta(0), WEEKS_4).values()
    assert values["pair_reciprocity"] == 2 / 3
    assert values["repeat_rate"] == 1 / 2
    assert values["tenure_p50"] == pytest.approx((11 + 41) / 2 + 1 / 24)


def test_give_and_take_in_different_periods_is_not_reciprocal_in_either():
    story = Story().opens(ANA, ACME, at=-30 * DAY).opens(ACME, ANA, at=-2 * DAY)
    assert talks(story, DAY).told(timedelta(0), WEEKS_4).values()["repeat_rate"] == 0


def test_who_was_given_to_first():
    story = Story().opens(ACME, at=-90 * DAY)
    story.opens(ANA, name="aside", at=HOUR, asserted=("acme",)).answers("aside", ACME, ANA)
    talks(story, 2 * HOUR, BEN)
    assert story.told(timedelta(0), DAY).values()["give_first_rate"] == 1 / 2
    # A day earlier nobody could tell whether they were new.
    assert story.told(-DAY, -HOUR).values()["give_first_rate"] is None


def test_who_is_there_in_the_month_after():
    # From the 5th of January on: Ana comes in February, Ben only in March, and of Cat February is not over.
    story = talks(talks(Story(), DAY), 30 * DAY)
    talks(talks(story, DAY, BEN), 60 * DAY, BEN)
    talks(story, 40 * DAY, CAT)
    assert story.told(timedelta(0), 70 * DAY).values()["retention_1m"] == 1 / 2
    assert story.told(timedelta(0), 50 * DAY).values()["retention_1m"] is None


def test_applause_and_amplification_are_booked_to_the_post():
    story = Story().opens(ACME, name="post").opens(ACME, name="late", at=2 * DAY)
    story.does("like", ANA, "post", at=3 * DAY).does("like", ANA, "post").does("like", BOT, "post")
    story.does("like", BEN, "post", undone=story.now).does("repost", BEN, "post").does("like", BEN, "late")
    story.opens(CAT, ACME, quotes="post")
    first = story.told(timedelta(0), DAY).values()
    assert (first["applause_rate"], first["amplification_rate"]) == (1, 2)
    assert story.told().values()["applause_rate"] == 2 / 2


def test_advocates_speak_three_times_on_two_days():
    story = Story().opens(ACME, name="post").opens(ACME, name="next")
    for customer, opinion in ((ANA, GOOD), (BEN, BAD), (CAT, PLAIN)):
        story.does("repost", customer, "post", at=DAY).does("repost", customer, "next", at=DAY)
        story.opens(customer, at=2 * DAY, name=customer.handle, said=opinion, asserted=("acme",))
    values = story.told().values()
    assert (values["advocates"], values["partnering_rate"]) == (2, 0)
    story.does("like", ACME, "ana", at=30 * DAY)
    assert story.told().values()["partnering_rate"] == 1 / 2
    assert story.told(timedelta(0), 2 * DAY).values()["advocates"] == 0


def test_giving_counts_what_the_brand_likes():
    story = Story().opens(ANA, name="a", asserted=("acme",)).opens(ACME, said=Said("Look.", asks=True))
    story.does("like", ACME, "a").does("repost", ACME, "a").does("like", BOT, "a")
    assert story.told().values()["give_ratio"] == 2 / 3


def test_named_automated_and_deflecting():
    ann = Person("x", "4", "ann", brand="acme", agent="Ann")
    machine = Person("x", "5", "auto", ActorKind.SERVICE, brand="acme")
    story = Story().opens(ann, generator="Web").opens(ACME, said=Said("New. ^MK", signature="MK"))
    story.opens(machine).opens(ACME, generator="Buffer")
    story.opens(ANA, ACME, name="ask").answers("ask", ACME, ANA, said=Said("DM us.", deflects=True))
    story.answers("ask", HELP, ANA, said=Said("Se sidan.", "sv"))
    values = story.told().values()
    assert values["named_voice_share"] == 2 / 6
    assert (values["automation_share"], values["automation_coverage"]) == (2 / 3, 3 / 6)
    assert values["deflection_share"] == 1


def test_an_answer_is_canned_if_it_was_given_in_the_week_before():
    ready = Said("Hold the button for 5 seconds.", template="hold")
    story = Story().opens(ANA, ACME, name="a")
    for time in (timedelta(0), 7 * DAY, 14 * DAY + HOUR):
        story.answers("a", ACME, ANA, at=time, said=ready)
    assert story.told().values()["canned_share"] == 1 / 3


def test_agents_are_drawn_towards_all_agents_rate():
    story = Story()
    for number in range(60):
        agent = "Ann" if number < 30 else "Bea"
        story.opens(ANA, ACME, name="a", at=number * DAY)
        story.answers("a", ACME, ANA, name="b", said=Said("So.", signature=agent))
        if agent == "Ann" or number == 59:
            story.answers("b", ANA, ACME)
    story.opens(BEN, ACME, name="a").answers("a", ACME, BEN, said=Said("So.", signature="Cleo"))
    account = story.told()
    found = agents(account.view, account.span)
    assert found["Ann"].completion == pytest.approx((30 + 20 * 31 / 61) / 50)
    assert found["Bea"].completion == pytest.approx((1 + 20 * 31 / 61) / 50)
    assert (found["Cleo"].answered, found["Cleo"].completion) == (1, None)
    assert account.values()["social_marketers"] == 1


def test_peers_answer_loops_close_and_brands_keep_out():
    ask = Said("How?", question=True)
    story = Story().opens(ANA, ACME, name="a", said=ask).answers("a", BEN, ANA).answers("a", ACME, ANA)
    story.opens(BEN, ACME, name="b", said=ask).answers("b", BEN, ACME).answers("b", ACME, BEN, name="c")
    story.answers("c", BEN, ACME).opens(CAT, ACME, said=ask)
    story.opens(ACME, name="d").answers("d", ANA, ACME, name="e").answers("e", BEN, ANA)
    sums = story.told().sums
    assert (sums["questions"], sums["peer_answered"]) == (3, 1)
    assert (sums["two_sided"], sums["loops"]) == (3, 1)
    assert (sums["started_cc"], sums["brand_free_cc"]) == (2, 1)
    # The four conversations have 1, 1/2, 0 and 0.
    assert story.told().values()["turn_balance_p50"] == 1 / 4


def test_moods_of_customers_and_of_their_answers_to_broadcasts():
    love = Said("I love it!", love=True, sentiment=1)
    story = Story().opens(ACME, name="post").answers("post", ANA, ACME, name="a", said=BAD)
    story.answers("post", BEN, ACME, said=love).answers("a", CAT, ANA, said=BAD)
    story.answers("post", BEN, ACME, said=Said("Bra.", "sv")).answers("post", BOT, ACME, said=BAD)
    values = story.told().values()
    assert values["net_sentiment"] == (1 - 2) / 3
    assert values["passion_share"] == 1 / 3
    assert values["negative_reply_share"] == 1 / 2


def test_edges_among_customers_and_how_evenly_they_write():
    story = Story().opens(ACME, name="post").answers("post", ANA, ACME, name="a")
    story.answers("a", BEN, ANA, name="b").answers("b", ANA, BEN).answers("a", CAT, ANA)
    assert story.told().values()["c2c_reciprocity"] == 2 / 3
    assert story.told().values()["participation_gini"] is None
    for number in range(17):
        story.answers("post", Person("x", f"2{number}", "someone"), ACME)
    values = story.told().values()
    # Nineteen write once and Ana twice: 2 * (190 + 2 * 20) / (20 * 21) - 21 / 20.
    assert values["participation_gini"] == pytest.approx(2 * 230 / 420 - 21 / 20)
    assert values["top_1_percent_share"] == 2 / 21
    assert values["conversation_h_index"] == 1


def test_those_who_leave_are_charged_to_the_last_message_where_it_can_be_seen():
    blue = Person("bluesky", "did:1", "acme", brand="acme")
    readers = [Person("bluesky", f"did:{number}", "reader") for number in range(10, 14)]
    story = Story().opens(blue, name="post", followers=100).opens(readers[0], blue, name="ask", at=HOUR)
    story.answers("ask", blue, readers[0], at=2 * HOUR).opens(blue, at=3 * HOUR, followers=200)
    story.does("unfollow", readers[1], blue, at=HOUR).does("block", readers[2], blue, at=3 * HOUR + HOUR)
    story.does("unfollow", readers[2], blue, at=2 * HOUR + HOUR / 2)
    story.does("unfollow", readers[3], blue, at=2 * DAY)
    story.does("unfollow", ANA, ACME, at=HOUR).opens(ACME)  # X does not show it
    values = story.told(timedelta(0), 4 * DAY).values()
    assert values["unfollow_rate"] == 1000 * 3 / (200 * 4)
    assert values["block_rate"] == 1000 * 1 / 1
    assert values["push_penalty"] == (2 / 2) / (1 / 1)
    assert Story().opens(ACME, followers=9).told(timedelta(0), DAY).values()["unfollow_rate"] is None


def test_topics_below_twenty_messages_are_not_told():
    story = Story()
    for number in range(40):
        about = "fire" if number % 2 else "ice" if number < 38 else "air"
        mood = -1 if number < 4 else 1
        said = Said("So.", sentiment=mood, topics=(about,))
        story.opens(ANA, at=number * HOUR, said=said, asserted=("acme",))
        story.opens(ANA, at=number * HOUR - 20 * DAY, asserted=("acme",))
    account = story.told(timedelta(0), 10 * DAY)
    found = topics(account.view, account.span)
    fire = found["fire"]
    assert (fire.share, fire.rise, fire.sentiment) == (20 / 40, 20 / 40, (18 - 2) / 20)
    assert (found["ice"].messages, found["ice"].share) == (19, None)
    assert account.values()["topics_rising"] == 1


def test_whom_customers_trust():
    story = Story().opens(ACME, name="post").answers("post", ANA, ACME, name="a")
    story.answers("a", BEN, ANA, said=THANKS).answers("a", CAT, ANA, said=BAD)
    story.does("repost", BEN, "a").does("repost", CAT, "a").does("like", BOT, "a")
    account = story.told()
    assert trusted_voices(account.view, account.span) == {("x", "11"): 2}
    assert account.values()["trusted_voices"] == 1


def test_the_share_of_each_brand_among_all_customers_messages():
    story = Story().opens(ANA, ACME).opens(ANA, ACME).opens(BEN, asserted=("other",)).opens(ACME)
    assert story.told().values()["share_of_voice"] == 2 / 3
    assert story.told().values()["engagement_rate"] is None
