"""From sums to metrics, written out by hand: the catalogue's SQL is what this is held against."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

Values: TypeAlias = dict[str, float | None]
"""Metrics by their columns in the catalogue."""

TALK = ("c2c_depth", "c2c_turns", "c2c_duration", "c2c_participants")
FIVE = ("bo", "bc", "cb", "cc", "co")


def ratios(sums: Counter[str]) -> Values:
    """The metrics that are one sum over another."""
    bo, bc, cb, cc, co = (sums[name] for name in FIVE)
    five = bo + bc + cb + cc + co
    decided = five + sums["bx"] + sums["cx"]
    return {
        "dialogue_ratio": _over(bc, bo + bc),
        "broadcast_share": _over(bo, bo + bc),
        **{f"mix_{name}": _over(sums[name], five) for name in FIVE},
        "user_generated_share": _over(cb + cc + co, five),
        "conversation_rate": _over(sums["root_replies"], sums["brand_roots"]),
        "c2c_share": _over(cc, cc + cb + bc),
        "c2c_conversation_rate": _over(sums["c2c_conversations"], sums["customer_conversations"]),
        "direction_coverage": _over(decided, decided + sums["undecided"]),
    }


def talk_quantiles(talks: Sequence[tuple[float, float, float, float]]) -> Values:
    """Median and ninth decile of depth, turns, duration and participants over the conversations."""
    values: Values = {}
    for index, name in enumerate(TALK):
        ordered = sorted(talk[index] for talk in talks)
        values[f"{name}_p50"] = quantile(ordered, 0.5)
        values[f"{name}_p90"] = quantile(ordered, 0.9)
    return values


def quantile(ordered: Sequence[float], level: float) -> float | None:
    """Linear interpolation between the two nearest of the ordered values; None when there are none."""
    if not ordered:
        return None
    place = level * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _over(numerator: int, denominator: int) -> float | None:
    return numerator / denominator if denominator else None
