"""Conversation: one thread, message by message."""

from __future__ import annotations

from dashboards import config
from dashboards.figures import Figure, of
from dashboards.page import Page, Section, picked
from dashboards.panels import bars, listing, number
from dashboards.queries import conversation as queries
from dashboards.shared import freshness


def page() -> Page:
    """From what the thread amounts to, to what everybody said in it."""
    return Page(
        uid=config.CONVERSATION,
        question="What was said in this conversation, by whom, and to whom?",
        variables=(picked("conversation", "Conversation", queries.LIVELIEST, many=False),),
        sections=(
            Section(
                "",
                (
                    number(
                        Figure("Messages", "All that is stored of the thread, in the brand's space."),
                        queries.fact("messages"),
                    ),
                    number(
                        Figure("Customers", "Distinct customers who wrote in it."),
                        queries.fact("customers"),
                    ),
                    number(
                        Figure("Customer to customer", "Messages of customers to one another."),
                        queries.fact("cc"),
                    ),
                    number(_duration(), queries.fact("duration")),
                    number(of("turn_balance"), queries.fact("turn_balance")),
                    freshness(),
                ),
            ),
            Section(
                "Message by message",
                (listing(_timeline(), queries.TIMELINE, height=18, columns={"after": _duration()}),),
            ),
            Section(
                "How it went",
                (
                    bars(_pace(), queries.PACE, along="after"),
                    listing(_people(), queries.PEOPLE, 12),
                ),
            ),
        ),
    )


def _duration() -> Figure:
    return Figure(
        title="Duration",
        description="Time from the first to the last message.",
        unit="s",
        decimals=0,
    )


def _timeline() -> Figure:
    return Figure(
        "Timeline",
        "Every message in order of time, moved to the right under the one that it answers. Directions: "
        + ", ".join(f"{key}: {name}" for key, name in config.DIRECTION_NAMES.items())
        + ". Deleted and forgotten texts are gone.",
    )


def _pace() -> Figure:
    return Figure("Pace", "Messages by the time since the first one, and by who wrote them.")


def _people() -> Figure:
    return Figure("Who took part", "Everybody who wrote in it, and how often.")
