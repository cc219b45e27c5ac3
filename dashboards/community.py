"""Community: are they talking with one another?"""

from __future__ import annotations

from dashboards import config
from dashboards.figures import Figure, of
from dashboards.page import Page, Section
from dashboards.panels import bars, gauges, lines, listing, number, stacked
from dashboards.queries import community as queries
from dashboards.shared import READ, freshness
from dashboards.sql import by, by_day, one, over_time, rolling


def page() -> Page:
    """From the share of talk among customers to the conversations in which it happens."""
    return Page(
        uid=config.COMMUNITY,
        question="Are our customers talking with one another?",
        sections=(
            Section(
                "",
                (
                    number(of("c2c_share"), one("c2c_share")),
                    number(of("c2c_reciprocity"), one("c2c_reciprocity")),
                    number(of("brand_free_c2c"), one("brand_free_c2c")),
                    number(of("c2c_conversation_rate"), one("c2c_conversation_rate")),
                    number(of("peer_answer_rate"), one("peer_answer_rate")),
                    freshness(),
                    lines(
                        of("c2c_share").called(f"{{}}, last {config.ROLLING_DAYS} days"),
                        rolling("c2c_share", config.ROLLING_DAYS),
                        16,
                        levels=True,
                    ),
                    gauges(of("c2c_reciprocity").called("{} by brand"), by("brand", "c2c_reciprocity")),
                ),
            ),
            Section(
                "Do they need us for it?",
                (
                    lines(
                        of("brand_free_c2c").called("{} by brand"),
                        over_time("brand_free_c2c"),
                        8,
                    ),
                    lines(
                        of("c2c_reciprocity").called("{} by day"),
                        by_day("c2c_reciprocity"),
                        8,
                    ),
                    stacked(
                        _answers(),
                        queries.FIRST_ANSWERS,
                        8,
                        share=False,
                        colours={
                            "by a customer": config.DIRECTIONS["CC"],
                            "by the brand": config.DIRECTIONS["BC"],
                            "by nobody": config.PLAIN,
                        },
                    ),
                ),
            ),
            Section(
                "How deep do they go, and who carries it?",
                (
                    bars(_depth(), queries.DEPTHS, along="depth"),
                    bars(_sizes(), queries.SIZES, along="size"),
                    bars(_curve(), queries.PARTICIPATION_CURVE, along="customers"),
                    listing(
                        _figures(),
                        queries.FIGURES,
                        12,
                        columns={
                            "conversation_h_index": of("conversation_h_index"),
                            "participation_gini": of("participation_gini"),
                            "top_1_percent_share": of("top_1_percent_share"),
                            "c2c_depth_p90": of("c2c_depth_p90"),
                            "c2c_participants_p90": of("c2c_participants_p90"),
                            "c2c_duration_p50": of("c2c_duration_p50"),
                        },
                    ),
                ),
            ),
            Section(
                "The liveliest conversations",
                (
                    listing(
                        _liveliest(),
                        queries.LIVELIEST,
                        links={"conversation": READ},
                        columns={"duration": of("c2c_duration_p50")},
                        height=12,
                    ),
                ),
            ),
        ),
    )


def _answers() -> Figure:
    return Figure(
        title="Who answers customers' questions first",
        description="Questions of customers by who answered first. Answers by customers are a community at "
        "work; those by nobody are chances that everybody missed: see them on the dashboard Care.",
    )


def _depth() -> Figure:
    return Figure(
        title="Thread depth",
        description="Conversations by the longest path of replies in them. Depth is people staying to talk.",
    )


def _sizes() -> Figure:
    return Figure(
        title="Thread size",
        description="Conversations by how many customers wrote in them. Two or more is where a community "
        "begins.",
    )


def _curve() -> Figure:
    return Figure(
        title="Participation curve",
        description="Share of all customers' messages that the most active tenth of them wrote, the most "
        "active two tenths, and so on. The closer it is to a straight line, the more evenly people take "
        "part.",
        unit="percentunit",
        decimals=0,
        high=1,
    )


def _figures() -> Figure:
    return Figure(
        title="Shape of the talk, by brand and platform",
        description="How large, deep and evenly spread the talk among customers is. A high h-index with a "
        "low Gini is a broad community; the other way round it hangs on a few: get to know them.",
    )


def _liveliest() -> Figure:
    return Figure(
        title="Liveliest conversations",
        description="Conversations with most messages from customer to customer. Click on one to read it.",
    )
