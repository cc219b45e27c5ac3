"""Parts of the independent computation against answers that are known otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from oracle.canned import alike
from oracle.metrics import views_of
from oracle.pairs import retention
from oracle.people import gini, top_share
from oracle.response import social_marketers
from oracle.seen import see
from oracle.survival import survived_to
from oracle.talks import h_index
from oracle.voices import topic_shares, topics_rising, trusted_voices
from support.handmade import REGISTRY, START, events_of
from support.labelling import plain_label


def _view(*shorts, window=None):
    period = window and tuple(START + timedelta(days=day) for day in window)
    return views_of(see(events_of(shorts), REGISTRY, plain_label), REGISTRY, period)["acme"]


# Freireich's remissions in weeks, the first data on which most textbooks draw the curve: 6-MP and placebo.
TREATED = [
    (6, 1),
    (6, 1),
    (6, 1),
    (6, 0),
    (7, 1),
    (9, 0),
    (10, 1),
    (10, 0),
    (11, 0),
    (13, 1),
    (16, 1),
    (17, 0),
]
TREATED += [(19, 0), (20, 0), (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0)]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


@pytest.mark.parametrize(
    ("waits", "level", "time"),
    [
        (TREATED, 0.5, 23),
        (TREATED, 0.1, None),
        ([(time, 1) for time in PLACEBO], 0.5, 8),
        ([(time, 1) for time in PLACEBO], 0.1, 17),
        ([(1, 1), (2, 1)], 0.5, 1),
        ([(1, 0), (2, 1)], 0.5, 2),
        ([(5, 0)], 0.5, None),
        ([], 0.5, None),
    ],
)
def test_survival(waits, level, time):
    assert survived_to([(float(wait), bool(ended)) for wait, ended in waits], level) == time


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([1] * 20, 0), ([1] * 19, None), ([0] * 19 + [7], 19 / 20), (range(1, 21), 19 / 60)],
)
def test_gini(numbers, expected):
    assert gini(numbers) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("numbers", "expected"), [([1] * 19, None), ([1] * 99 + [2], 2 / 101), ([1] * 99 + [3, 2], 5 / 104)]
)
def test_the_top_hundredth_is_rounded_up(numbers, expected):
    assert top_share(numbers) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("numbers", "expected"), [([], 0), ([0, 0], 0), ([5], 1), ([3, 3, 3], 3), ([1, 2, 2], 2), ([9, 9, 1], 2)]
)
def test_h_index(numbers, expected):
    assert h_index(numbers) == expected


def test_sketches_are_alike_by_their_places():
    assert alike((1, 2, 3, 4), (1, 2, 3, 5)) == 3 / 4
    assert alike((1, 2), (2, 1)) == 0
    assert alike((), ()) == 0


def _talk(agent, number, *, back):
    """An exchange of which the customer does or does not come back."""
    name = f"{agent}{number}"
    yield {"id": f"q{name}", "by": f"c{name}", "at": 0, "names": ["acme"]}
    yield {"id": f"a{name}", "by": "acme", "at": 1, "reply": f"q{name}", "agent": agent}
    if back:
        yield {"id": f"b{name}", "by": f"c{name}", "at": 2, "reply": f"a{name}"}


def test_social_marketers_are_drawn_towards_their_brand():
    ann = [event for number in range(30) for event in _talk("Ann", number, back=number < 24)]
    bea = [event for number in range(30) for event in _talk("Bea", number, back=number < 6)]
    cas = [event for number in range(29) for event in _talk("Cas", number, back=True)]
    own = (24 + 6 + 29) / 89
    assert social_marketers(_view(*ann, *bea, *cas)) == {
        "Ann": pytest.approx((24 + 20 * own) / 50),
        "Bea": pytest.approx((6 + 20 * own) / 50),
        "Cas": None,
    }


def test_trusted_voices_are_those_whom_others_approve_of_or_pass_on():
    view = _view(
        {"id": "r", "by": "acme", "at": 0},
        {"id": "q", "by": "eve", "at": 1, "reply": "r", "text": "The parcel is blue."},
        {"id": "p1", "by": "bob", "at": 2, "reply": "q", "text": "I love it, great!"},
        {"id": "p2", "by": "bob", "at": 3, "repost": "q"},
        {"id": "p3", "by": "kim", "at": 3, "repost": "q"},
        {"id": "n", "by": "lou", "at": 4, "reply": "q", "text": "This is terrible."},
        {"id": "l", "by": "moe", "at": 4, "like": "q"},
        {"id": "t", "by": "acme", "at": 5, "reply": "q", "text": "I love it, great!"},
        {"id": "u", "by": "eve", "at": 6, "reply": "p1", "text": "I love it, great!"},
    )
    assert trusted_voices(view) == {("x", "eve"): 2, ("x", "bob"): 1}


def test_topics_rise_against_the_28_days_before():
    said = {"by": "eve", "names": ["acme"], "repeat": 20}
    view = _view(
        {"id": "a{n}", "at": "1d", **said, "hashtags": ["Old"]},
        {"id": "b{n}", "at": "30d", **said, "hashtags": ["new"]},
        {"id": "c{n}", "at": "31d", **said, "hashtags": ["old", "OLD"]},
        window=(28, 56),
    )
    assert topic_shares(view) == {"new": 0.5, "old": 0.5}
    assert topics_rising(view) == {"new": 0.5, "old": -0.5}
    assert topic_shares(_view({"id": "a{n}", "at": 1, **said, "repeat": 19})) is None


def test_a_cohort_is_judged_when_its_month_is_over():
    shorts = [{"id": "a", "by": "eve", "at": 0, "names": ["acme"]}, {"id": "b", "by": "acme", "at": "40d"}]
    assert retention(_view(*shorts)) == {}
    (cohort,) = retention(_view(*shorts, {"id": "c", "by": "acme", "at": "55d"})).values()
    assert cohort == (0, 1)
