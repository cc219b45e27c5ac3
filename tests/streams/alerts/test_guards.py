"""When nothing is said: too few messages, numbers that cannot be trusted, a feed that was lost."""

from __future__ import annotations

import pytest
from support.drawn import after, drawn, told

from schemas.alerts import GAP_LONGEST
from streams.alerts.gaps import lost

CASES = {
    "too few messages are held, and stale on the 14th day": (
        "AL1",
        """
        days  bo  bc | state
          13   1   0 | held
           1   1   0 | stale
          30   1   0 | stale
          25  10  10 | stale     below 15 a day, over 35 days
           1  10  10 | ok
        """,
    ),
    "an alert that fires goes on firing while it is held, until it is stale": (
        "AL1",
        """
        days  bo  bc  undecided | state
          35  10  10          0 | ok
           4  18   2          0 | firing
          13  18   2         20 | firing    Q1 of the window is below .9
           1  18   2         20 | stale
        """,
    ),
    "after a stale state it begins anew": (
        "AL1",
        """
        days  bo  bc  undecided | state
          35  10  10          0 | ok
           4  18   2          0 | firing
          14  18   2         20 | stale
          31  18   2          0 | stale     4 days with poor Q1 are in the baseline: 560 of 640
          10  18   2          0 | ok        against what is usual by now
        """,
    ),
    "a held day neither adds to a run of days nor breaks it": (
        "AL1",
        """
        days  bo  bc  undecided | state
          35  10  10          0 | ok
           3  18   2          0 | ok        the first of two days
           1  18   2         20 | held
           6  18   2          0 | held      it stays in the window for 7 days
           1  18   2          0 | firing    the second
        """,
    ),
    "direction coverage counts in the baseline too": (
        "AL1",
        """
        days  bo  bc  undecided | state
          20  10  10          0 | ok
           1  10  10        100 | held
           7  10  10          0 | held
          27  10  10          0 | stale
           1  10  10          0 | ok        28 days before the last 7 are good
        """,
    ),
    "a lost inbound feed is no broadcasting": (
        "AL1",
        """
        days  bo  bc  inbound | state
          35  10  10       30 | ok
           5  10   0        0 | held
           6  10  10       30 | held      the last lost day is 7 days ago
           1  10  10       30 | ok
          40  10  10       30 | ok
        """,
    ),
    "a platform that is left for good is no gap for ever": (
        "AL1",
        """
        days  bo  bc  inbound | state
          35  10  10       30 | ok
          13  10  10        0 | held
           1  10  10        0 | stale
          20  10  10        0 | stale     28 lost days, and 7 more in which the last of them lies
           7  10  10        0 | ok
        """,
    ),
    "AL2 is held by the poor coverage of one week": (
        "AL2",
        """
        days  bo  bc  undecided | state
           7   5  15          0 | held
           7   6  14         20 | stale
           7   7  13          0 | stale
           7   8  12          0 | stale
           7   9  11          0 | stale
           7  10  10          0 | stale
           7  11   9          0 | stale
           7  12   8          0 | stale     the second week is one of the 8
           7  13   7          0 | stale
           7  14   6          0 | firing
        """,
    ),
    "AL2 leaves out the days of a lost feed": (
        "AL2",
        """
        days  bo  bc  inbound | state
           7   5  15       30
           7   6  14       30
           6   7  13       30
           1 500   0        0 | stale     would make the third week the highest of all
           7   8  12       30
           7   9  11       30
           7  10  10       30
           7  11   9       30
           7  12   8       30 | firing
        """,
    ),
    "AL3 wants 100 exchanges in the baseline": (
        "AL3",
        """
        days  bo  bc  due  in_time | state
          30  10  10    1        1 | stale
           7  10  10   20        0 | stale
        """,
    ),
    "AL4 wants 100 answers in the baseline": (
        "AL4",
        """
        days  bo  bc  posts  answers | state
          35  10   5     10        3 | stale     84 answers in 28 days
          20  15   5     15        0 | stale
        """,
    ),
}


@pytest.mark.parametrize(("alert", "table"), CASES.values(), ids=CASES)
def test_days_in_states_out(alert, table):
    assert not told(alert, table)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("60   1   0          0   0", "few"),
        ("20  10  10         20   0", "coverage"),
        ("11  10  10          0   0", "few_before"),
    ],
)
def test_it_says_why_it_is_held(line, why):
    days, _ = drawn(f"days  bo  bc  undecided  due | state\n{line} | held")
    assert after("AL1", days).now.reading.why == why


def test_days_of_a_lost_feed_are_left_out_of_the_windows():
    days, _ = drawn(
        """
        days  bo  bc  inbound | state
          28  10  10       30 | ok
           3  10   0        0 | held
          14  10  10       30 | ok
        """
    )
    assert [day.gap for day in days] == [False] * 28 + [True] * 3 + [False] * 14
    now = after("AL1", days).now
    assert (now.reading.value, now.reading.baseline) == (0.5, 0.5)
    assert (now.reading.n, now.reading.n_before) == (7 * 20, 25 * 20)


def test_a_feed_is_lost_on_one_platform_though_the_other_goes_on():
    assert lost([50] * 28 + [0]) == [False] * 28 + [True]


#         daily before        silent days until 7 are missing, over phi
@pytest.mark.parametrize(("daily", "days"), [([7] * 28, 1), ([2] * 28, 4), ([1] * 28, 7), ([0, 4] * 14, 8)])
def test_the_fewer_messages_the_longer_it_takes_to_miss_them(daily, days):
    # [0, 4]: mean 2, phi = 4/2 * 28/27 = 2.07, so that .96 a day are to be expected
    found = lost(daily + [0] * 20)[28:]
    assert found == [number >= days for number in range(1, 21)]


def test_who_never_had_messages_misses_none():
    assert not any(lost([0] * 100))


def test_after_four_weeks_nobody_is_expected_any_more():
    assert sum(lost([50] * 28 + [0] * 100)) == GAP_LONGEST
