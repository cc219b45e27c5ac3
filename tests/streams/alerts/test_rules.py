"""Days in, states out: each rule, drawn."""

from __future__ import annotations

import pytest
from support.drawn import after, drawn, told

FICKLE = """
           1  20   0
           1   0  20
"""
MOSTLY = """
           1   0  20
           9  20   0
"""

CASES = {
    "AL1 fires on the second day with a rise of .15 and z of 3": (
        "AL1",
        """
        days  bo  bc | state
          11  10  10 | held      80 messages before the last 7 days: fewer than 100
           1  10  10 | ok
          23  10  10 | ok
           2  18   2 | ok        .5 + 2/7 * .4 = .614: less than .15 above .5
           1  18   2 | ok        .671, z 3.6: the first day
           1  18   2 | firing    .729: the second
        """,
    ),
    "AL1 clears on the third day below .08": (
        "AL1",
        """
        days  bo  bc | state
          35  10  10 | ok
           4  18   2 | firing
           5  10  10 | firing    2 of the 7 days are bad: .114 above the baseline
           2  10  10 | firing    .057, and then 0: 2 days
           1  10  10 | ok
        """,
    ),
    "AL1 stays between .08 and .15 what it was": (
        "AL1",
        """
        days  bo  bc | state
          35  10  10 | ok
          90  12   8 | ok        .1 above .5
        """,
    ),
    "AL1 once fired, stays while .08 or more is left": (
        "AL1",
        """
        days  bo  bc | state
          35  10  10 | ok
           4  18   2 | firing
          90  12   8 | firing    .1 above the frozen baseline of .5
        """,
    ),
    "AL1 has a frozen baseline, or it would get used to anything": (
        "AL1",
        """
        days  bo  bc | state
          35  10  10 | ok
         120  18   2 | firing
           8  10  10 | ok
        """,
    ),
    "AL1 is not moved by a single day": (
        "AL1",
        """
        days  bo  bc | state
          35  10  10 | ok
           1  95   5 | ok        z 7, but the next day it is no more than the first of two
           6  10  10 | firing    it stays in the window for 7 days
           3  10  10 | ok
        """,
    ),
    "AL1 takes 28 days against 56 below 15 messages a day": (
        "AL1",
        """
        days  bo  bc | state
          84   5   5 | ok
          10   8   2 | ok        .5 + 10/28 * .3 = .607
           4   8   2 | ok        .65: the first day
           1   8   2 | firing    .661; of 7 days it would have been .8 a week ago
        """,
    ),
    "AL1 does not mind a rise where days always scatter like that": (
        "AL1",
        f"""
        days  bo  bc | state
        {FICKLE * 18}
           1  20   0 | ok        phi of 36 days that are all or nothing is 20
           6  18   2 | ok        .4 above .5, but z is only 1.9
           3  18   2 | ok
        """,
    ),
    "AL2 fires on the eighth Sunday of a slow rise that is no step": (
        "AL2",
        """
        days  bo  bc | state
           7  25  75 | held
           7  28  72 | stale
           7  31  69 | stale
           7  34  66 | stale
           7  37  63 | stale
           7  40  60 | stale
           7  43  57 | stale
           6  46  54 | stale     the week is not whole
           1  46  54 | firing    S is 28, .03 a week makes .21
        """,
    ),
    "AL2 does not mind a rise below .15 in 8 weeks": (
        "AL2",
        """
        days  bo  bc | state
           7  25  75 | held
           7  27  73 | stale
           7  29  71 | stale
           7  31  69 | stale
           7  33  67 | stale
           7  35  65 | stale
           7  37  63 | stale
           7  39  61 | ok        S is 28, but .02 a week makes .14
        """,
    ),
    "AL2 wants S of 20: four pairs of neighbours may be in the wrong order": (
        "AL2",
        """
        days  bo  bc | state
           7   6  14 |  held
           7   5  15
           7   8  12
           7   7  13
           7  10  10
           7   9  11
           7  12   8
           7  11   9 | firing    28 pairs, 4 of them fall
        """,
    ),
    "AL2 wants S of 20: five are too many": (
        "AL2",
        """
        days  bo  bc | state
           7   6  14 |  held
           7   5  15
           7   8  12
           7   7  13
           7  11   9
           7  10  10
           7   9  11
           7  12   8 | ok        S is 18
        """,
    ),
    "AL2 leaves a single step to AL1": (
        "AL2",
        """
        days  bo  bc | state
          28   5  15 | stale
          28  15   5 | ok        S is 16: 12 pairs are level
        """,
    ),
    "AL2 clears on the second Sunday without a slope": (
        "AL2",
        """
        days  bo  bc | state
           7   5  15 | held
           7   6  14 | stale
           7   7  13 | stale
           7   8  12 | stale
           7   9  11 | stale
           7  10  10 | stale
           7  11   9 | stale
           7  12   8 | firing
          14   0  20 | firing
           7   0  20 | firing    10 pairs rise, 15 fall: once
           6   0  20 | firing
           1   0  20 | ok        twice
        """,
    ),
    "AL2 wants 20 messages in each week": (
        "AL2",
        """
        days  bo  bc | state
           7   1   1 | held      14 messages
           7   6  14 | stale
           7   7  13 | stale
           7   8  12 | stale
           7   9  11 | stale
           7  10  10 | stale
           7  11   9 | stale
           7  12   8 | stale     8 weeks, but the first has too few
           7  13   7 | firing
        """,
    ),
    "AL3 fires when fewer are answered while the brand writes on": (
        "AL3",
        """
        days  bo  bc  due  in_time | state
          35  10  10   20       16 | ok
           3  14   6   20        8 | ok
           1  14   6   20        8 | firing
           7  10  10   20       16 | firing
           1  10  10   20       16 | ok
        """,
    ),
    "AL3 says gone quiet where the brand hardly writes, and firing once it writes again": (
        "AL3",
        """
        days  bo  bc  due  in_time | state
          35  10  10   20       16 | ok
           3   0   0   20        8 | ok
           1   0   0   20        8 | quiet
           7   0   0   20        8 | quiet
           3  18   2   20        8 | quiet     60 messages in 7 days: less than half of 140
           1  18   2   20        8 | firing
          30   0   0   20        8 | firing    never back to quiet
        """,
    ),
    "AL3 takes 28 days against 56 below 15 exchanges a day": (
        "AL3",
        """
        days  bo  bc  due  in_time | state
          84  10  10    5        4 | ok
           7  10  10    5        1 | ok        .8 - 7/28 * .6 = .65, z 2.9
           4  10  10    5        1 | firing
        """,
    ),
    "AL4 fires when broadcasts go up and answers under posts go down": (
        "AL4",
        """
        days  bo  bc  posts  answers | state
          35  10   5     10       40 | ok
           4  15   5     15       30 | ok        1.29 times the broadcasts
           1  15   5     15       30 | ok        1.36 times, .6 times the answers: the first day
           1  15   5     15       30 | firing
          90  15   5     15       30 | firing    held against the frozen baseline
           5  10   5     10       40 | firing    clear once 1.15 is undercut on 3 days: 5 of 7 days are back
           2  10   5     10       40 | ok
        """,
    ),
    "AL4 does not mind more broadcasts that are answered as before": (
        "AL4",
        """
        days  bo  bc  posts  answers | state
          35  10   5     10       40 | ok
          40  20   5     20       80 | ok
        """,
    ),
    "AL4 does not mind a quarter fewer answers": (
        "AL4",
        """
        days  bo  bc  posts  answers | state
          35  10   5     10       40 | ok
          40  20   5     20       60 | ok        .75 times
        """,
    ),
    "AL4 does not mind half as many broadcasts more where they are few": (
        "AL4",
        """
        days  bo  bc  posts  answers | state
          35   2  14      2       40 | stale     14 broadcasts in 7 days: fewer than 20
          40   3  13      3       20 | ok        21 after 56 in 28 days: from 0.9 to 2.5 times
        """,
    ),
    "AL4 does not mind a third fewer answers where they are few": (
        "AL4",
        """
        days  bo  bc  posts  answers | state
          35  10   5     10        4 | ok
          40  15   5     15        4 | ok        28 after 112: from 0.4 to 1.01 times
        """,
    ),
    "AL5 takes into account how much days scatter": (
        "AL5",
        f"""
        days  bo  bc | state
        {MOSTLY * 6}
           1  20   0 | ok        .9 of 560, but phi is 20: the lower bound is .73
          40  20   0 | firing
        """,
    ),
    "AL5 fires on a level that was always so, and clears after 7 days below .7": (
        "AL5",
        """
        days  bo  bc | state
           2   9   1 | held      20 messages
           4   9   1 | ok        the lower bound of 54 of 60 is .799
           1   9   1 | firing    of 63 of 70 .808
          60   9   1 | firing
          11   4   6 | firing    28 days: .704
           6   4   6 | firing
           1   4   6 | ok        the seventh day below .7
        """,
    ),
}


@pytest.mark.parametrize(("alert", "table"), CASES.values(), ids=CASES)
def test_days_in_states_out(alert, table):
    assert not told(alert, table)


def test_the_baseline_of_an_alert_that_fires_is_from_before_it_fired():
    days, _ = drawn(
        """
        days  bo  bc | state
          35  10  10 | ok
         120  18   2 | firing
        """
    )
    now = after("AL1", days).now
    assert (now.reading.value, now.reading.baseline) == (0.9, 0.5)
    assert now.reading.change == pytest.approx(0.4)
    assert [now.frozen.days[0].date, now.frozen.days[-1].date] == [days[4].date, days[31].date]
    assert now.since == days[38].date
