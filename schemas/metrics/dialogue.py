"""D: does the brand talk with people, or at them?"""

from __future__ import annotations

from schemas.metrics.model import FIVE, Metric


def _mix(direction: str, who: str) -> Metric:
    return Metric(
        id="D2",
        column=f"mix_{direction}",
        name=f"direction mix {direction.upper()}",
        unit="ratio",
        anchor="E",
        numerator=direction,
        denominator=FIVE,
        description=f"Share of {who} among the messages with one of the five directions.",
        good="A mix in which no direction is missing; broadcast is the minority.",
    )


DIALOGUE: tuple[Metric, ...] = (
    Metric(
        id="D0",
        column="dialogue_ratio",
        name="dialogue ratio",
        unit="ratio",
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
        source="participation",
        anchor="E",
        numerator="participants",
        description="Distinct customers with a message. Distinct counts do not add up over windows.",
        good="Growing.",
    ),
    Metric(
        id="D4",
        column="participation_rate",
        name="participation rate",
        unit="ratio",
        source="participation",
        anchor="E",
        numerator="participants",
        denominator="followers",
        description="Participants over the brand's followers, as last seen by the end of the window.",
        good="Stable while followers grow.",
    ),
    Metric(
        id="D5",
        column="conversation_rate",
        name="conversation rate",
        unit="per post",
        anchor="K",
        numerator="root_replies",
        denominator="brand_roots",
        description="Customer messages, at any depth, under a post of the brand.",
        good="Rising: posts start conversations.",
    ),
    Metric(
        id="D6",
        column="dialogic_loop_rate",
        name="dialogic-loop rate",
        unit="ratio",
        anchor="K",
        numerator="loops",
        denominator="two_sided",
        description="Share of the conversations with both sides in which one of the two came back to the "
        "other: a message, the reply of the other, the reply of the first.",
        good="Rising: answers lead to answers.",
    ),
    Metric(
        id="D7",
        column="turn_balance",
        name="turn balance",
        unit="ratio",
        grain="conversation",
        source="conversations",
        anchor="K",
        numerator="1 - abs(toInt64(bc) - toInt64(cb)) / nullIf(bc + cb, 0)",
        description="1 where the brand and its customers wrote to each other equally often in a "
        "conversation, 0 where only one of the two did.",
        good="Near 1.",
    ),
    Metric(
        id="D7",
        column="turn_balance_p50",
        name="turn balance p50",
        unit="ratio",
        source="conversations",
        anchor="K",
        numerator="quantileExactInclusiveIf(0.5)(1 - abs(toInt64(bc) - toInt64(cb)) / (bc + cb), bc + cb > "
        "0)",
        description="Median of the turn balance over the conversations in which either wrote to the other.",
        good="Near 1: neither side is left alone.",
    ),
)
