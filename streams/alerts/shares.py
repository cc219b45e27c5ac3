"""Shares: two held against each other, and the lower bound of one."""

from __future__ import annotations

from math import sqrt

from schemas.alerts import CONFIDENCE


def z_of_change(now: tuple[int, int], before: tuple[int, int], phi: float) -> float:
    """Standard deviations between two shares, as if there were no change.

    The two-sample z with the pooled share (Fleiss, Levin and Paik, Statistical Methods for Rates and
    Proportions, 3rd ed., 2003, section 3.1, without their continuity correction), its variance times phi.

    Args:
        now: Hits and trials; some trials.
        before: The same.
        phi: Overdispersion, 1 or more.

    Returns:
        Positive where the share has risen; 0 where both are 0 or both are 1.
    """
    (x, n), (x_before, n_before) = now, before
    p = (x + x_before) / (n + n_before)
    variance = phi * p * (1.0 - p) * (1.0 / n + 1.0 / n_before)
    return (x / n - x_before / n_before) / sqrt(variance) if variance else 0.0


def wilson_lower(hits: int, trials: int, phi: float) -> float:
    """Lower end of the 95% interval of a share (Wilson, JASA 22 (1927), 209-212), of trials / phi trials.

    Args:
        hits: No more than the trials.
        trials: At least 1.
        phi: Overdispersion, 1 or more.
    """
    p, n, z = hits / trials, trials / phi, CONFIDENCE
    middle = p + z * z / (2.0 * n)
    spread = z * sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n))
    return max(0.0, (middle - spread) / (1.0 + z * z / n))
