"""How two rates of counts compare."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import NamedTuple

from schemas.alerts import CONFIDENCE


class Ratio(NamedTuple):
    """A rate over another, with its 95% interval."""

    ratio: float
    low: float
    high: float


def rate_ratio(now: tuple[int, float], before: tuple[int, float], phi: float) -> Ratio:
    """Ratio of two quasi-Poisson rates, with Wald's interval on the log scale.

    The variance of the log is phi times (1/y + 1/y_before): McCullagh and Nelder (1989), section 6.2;
    Rothman, Greenland and Lash, Modern Epidemiology (3rd ed., 2008), chapter 14, for phi = 1. Where nothing
    is counted now, half a count stands in for it in the interval (Haldane, 1956); the ratio stays 0.

    Args:
        now: Counts, and what they are proportional to; some of that.
        before: The same; at least one count.
        phi: Overdispersion, 1 or more.
    """
    (y, e), (y_before, e_before) = now, before
    rate = y_before / e_before
    seen = y or 0.5
    spread = CONFIDENCE * sqrt(phi * (1.0 / seen + 1.0 / y_before))
    middle = log(seen / e / rate)
    return Ratio(y / e / rate, exp(middle - spread), exp(middle + spread))
