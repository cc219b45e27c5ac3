"""The formulas against other ways to the same number, and against numbers worked by hand."""

from __future__ import annotations

from itertools import permutations
from math import exp, log, sqrt

import numpy as np
import pytest

from streams.alerts.intervals import rate_ratio
from streams.alerts.overdispersion import phi_of_rates, phi_of_shares
from streams.alerts.shares import wilson_lower, z_of_change
from streams.alerts.trend import mann_kendall, theil_sen

RNG = np.random.default_rng(7)


def test_phi_of_shares_by_hand():
    # p = 18/30: of 10 each, 6 hits and 4 misses were to be expected
    #   hits    (2^2 + 2^2 + 0) / 6 = 8/6
    #   misses  (2^2 + 2^2 + 0) / 4 = 2          10/3 over 2 degrees of freedom
    assert phi_of_shares([8, 4, 6], [10, 10, 10]) == pytest.approx(5 / 3)


def test_phi_of_rates_by_hand():
    # rate 3 a post: expected 6, 12, 12 of 10, 8, 12: 16/6 + 16/12 + 0 = 4 over 2
    assert phi_of_rates([10, 8, 12], [2.0, 4.0, 4.0]) == pytest.approx(2.0)


def test_phi_is_the_chi_square_of_the_table_of_days_over_its_degrees_of_freedom():
    for _ in range(50):
        trials = RNG.integers(1, 40, 28)
        hits = RNG.binomial(trials, RNG.beta(2, 2, 28))
        seen = np.array([hits, trials - hits])
        expected = np.outer(seen.sum(1), seen.sum(0)) / seen.sum()
        chi_square = ((seen - expected) ** 2 / expected).sum()
        assert phi_of_shares(hits.tolist(), trials.tolist()) == pytest.approx(max(1, chi_square / 27))


@pytest.mark.parametrize(
    ("hits", "trials"), [([], []), ([3], [5]), ([0, 0], [5, 5]), ([5, 5], [5, 5]), ([0, 2], [0, 4])]
)
def test_phi_is_1_where_there_is_nothing_to_tell_it_from(hits, trials):
    assert phi_of_shares(hits, trials) == 1.0
    assert phi_of_rates([0, 0], [1.0, 1.0]) == phi_of_rates([3], [1.0]) == phi_of_rates([], []) == 1.0


def test_days_without_any_trials_are_no_days():
    assert phi_of_shares([8, 0, 4, 6], [10, 0, 10, 10]) == pytest.approx(5 / 3)


def test_phi_is_never_below_1():
    assert phi_of_shares([5, 5, 5, 6], [10, 10, 10, 12]) == 1.0


def test_z_squared_is_the_chi_square_of_the_two_windows():
    for _ in range(50):
        (n, m), phi = RNG.integers(20, 500, 2), RNG.uniform(1, 5)
        x, y = RNG.integers(1, n), RNG.integers(1, m)
        seen = np.array([[x, n - x], [y, m - y]])
        expected = np.outer(seen.sum(1), seen.sum(0)) / seen.sum()
        z = z_of_change((int(x), int(n)), (int(y), int(m)), float(phi))
        assert z**2 == pytest.approx(((seen - expected) ** 2 / expected).sum() / phi)
        assert np.sign(z) == np.sign(x * m - y * n)


def test_z_by_hand():
    # 94 of 140 after 280 of 560: p = 374/700, and sqrt(p(1-p)(1/140 + 1/560)) = .04713
    assert z_of_change((94, 140), (280, 560), 1.0) == pytest.approx(0.171429 / 0.0471344, rel=1e-4)
    assert z_of_change((94, 140), (280, 560), 4.0) == pytest.approx(0.171429 / 0.0942688, rel=1e-4)


def test_equal_extremes_have_no_z():
    assert z_of_change((30, 30), (100, 100), 1.0) == z_of_change((0, 30), (0, 100), 1.0) == 0.0


