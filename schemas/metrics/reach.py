"""B and Q: by-products, and whether the numbers can be trusted."""

from __future__ import annotations

from schemas.metrics.model import DECIDED, Metric

REACH: tuple[Metric, ...] = (
    Metric(
        id="B1",
        column="applause_rate",
        name="applause rate",
        unit="per post",
        source="roots",
        anchor="K",
        numerator="applause",
        denominator="applaudable_roots",
        description="Likes by customers, for each post of the brand.",
        good="A by-product.",
        cannot=("reddit",),
    ),
    Metric(
        id="B2",
        column="engagement_rate",
        name="engagement rate",
        unit="ratio",
        source="nowhere",
        anchor="S",
        numerator="NULL",
        description="Reactions, replies, shares and clicks over impressions. Always NULL: events carry no "
        "impressions.",
        good="Unknown.",
    ),
    Metric(
        id="B3",
        column="share_of_voice",
        name="share of voice",
        unit="ratio",
        source="voice",
        anchor="E",
        numerator="customer_messages",
        denominator="all_customer_messages",
        description="The customers' messages about the brand, over those about all tracked brands.",
        good="A by-product.",
    ),
    Metric(
        id="Q1",
        column="direction_coverage",
        name="direction coverage",
        unit="ratio",
        anchor="E",
        numerator=DECIDED,
        denominator=f"{DECIDED} + undecided",
        description="Share of the messages whose direction is decided. Below 0.9, trust no other number.",
        good="At least 0.9.",
        better="high",
        levels=(0.9, 0.95),
    ),
)
