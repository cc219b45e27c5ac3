"""Care: did we help?"""

from __future__ import annotations

from dashboards import config
from dashboards.figures import Figure, Step, of
from dashboards.page import Page, Section
from dashboards.panels import bars, gauges, lines, listing, number
from dashboards.queries import care as queries
from dashboards.shared import READ, alerts, freshness
from dashboards.sql import by, by_day, one, over_time


def page() -> Page:
    """From the promise and whether it is kept to the people who are waiting."""
    return Page(
        uid=config.CARE,
        question="Did we help the people who wrote to us?",
        sections=(
            Section(
                "",
                (
                    number(of("reply_rate"), one("reply_rate")),
                    number(of("open_backlog"), queries.BACKLOG),
                    number(_oldest(), queries.OLDEST),
                    number(of("help_confirmed_rate"), one("help_confirmed_rate")),
                    number(of("deflection_share"), one("deflection_share")),
                    freshness(),
                    lines(
                        of("reply_rate").called("{} by day"),
                        by_day("reply_rate"),
                        16,
                        levels=True,
                    ),
                    gauges(of("reply_rate").called("{} by brand"), by("brand", "reply_rate")),
                    alerts("AL3"),
                ),
            ),
            Section(
                "How fast?",
                (
                    listing(
                        _speed(),
                        queries.SPEED,
                        12,
                        columns={
                            column: of(column)
                            for column in (
                                "reply_rate",
                                "first_response_p50",
                                "first_response_p90",
                                "time_to_close_p50",
                            )
                        },
                    ),
                    bars(_waits(), queries.WAITS, along="first_reply"),
                    lines(
                        of("first_response_p50").called("{} by day"),
                        queries.MEDIAN_BY_DAY,
                        each="series",
                    ),
                    lines(of("open_backlog").called("{} by day"), queries.BACKLOG_BY_DAY),
                ),
            ),
            Section(
                "Did it help?",
                (
                    lines(
                        of("help_confirmed_rate").called("{} by day"),
                        by_day("help_confirmed_rate"),
                        8,
                    ),
                    lines(
                        of("deflection_share").called("{} by day"),
                        over_time("deflection_share"),
                        8,
                    ),
                    lines(
                        of("single_reply_closure").called("{} by day"),
                        by_day("single_reply_closure"),
                        8,
                    ),
                    listing(
                        _agents(),
                        queries.AGENTS,
                        columns={
                            "reply_rate": of("reply_rate"),
                            "median reply": of("first_response_p50"),
                            "help_confirmed_rate": of("help_confirmed_rate"),
                            "came back": of("loop_completion"),
                        },
                    ),
                ),
            ),
            Section(
                "Who is waiting?",
                (
                    listing(
                        _waiting(),
                        queries.WAITING,
                        links={"conversation": READ},
                        columns={"waiting": _oldest()},
                        height=12,
                    ),
                ),
            ),
        ),
    )


def _oldest() -> Figure:
    return Figure(
        title="Oldest unanswered",
        description="How long the oldest exchange that is over its promised time and without an answer has "
        "been waiting, of those that were opened in the time range. Answer it first.",
        unit="s",
        decimals=0,
        steps=(Step(None, config.GOOD), Step(86_400, config.FAIR), Step(3 * 86_400, config.POOR)),
    )


def _speed() -> Figure:
    return Figure(
        title="Speed by brand and platform",
        description="First response times count those who still wait up to the newest event "
        "(Kaplan-Meier): where more than half, or a tenth, are open there is no number. Compare them "
        "with the promise.",
    )


def _waits() -> Figure:
    return Figure(
        title="First response time",
        description="Exchanges by the time until the first reply. The last bars are people who were let "
        "down.",
    )


def _agents() -> Figure:
    return Figure(
        title="By agent",
        description="Exchanges by who of us replied first, where the reply bears a name. Whoever people "
        "come back to can teach the others. A handful of exchanges tells nothing.",
    )


def _waiting() -> Figure:
    return Figure(
        title="Unanswered and over the promised time",
        description="The exchanges that have been waiting for the longest. Start the day with these.",
    )
