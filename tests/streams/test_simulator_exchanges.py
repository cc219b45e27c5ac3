"""What the simulator takes for true of help, held against stories that are counted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.story import ACME, ANA, BEN, CAT, DAY, HELP, HOUR, MINUTE, OTHER, PLAIN, THANKS, Story

from streams.simulator.said import Said
from streams.simulator.truth.care import exchanges, survival

SECOND = timedelta(seconds=1)


def opened(story):
    return exchanges(story.told().view)


def test_an_exchange_is_opened_answered_and_confirmed():
    (exchange,) = opened(
        Story()
        .opens(ANA, ACME, name="ask")
        .answers("ask", HELP, ANA, name="reply", said=Said("Turn it.", signature="Ida"))
        .answers("reply", ANA, HELP, said=THANKS)
    )
    assert (exchange.seconds, exchange.agent) == (60, "Ida")
    assert (exchange.back, exchange.confirmed, exchange.classified, exchange.single) == (True,) * 4
    assert exchange.closed_at == exchange.opening.time + MINUTE
    assert exchange.quiet_from == exchange.opening.time + 2 * MINUTE


@pytest.mark.parametrize(("gap", "count"), [(24 * HOUR - SECOND, 1), (24 * HOUR, 2)])
def test_after_a_day_of_silence_another_one_opens(gap, count):
    story = Story().opens(ANA, ACME, name="ask").answers("ask", ANA, ACME, at=gap)
    assert len(opened(story)) == count


def test_an_answer_after_the_next_opening_is_the_next_ones():
    first, second = opened(
        Story()
        .opens(ANA, ACME, name="ask")
        .answers("ask", ANA, ACME, name="again", at=2 * DAY)
        .answers("ask", ACME, ANA, at=2 * DAY + HOUR)
    )
    assert first.reply is None
    assert second.seconds == 3600
    # Until three days of quiet it is one talk: the answer closes both.
    assert first.closed_at == second.closed_at == second.reply.time


@pytest.mark.parametrize(("gap", "within"), [(72 * HOUR - SECOND, True), (72 * HOUR, False)])
def test_three_days_of_quiet_after_the_answer_end_it(gap, within):
    story = Story().opens(ANA, ACME, name="ask").answers("ask", ACME, ANA, name="reply", at=HOUR)
    (exchange,) = opened(story.answers("reply", ACME, ANA, at=HOUR + gap))
    assert exchange.closed_at == exchange.reply.time + (gap if within else 0 * HOUR)
    assert exchange.single is not within


def test_an_answer_after_more_than_three_days_closes_it_too():
    (exchange,) = opened(Story().opens(ANA, ACME, name="ask").answers("ask", ACME, ANA, at=5 * DAY))
    assert exchange.closed_at == exchange.reply.time
    assert exchange.single


@pytest.mark.parametrize(("delay", "confirmed"), [(7 * DAY, True), (7 * DAY + SECOND, False)])
def test_a_like_of_the_answer_confirms_within_a_week(delay, confirmed):
    story = Story().opens(ANA, ACME, name="ask").answers("ask", ACME, ANA, name="reply", at=HOUR)
    (exchange,) = opened(story.does("like", ANA, "reply", at=HOUR + delay))
    assert (exchange.confirmed, exchange.classified) == (confirmed, confirmed)


def test_what_others_like_or_was_undone_confirms_nothing():
    story = Story().opens(ANA, ACME, name="ask").answers("ask", ACME, ANA, name="reply")
    story.does("like", BEN, "reply").does("like", ANA, "reply", undone=story.now + HOUR)
    (exchange,) = opened(story)
    assert not exchange.confirmed
    assert not exchange.classified


def test_what_nobody_can_read_confirms_nothing_and_is_not_classified():
    foreign = Said("Tack!", "sv", thanks=False)
    (exchange,) = opened(
        Story()
        .opens(ANA, ACME, name="ask")
        .answers("ask", ACME, ANA, name="reply")
        .answers("reply", ANA, ACME, said=foreign)
    )
    assert (exchange.back, exchange.classified, exchange.single) == (True, False, False)


def test_naming_the_brand_under_another_customers_message_opens_one():
    story = Story().opens(BEN, name="post", asserted=("acme",))
    story.answers("post", ANA, BEN, mentions=(ACME,))
    assert [exchange.opening.author for exchange in opened(story)] == [ANA]


def test_a_quote_opens_one_only_if_it_names_the_brand():
    story = Story().opens(ACME, name="post").opens(ANA, ACME, quotes="post")
    assert opened(story) == []
    story.opens(BEN, ACME, quotes="post", mentions=(ACME,))
    assert len(opened(story)) == 1


def test_a_brand_that_turns_to_a_customer_first_opens_none():
    story = Story().opens(ACME, ANA, name="hello")
    assert opened(story) == []
    (exchange,) = opened(story.answers("hello", ANA, ACME))
    assert exchange.reply is None


def test_two_customers_of_one_thread_have_exchanges_of_their_own():
    story = Story().opens(ACME, name="post")
    story.answers("post", ANA, ACME, name="a").answers("post", BEN, ACME).answers("a", ACME, ANA)
    first, second = opened(story)
    assert (first.reply is None, second.reply is None) == (False, True)


def test_the_values_of_a_window():
    story = (
        Story()
        .opens(ANA, ACME, name="a", at=-HOUR)  # before the window; stays open
        .opens(ANA, ACME, name="b", at=HOUR)
        .answers("b", ACME, ANA, name="b1", at=HOUR + 10 * MINUTE)  # in time
        .answers("b1", ANA, ACME, at=HOUR + 20 * MINUTE, said=PLAIN)
        .opens(BEN, ACME, name="c", at=2 * HOUR)
        .answers("c", ACME, BEN, at=4 * HOUR)  # late
        .opens(CAT, ACME, at=5 * HOUR)  # never
        .opens(CAT, at=8 * DAY, asserted=("acme",))  # the watermark
    )
    values = story.told(timedelta(0), 10 * DAY).values()
    assert values["reply_rate"] == 1 / 3
    assert values["first_response_p50"] == 2 * 3600
    assert values["first_response_p90"] is None
    assert values["open_backlog"] == 2
    assert (values["help_confirmed_rate"], values["help_coverage"]) == (0, 1 / 2)
    assert values["single_reply_closure"] == 1 / 2
    assert values["time_to_close_p50"] == (600 + 7200) / 2


def test_what_is_too_young_is_not_judged():
    story = Story().opens(ANA, ACME, name="a").answers("a", ACME, ANA).opens(BEN, OTHER, at=HOUR - MINUTE)
    values = story.told().values()
    assert values["reply_rate"] is None
    assert values["single_reply_closure"] is None
    assert values["time_to_close_p50"] is None
    assert values["open_backlog"] == 0


@pytest.mark.parametrize(
    ("waits", "half", "tenth"),
    [
        ([], None, None),
        ([(5, 9)], 5, 5),
        ([(None, 9)], None, None),
        ([(1, 9), (2, 9), (3, 9), (4, 9)], 2, 4),
        ([(1, 9), (2, 9), (None, 9), (None, 9)], 2, None),
        # One is lost from sight after the first: three quarters, then half of that.
        ([(1, 9), (None, 2), (3, 9), (None, 9)], 3, None),
    ],
)
def test_kaplan_and_meier(waits, half, tenth):
    assert (survival(waits, 0.5), survival(waits, 0.1)) == (half, tenth)
