"""R1 to R6 on exchanges written by hand; each has a promised time of an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.stored import answered, asked, day, hour, said

MINUTE = timedelta(minutes=1)
HOUR = 3600


def last_event(at):
    """Something that moves the watermark."""
    return said("last", "zoe", at)


def test_replies_in_the_promised_time_over_the_exchanges_that_are_as_old(store, metrics):
    store(
        asked("1", "ann", hour(0), hour(1)),  # to the second
        asked("2", "ann", hour(1), hour(2) + MINUTE),
        asked("3", "ann", hour(2)),
        asked("4", "ann", hour(9), hour(9) + MINUTE),  # an hour old at the watermark
        asked("5", "ann", hour(9) + MINUTE, hour(9) + 2 * MINUTE),  # not yet
        last_event(hour(10)),
    )
    assert metrics()["reply_rate"] == 2 / 4


def test_the_end_of_the_period_is_the_watermark_if_it_is_earlier(store, metrics):
    store(asked("1", "ann", hour(0)), asked("2", "ann", hour(1), hour(1)), last_event(day(20)))
    assert metrics(hour(1).hour / 24 + 1 / 48)["reply_rate"] == 0.0
    assert metrics(28)["reply_rate"] == 1 / 2


def test_without_mature_exchanges_nothing_is_said(store, metrics):
    store(asked("1", "ann", hour(0)))
    found = metrics()
    columns = (
        "reply_rate",
        "help_confirmed_rate",
        "help_coverage",
        "single_reply_closure",
        "time_to_close_p50",
    )
    assert [found[column] for column in columns] == [None] * 5
    assert found["open_backlog"] == 0


def test_bots_and_messages_that_open_nothing_are_no_exchanges(store, metrics):
    store(said("1", "ann", hour(0)), answered("2", "ann", hour(1)), last_event(hour(9)))
    found = metrics()
    assert (found["reply_rate"], found["first_response_p50"]) == (None, None)


def test_the_median_wait_is_that_of_kaplan_and_meier(store, metrics):
    # wait (min)   10    20    20    30+   40    50+   60
    # at risk       7     6     .     4     3     2     1
    # survival    6/7   4/7     .     .   8/21    .     0
    waits = [(10, True), (20, True), (20, True), (30, False), (40, True), (50, False), (60, True)]
    end = hour(5)
    store(
        *(
            asked(
                str(n),
                f"c{n}",
                end - wait * MINUTE if not seen else hour(1),
                None if not seen else hour(1) + wait * MINUTE,
            )
            for n, (wait, seen) in enumerate(waits)
        ),
        last_event(end),
    )
    found = metrics()
    assert found["first_response_p50"] == 40 * 60
    assert found["first_response_p90"] == 60 * 60


def test_exactly_half_answered_has_a_median_and_fewer_have_none(store, metrics):
    store(asked("1", "ann", hour(0), hour(1)), asked("2", "bob", hour(0)), last_event(hour(9)))
    assert metrics()["first_response_p50"] == HOUR
    assert metrics()["first_response_p90"] is None
    store(asked("3", "cid", hour(0)))
    assert metrics()["first_response_p50"] is None


def test_ties_of_replies_and_the_watermark_count_replies_first(store, metrics):
    store(asked("1", "ann", hour(0), hour(2)), asked("2", "bob", hour(0)), said("last", "main", hour(2)))
    assert metrics()["first_response_p50"] == 2 * HOUR


def test_a_reply_after_the_watermark_is_not_known_yet(store, metrics):
    store(asked("1", "ann", hour(0), hour(30)), last_event(hour(40)))
    assert metrics(1)["first_response_p50"] is None
    assert metrics(1)["open_backlog"] == 1
    assert metrics(2)["first_response_p50"] == 30 * HOUR
    assert metrics(2)["open_backlog"] == 0


def test_the_backlog_is_a_stock_at_the_end_of_each_window(store, metrics):
    store(
        asked("1", "ann", day(-9)),
        asked("2", "bob", day(0.5), day(2.5)),
        asked("3", "cid", day(0.98)),  # overdue only on the next day
        asked("4", "dan", day(0.2), day(0.201)),
        last_event(day(3.5)),
        asked("5", "eve", day(3.49)),  # not overdue at the watermark
    )
    by_day = metrics(28, by="day")
    assert [by_day[day(n)]["open_backlog"] for n in range(3)] == [2, 3, 2]
    assert metrics()["open_backlog"] == 2
    assert metrics(0.6)["open_backlog"] == 2
    assert metrics(28, since=3, by="day")[day(3)]["open_backlog"] == 2


def test_help_is_confirmed_of_what_could_be_seen(store, metrics):
    seen = {"exchange_classified": True}
    store(
        asked("1", "ann", hour(0), hour(1), exchange_confirmed_at=hour(2), **seen),
        asked("2", "bob", hour(0), hour(1), **seen),
        asked("3", "cid", hour(0), hour(1)),
        asked("4", "dan", hour(0)),
    )
    found = metrics()
    assert (found["help_confirmed_rate"], found["help_coverage"]) == (1 / 2, 2 / 3)


def test_one_reply_was_enough_of_those_72_hours_old(store, metrics):
    store(
        asked("1", "ann", day(0), day(1), exchange_single=True),
        asked("2", "bob", day(0), day(1)),
        asked("3", "cid", day(0), day(2), exchange_single=True),
        last_event(day(4)),
    )
    assert metrics()["single_reply_closure"] == 1 / 2


def test_time_to_close_is_the_median_of_those_that_are_quiet(store, metrics):
    def closed(id_, after, quiet_after=0):
        until = hour(after)
        return asked(
            id_,
            id_,
            hour(0),
            hour(1),
            exchange_closed_at=until,
            exchange_quiet_from=until + timedelta(hours=quiet_after),
        )

    store(closed("1", 1), closed("2", 4), closed("3", 100), last_event(hour(100)))
    assert metrics()["time_to_close_p50"] == 2.5 * HOUR


def test_an_exchange_as_it_stands_at_the_watermark(store, view):
    store(
        asked(
            "1", "ann", hour(0), hour(2), exchange_agent="Al", exchange_replies=2, exchange_classified=True,
            exchange_quiet_from=hour(3), exchange_closed_at=hour(2), exchange_back_at=hour(3),
        ),
        asked("2", "bob", hour(1)),
        asked("3", "cid", day(9) - 10 * MINUTE),
        last_event(day(9)),
    )  # fmt: skip
    first, second, third = view("exchange_facts", "question_id")
    assert (first["customer"], first["opened_at"], first["promised_at"]) == ("ann", hour(0), hour(1))
    assert (first["answered"], first["in_time"], first["overdue"], first["confirmed"]) == (
        True,
        False,
        False,
        False,
    )
    assert (first["first_response"], first["time_to_close"], first["agent"]) == (2 * HOUR, 2 * HOUR, "Al")
    assert (second["answered"], second["in_time"], second["overdue"], second["confirmed"]) == (
        False,
        False,
        True,
        None,
    )
    assert (second["age"], second["first_response"], second["closed_at"]) == (9 * 86400 - HOUR, None, None)
    assert (third["in_time"], third["overdue"]) == (None, False)


@pytest.mark.parametrize(("answered_", "back", "found"), [(29, 29, None), (30, 15, (15 + 20 * 0.5) / 50)])
def test_of_an_agent_nothing_is_said_below_30_exchanges(store, view, answered_, back, found):
    store(
        *(
            asked(
                f"{n}",
                f"c{n}",
                hour(0),
                hour(1),
                exchange_agent="Al",
                exchange_back_at=hour(2) if n < back else None,
            )
            for n in range(answered_)
        ),
        asked("nameless", "zoe", hour(0), hour(1)),
    )
    (agent,) = view("social_marketers")
    assert (agent["agent"], agent["answered"], agent["back"]) == ("Al", answered_, back)
    assert agent["loop_completion"] == found


def test_an_agent_is_held_against_the_rate_of_all_agents(store, view, metrics):
    def exchanges(agent, back):
        return (
            asked(
                f"{agent}{n}",
                f"c{n}",
                hour(0),
                hour(1),
                exchange_agent=agent,
                exchange_back_at=hour(2) if n < back else None,
            )
            for n in range(40)
        )

    store(*exchanges("Al", 30), *exchanges("Bo", 10))
    al, bo = view("social_marketers", "agent")
    assert al["brand_rate"] == bo["brand_rate"] == 0.5
    assert (al["loop_completion"], bo["loop_completion"]) == (pytest.approx(40 / 60), pytest.approx(20 / 60))
    assert metrics()["social_marketers"] == 1
