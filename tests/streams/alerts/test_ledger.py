"""What is written: twice the same is nothing, late events withdraw, and what was sent is known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from support.drawn import drawn

from streams.alerts.course import RULES, course
from streams.alerts.ledger import entries, news
from streams.alerts.message import encode

NOW = datetime(2026, 2, 14, 0, 20, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
DAYS, _ = drawn(
    """
    days  bo  bc | state
      35  10  10 | ok
       5  18   2 | firing
    """
)
FIRED = DAYS[38].date


class Tables:
    """What is stored, by the keys of the tables; the newest row counts."""

    def __init__(self):
        self.states, self.history = {}, {}

    def judge(self, days, now=NOW):
        courses = {("acme", rule.alert.id): course(days, rule) for rule in RULES}
        told = entries(courses, list(self.states.values()), list(self.history.values()), now)
        self.states |= {(row.brand, row.alert): row for row in told.states}
        self.history |= {(row.brand, row.alert, row.day): row for row in told.history}
        return told

    def publish(self, now=NOW):
        sent = news(self.history.values(), now)
        self.history |= {
            (row.brand, row.alert, row.day): row.model_copy(update={"published_at": now, "judged_at": now})
            for row in sent
        }
        return [(row.alert, row.day, str(row.state), row.withdrawn) for row in sent]

    def said(self):
        hidden = {"judged_at", "published_at"}
        tables = (self.states, self.history)
        return [sorted(str(row.model_dump(exclude=hidden)) for row in table.values()) for table in tables]


@pytest.fixture
def tables():
    return Tables()


def test_the_first_evaluation_writes_every_state_and_every_change(tables):
    told = tables.judge(DAYS)
    assert [(row.alert, str(row.state), row.firing) for row in told.states] == [
        ("AL1", "firing", 1),
        ("AL2", "stale", 0),
        ("AL3", "stale", 0),
        ("AL4", "stale", 0),
        ("AL5", "ok", 0),
    ]
    changes = [(row.before, str(row.state), row.day) for row in told.history if row.alert == "AL1"]
    assert changes == [("", "held", DAYS[0].date), ("held", "ok", DAYS[11].date), ("ok", "firing", FIRED)]


def test_a_state_says_what_it_is_made_of(tables):
    state = tables.judge(DAYS).states[0]
    assert (state.since, state.day, state.frozen) == (FIRED, DAYS[39].date, True)
    assert (state.baseline_from, state.baseline_to) == (DAYS[4].date, DAYS[31].date)
    assert (state.n, state.n_before, state.window_days) == (140, 560, 7)
    assert (state.value, state.baseline) == (pytest.approx(0.5 + 5 / 7 * 0.4), 0.5)


def test_judging_again_writes_nothing(tables):
    tables.judge(DAYS)
    again = tables.judge(DAYS, LATER)
    assert (again.states, again.history) == ([], [])


def test_day_by_day_or_all_at_once_or_after_days_of_rest_is_the_same():
    daily, once, rested = Tables(), Tables(), Tables()
    for number in range(1, len(DAYS) + 1):
        daily.judge(DAYS[:number])
    for number in (12, 37, len(DAYS)):
        rested.judge(DAYS[:number])
        rested.judge(DAYS[:number])
    once.judge(DAYS)
    assert daily.said() == once.said() == rested.said()


def test_late_answers_withdraw_what_they_refute(tables):
    tables.judge(DAYS)
    answered = [replace(day, bc=day.bo) for day in DAYS]
    told = tables.judge(answered, LATER)
    assert [(row.alert, row.day, row.withdrawn) for row in told.history if row.alert == "AL1"] == [
        ("AL1", FIRED, True)
    ]
    assert str(tables.states["acme", "AL1"].state) == "ok"
    assert tables.judge(answered, LATER).history == []
    (back,) = [row for row in tables.judge(DAYS, LATER).history if row.alert == "AL1"]
    assert (back.day, back.withdrawn) == (FIRED, False)


def test_changes_of_the_last_week_are_news_and_older_ones_are_history(tables):
    tables.judge(DAYS)
    assert tables.publish() == [("AL1", FIRED, "firing", False)]
    assert tables.publish() == []
    other = Tables()
    other.judge(DAYS)
    late = datetime.combine(FIRED + timedelta(days=8), time(1), UTC)
    assert other.publish(late) == []


def test_what_was_sent_is_not_sent_again_when_it_is_judged_again(tables):
    tables.judge(DAYS)
    tables.publish()
    tables.judge(DAYS, LATER)
    tables.judge(
        [replace(day, bo=day.bo + 1, decided=day.decided + 1, messages=day.messages + 1) for day in DAYS]
    )
    assert tables.history["acme", "AL1", FIRED].value != 0.5
    assert tables.publish(LATER) == []


def test_a_withdrawal_is_news_too(tables):
    tables.judge(DAYS)
    tables.publish()
    tables.judge([replace(day, bc=day.bo) for day in DAYS], LATER)
    assert tables.publish(LATER) == [("AL1", FIRED, "firing", True)]
    assert tables.publish(LATER) == []


def test_a_message_has_a_key_of_its_own_and_says_what_to_do(tables):
    row = next(row for row in tables.judge(DAYS).history if row.day == FIRED)
    key, value = encode(row)
    said = json.loads(value)
    assert key.decode() == said["id"] == f"acme/AL1/{FIRED}"
    assert (said["before"], said["state"], said["firing"], said["withdrawn"]) == ("ok", "firing", 1, False)
    assert said["runbook"] == "docs/runbook.md#al1-step"
    assert said["name"] == "broadcast step"
