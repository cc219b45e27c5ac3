"""From sums to metrics, written out by hand: the catalogue's SQL is what this is held against."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

Values: TypeAlias = dict[str, float | None]
"""Metrics by their columns in the catalogue."""

FIVE = ("bo", "bc", "cb", "cc", "co")


def ratios(sums: Counter[str]) -> Values:
    """The metrics that are one sum over another."""
    bo, bc, cb, cc, co = (sums[name] for name in FIVE)
    five = bo + bc + cb + cc + co
    gives, positive, negative = bc + sums["gives"], sums["positive"], sums["negative"]
    decided = five + sums["bx"] + sums["cx"]
    return {
        "dialogue_ratio": over(bc, bo + bc),
        "broadcast_share": over(bo, bo + bc),
        **{f"mix_{name}": over(sums[name], five) for name in FIVE},
        "user_generated_share": over(cb + cc + co, five),
        "conversation_rate": over(sums["root_replies"], sums["brand_roots"]),
        "c2c_share": over(cc, cc + cb + bc),
        "c2c_conversation_rate": over(sums["c2c_conversations"], sums["customer_conversations"]),
        "dialogic_loop_rate": over(sums["loops"], sums["two_sided"]),
        "brand_free_c2c": over(sums["brand_free_cc"], sums["started_cc"]),
        "peer_answer_rate": over(sums["peer_answered"], sums["questions"]),
        "deflection_share": over(sums["deflections"], sums["deflection_known"]),
        "give_ratio": over(gives, gives + sums["asks"]),
        "named_voice_share": over(sums["named"], sums["brand_messages"]),
        "automation_share": over(sums["automated"], sums["automation_known"]),
        "automation_coverage": over(sums["automation_known"], sums["brand_messages"]),
        "net_sentiment": over(positive - negative, positive + negative + sums["neutral"]),
        "passion_share": over(sums["loving"], sums["love_known"]),
        "negative_reply_share": over(sums["bo_negative"], sums["bo_replies"]),
        "direction_coverage": over(decided, decided + sums["undecided"]),
    }


def quantile(ordered: Sequence[float], level: float) -> float | None:
    """Linear interpolation between the two nearest of the ordered values; None when there are none."""
    if not ordered:
        return None
    place = level * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def over(numerator: float, denominator: float) -> float | None:
    """A ratio; of nothing there is none."""
    return numerator / denominator if denominator else None
