"""A trend over a handful of values, told by their order and by their pairs: outliers do not move it."""

from __future__ import annotations

from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def mann_kendall(values: Sequence[float]) -> int:
    """S: pairs that rise less pairs that fall (Mann, Econometrica 13 (1945), 245-259; Kendall, 1975).

    Of 8 values without a trend, 20 or more has the probability 0.0071.
    """
    return sum((late > early) - (late < early) for early, late in combinations(values, 2))


def theil_sen(values: Sequence[float]) -> float:
    """Slope a step: the median of the slopes of all pairs (Theil, 1950; Sen, JASA 63 (1968), 1379-1389).

    Args:
        values: At least 2, at equal distances.
    """
    pairs = combinations(enumerate(values), 2)
    return median((late - early) / (there - here) for (here, early), (there, late) in pairs)