@pytest.mark.parametrize(
    ("hits", "trials", "phi"), [(9, 10, 1.0), (81, 100, 2.5), (560, 600, 3.0), (30, 30, 1.0)]
)
def test_wilson_is_the_share_that_lies_1_96_standard_deviations_below(hits, trials, phi):
    # (p - q)^2 = z^2 q(1-q)/n is a quadratic in q; the smaller root is the lower bound
    p, n, z = hits / trials, trials / phi, 1.959963984540054
    roots = np.roots([1 + z * z / n, -2 * p - z * z / n, p * p]).real
    assert wilson_lower(hits, trials, phi) == pytest.approx(min(roots))


def test_wilson_as_published():
    # Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3: 81 of 263, 15 of 148, 1 of 29
    assert wilson_lower(81, 263, 1.0) == pytest.approx(0.2553, abs=5e-5)
    assert wilson_lower(15, 148, 1.0) == pytest.approx(0.0624, abs=5e-5)
    assert wilson_lower(1, 29, 1.0) == pytest.approx(0.0061, abs=5e-5)
    assert wilson_lower(0, 20, 1.0) == 0.0


def test_mann_kendall_counts_pairs():
    assert mann_kendall([1, 2, 3, 4, 5, 6, 7, 8]) == 28
    assert mann_kendall([8, 7, 6, 5]) == -6
    assert mann_kendall([1, 3, 2, 2]) == 1  # 3 pairs rise, 2 fall, 1 is level


def test_of_8_values_without_a_trend_20_or_more_is_rare():
    """All orders of 8 values, counted with numpy: the probability that the rule's threshold stands for."""
    orders = np.array(list(permutations(range(8))), dtype=np.int8)
    trend = sum(
        np.sign(orders[:, late] - orders[:, early]).astype(int)
        for early in range(8)
        for late in range(early + 1, 8)
    )
    assert (trend >= 20).mean() == pytest.approx(0.0071, abs=5e-5)
    for order in orders[::4001]:
        tau = np.corrcoef(*(np.sign(np.subtract.outer(v, v)).ravel() for v in (np.arange(8), order)))[0, 1]
        assert mann_kendall(order.tolist()) == pytest.approx(28 * tau)


def test_theil_sen_is_not_moved_by_an_outlier():
    assert theil_sen([0.1, 0.2, 0.3, 9.0, 0.5]) == pytest.approx(0.1)


def test_theil_sen_is_the_median_of_all_pairs():
    values = RNG.uniform(0, 1, 8)
    there, here = np.triu_indices(8, 1)[::-1]
    assert theil_sen(values.tolist()) == pytest.approx(
        np.median((values[there] - values[here]) / (there - here))
    )


def test_a_rate_ratio_by_hand():
    # 95 in 7 days after 280 in 28: 13.57 / 10; log .3054, spread 1.96 sqrt(1/95 + 1/280) = .2327
    ratio = rate_ratio((95, 7.0), (280, 28.0), 1.0)
    assert ratio.ratio == pytest.approx(1.3571, abs=1e-4)
    assert (ratio.low, ratio.high) == (
        pytest.approx(exp(0.30538 - 0.23271), abs=1e-3),
        pytest.approx(exp(0.30538 + 0.23271), abs=1e-3),
    )


def test_its_interval_covers_95_of_100_overdispersed_worlds():
    phi, mean, rounds = 3.0, 200.0, 4000
    # negative binomial with variance 3 times the mean
    one, other = RNG.negative_binomial(mean / (phi - 1), 1 / phi, (2, rounds))
    inside = [
        (found := rate_ratio((int(y), 1.0), (int(x), 1.0), phi)).low < 1.0 < found.high
        for y, x in zip(one, other, strict=True)
    ]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.015)


def test_no_answers_at_all_are_a_ratio_of_0_with_an_upper_end():
    ratio = rate_ratio((0, 20.0), (100, 50.0), 1.0)
    spread = 1.959963984540054 * sqrt(2 + 0.01)
    assert (ratio.ratio, ratio.high) == (0.0, pytest.approx(exp(log(0.5 / 20 / 2) + spread)))
