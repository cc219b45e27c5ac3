"""C: do people talk with one another?"""

from __future__ import annotations

from typing import Literal

from schemas.metrics.model import Metric


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


COMMUNITY: tuple[Metric, ...] = (
    Metric(
        id="C1",
        column="c2c_share",
        name="customer-to-customer share",
        unit="ratio",
        anchor="E",
        numerator="cc",
        denominator="cc + cb + bc",
        description="Share of the addressed messages in which customers talk with one another.",
        good="Rising: a community, not a counter.",
        better="high",
        levels=(0.1, 0.3),
    ),
    Metric(
        id="C2",
        column="c2c_conversation_rate",
        name="C2C conversation rate",
        unit="ratio",
        anchor="K",
        numerator="c2c_conversations",
        denominator="customer_conversations",
        description="Share of the conversations with customers in which two or more talk with one another.",
        good="Rising.",
        better="high",
        levels=(0.1, 0.3),
    ),
    Metric(
        id="C3",
        column="c2c_reciprocity",
        name="C2C reciprocity",
        unit="ratio",
        source="graph",
        anchor="E",
        numerator="returned",
        denominator="edges",
        description="Share of the edges between customers that go both ways: an edge is a customer who "
        "wrote to another one, however often.",
        good="Rising: people answer each other.",
        better="high",
        levels=(0.2, 0.4),
    ),
    Metric(
        id="C4",
        column="brand_free_c2c",
        name="brand-free C2C",
        unit="ratio",
        anchor="K",
        numerator="brand_free_cc",
        denominator="started_cc",
        description="Share of the messages between customers that stand in conversations in which the brand "
        "wrote nothing, or nothing but the root.",
        good="Rising: they need no host.",
        better="high",
        levels=(0.1, 0.3),
    ),
    Metric(
        id="C5",
        column="participation_gini",
        name="participation Gini",
        unit="ratio",
        source="crowd",
        anchor="E",
        numerator="participation_gini",
        description="How unequally the messages are spread over the customers who wrote: 0 equally, near 1 "
        "all by one. NULL below 20 customers.",
        good="Falling: not the same few all the time.",
        better="low",
        levels=(0.5, 0.8),
    ),
    Metric(
        id="C5",
        column="top_1_percent_share",
        name="top-1% share",
        unit="ratio",
        source="crowd",
        anchor="E",
        numerator="top_1_percent_share",
        description="Share of the customers' messages that the most active hundredth of them wrote, at "
        "least one of them. NULL below 20 customers.",
        good="Falling.",
    ),
    Metric(
        id="C6",
        column="conversation_h_index",
        name="conversation h-index",
        unit="count",
        source="conversations",
        anchor="K",
        numerator="arrayCount((size, place) -> size >= place, "
        "arrayReverseSort(groupArray(customer_messages)) AS sizes, arrayEnumerate(sizes))",
        description="The largest h for which h conversations have at least h messages of customers each.",
        good="Rising: many conversations of size, not one.",
    ),
    Metric(
        id="C7",
        column="peer_answer_rate",
        name="peer-answer rate",
        unit="ratio",
        anchor="K",
        numerator="peer_answered",
        denominator="questions",
        description="Share of the customers' questions that another customer answered first.",
        good="Rising: customers help each other.",
        better="high",
        levels=(0.1, 0.25),
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
)
