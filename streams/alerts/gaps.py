"""Days on which a platform's feed was lost: a brand whom nobody can write to looks like a broadcaster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.alerts import GAP_EXPECTED, GAP_LONGEST
from streams.alerts.overdispersion import phi_of_rates

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOOK_BACK = 28
"""Days before a silence that say how much was to be expected."""


def lost(inbound: Sequence[int]) -> list[bool]:
    """Whether a feed was lost, day by day, as can be told at the end of each day.

    A day is lost where customers have been silent for so long that `GAP_EXPECTED` messages should have come,
    as many as could not be missing by chance. They come in threads, so what is expected is
    divided by phi. After `GAP_LONGEST` silent days nobody is expected any more.

    Args:
        inbound: Customers' messages of each day on one platform.
    """
    found: list[bool] = []
    silent, expected = 0, 0.0
    for number, count in enumerate(inbound):
        if count:
            silent = 0
        else:
            if not silent:
                before = inbound[max(0, number - _LOOK_BACK) : number]
                phi = phi_of_rates(before, [1.0] * len(before))
                expected = sum(before) / len(before) / phi if before else 0.0
            silent += 1
        found.append(0 < silent <= GAP_LONGEST and silent * expected >= GAP_EXPECTED)
    return found
