"""The catalogue of metrics: views, the report and the documentation read it.

A ratio is stored as its two sums and divided last, so that longer windows add up and are never averaged.
A zero denominator gives NULL. Numerators and denominators are SQL over the columns of one table of sums,
each taken as the sum over the window.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Source = Literal["dialogue_minutes", "interactions", "conversations"]
"""The table that a metric is computed from."""

DECIDED = "bo + bc + cb + cc + co + bx + cx"
FIVE = "bo + bc + cb + cc + co"


class Metric(BaseModel):
    """One metric. See docs/metrics.md for the rules behind the sums."""

    model_config = ConfigDict(frozen=True)

    id: str
    """The domain's id, such as D0."""
    column: str
    """Its column in the views."""
    name: str
    unit: Literal["ratio", "count", "per post", "messages", "turns", "seconds", "people"]
    source: Source
    anchor: Literal["E", "K"]
    """E: counted at its own event time. K: charged to the start of the conversation."""
    numerator: str
    """SQL; for a count or a quantile, the whole of it."""
    denominator: str = ""
    """SQL; empty for a count or a quantile."""
    description: str
    good: str
    """What a good value looks like."""


def _mix(direction: str, who: str) -> Metric:
    return Metric(
        id="D2",
        column=f"mix_{direction}",
        name=f"direction mix {direction.upper()}",
        unit="ratio",
        source="dialogue_minutes",
        anchor="E",
        numerator=direction,
        denominator=FIVE,
        description=f"Share of {who} among the messages with one of the five directions.",
        good="A mix in which no direction is missing; broadcast is the minority.",
    )


def _c2c(
    column: str, name: str, unit: Literal["messages", "turns", "seconds", "people"], what: str
) -> tuple[Metric, ...]:
    return tuple(
        Metric(
            id="C8",
            column=f"c2c_{column}_p{level}",
            name=f"C2C {name} p{level}",
            unit=unit,
            source="conversations",
            anchor="K",
            numerator=f"quantileExactInclusiveIf(0.{level})(toFloat64(c2c_{column}), cc > 0)",
            description=f"{what} Quantile {level}% over the conversations that have any.",
            good="Rising: people stay to talk with one another.",
        )
        for level in (50, 90)
    )


CATALOGUE: tuple[Metric, ...] = (
    Metric(
        id="D0",
        column="dialogue_ratio",
        name="dialogue ratio",
        unit="ratio",
        source="dialogue_minutes",
        anchor="E",
        numerator="bc",
        denominator="bo + bc",
        description="Share of the brand's messages that answer or address a customer.",
        good="Above one half: the brand talks with people more than at them.",
    ),
    Metric(
        id="D1",
        column="broadcast_share",
        name="broadcast share",
        unit="ratio",
        source="dialogue_minutes",
        anchor="E",
        numerator="bo",
        denominator="bo + bc",
        description="Share of the brand's messages that address nobody.",
        good="Below one half and not rising.",
    ),
    _mix("bo", "broadcasts"),
    _mix("bc", "brand-to-customer messages"),
    _mix("cb", "customer-to-brand messages"),
    _mix("cc", "customer-to-customer messages"),
    _mix("co", "customers' messages to nobody"),
    Metric(
        id="D3",
        column="user_generated_share",
        name="user-generated share",
        unit="ratio",
        source="dialogue_minutes",
        anchor="E",
        numerator="cb + cc + co",
        denominator=FIVE,
        description="Share of the conversation that customers wrote.",
        good="High: brand content is the minority.",
    ),
    Metric(
        id="D4",
        column="participants",
        name="participants",
        unit="people",
        source="interactions",
        anchor="E",
        numerator="uniqExactIf((platform, actor), actor_role = 'customer' AND direction IS NOT NULL)",
        description="Distinct customers with a message. Distinct counts do not add up over windows.",
        good="Growing.",
    ),
    Metric(
        id="D4",
        column="participation_rate",
        name="participation rate",
        unit="ratio",
        source="interactions",
        anchor="E",
        numerator="uniqExactIf((platform, actor), actor_role = 'customer' AND direction IS NOT NULL)",
        denominator="followers",
        description="Participants over the brand's followers, as last seen by the end of the window.",
        good="Stable while followers grow.",
    ),
    Metric(
        id="D5",
        column="conversation_rate",
        name="conversation rate",
        unit="per post",
        source="dialogue_minutes",
        anchor="K",
        numerator="root_replies",
        denominator="brand_roots",
        description="Customer messages, at any depth, under a post of the brand.",
        good="Rising: posts start conversations.",
    ),
    Metric(
        id="C1",
        column="c2c_share",
        name="customer-to-customer share",
        unit="ratio",
        source="dialogue_minutes",
        anchor="E",
        numerator="cc",
        denominator="cc + cb + bc",
        description="Share of the addressed messages in which customers talk with one another.",
        good="Rising: a community, not a counter.",
    ),
    Metric(
        id="C2",
        column="c2c_conversation_rate",
        name="C2C conversation rate",
        unit="ratio",
        source="dialogue_minutes",
        anchor="K",
        numerator="c2c_conversations",
        denominator="customer_conversations",
        description="Share of the conversations with customers in which two or more talk with one another.",
        good="Rising.",
    ),
    *_c2c(
        "depth", "depth", "messages", "Customer-to-customer messages on the longest unbroken path of them."
    ),
    *_c2c(
        "turns", "turns", "turns", "Runs of customer-to-customer messages by one author, in order of time."
    ),
    *_c2c("duration", "duration", "seconds", "Time from the first to the last customer-to-customer message."),
    *_c2c(
        "participants",
        "participants",
        "people",
        "Distinct customers who write or are addressed in customer-to-customer messages.",
    ),
    Metric(
        id="Q1",
        column="direction_coverage",
        name="direction coverage",
        unit="ratio",
        source="dialogue_minutes",
        anchor="E",
        numerator=DECIDED,
        denominator=f"{DECIDED} + undecided",
        description="Share of the messages whose direction is decided. Below 0.9, trust no other number.",
        good="At least 0.9.",
    ),
)
"""Every metric, in the order of the domain."""
