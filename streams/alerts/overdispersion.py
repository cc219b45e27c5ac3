"""How much more days scatter than chance alone would have it: phi, the factor on every variance.

Pearson's chi-square over its degrees of freedom, never below 1: McCullagh and Nelder, Generalized Linear
Models (2nd ed., 1989), sections 4.5 (binomial) and 6.2 (Poisson); Wedderburn, Biometrika 61 (1974), 439-447.
A day's messages are not independent: one campaign makes ten posts, one outage a hundred questions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def phi_of_shares(hits: Sequence[int], trials: Sequence[int]) -> float:
    """Tell phi of binomial days with one common share p: sum of (x - np)^2 / (np(1-p)) over days - 1.

    Args:
        hits: Of each day.
        trials: Of each day, no fewer than the hits; days without any are left out.

    Returns:
        1 or more; 1 where there is nothing to tell it from.
    """
    whole = sum(trials)
    p = sum(hits) / whole if whole else 0.0
    days = sum(1 for n in trials if n)
    if days < 2 or not 0.0 < p < 1.0:  # noqa: PLR2004 - one day does not scatter
        return 1.0
    squares = sum((x - n * p) ** 2 / n for x, n in zip(hits, trials, strict=True) if n)
    return max(1.0, squares / (p * (1.0 - p)) / (days - 1))


def phi_of_rates(counts: Sequence[int], exposures: Sequence[float]) -> float:
    """Tell phi of Poisson days with one common rate r: sum of (y - er)^2 / er over days - 1.

    Args:
        counts: Of each day.
        exposures: What a day's count is proportional to: 1 for each day, or its posts; days with 0 are
            left out.

    Returns:
        1 or more; 1 where there is nothing to tell it from.
    """
    pairs = [(y, e) for y, e in zip(counts, exposures, strict=True) if e]
    whole = sum(e for _, e in pairs)
    rate = sum(y for y, _ in pairs) / whole if whole else 0.0
    if len(pairs) < 2 or not rate:  # noqa: PLR2004 - one day does not scatter
        return 1.0
    squares = sum((y - e * rate) ** 2 / (e * rate) for y, e in pairs)
    return max(1.0, squares / (len(pairs) - 1))
