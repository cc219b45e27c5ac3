"""Dialogue: are we talking with people, or at them?"""

from __future__ import annotations

from dataclasses import replace

from dashboards import config
from dashboards.figures import Figure, Step, of
from dashboards.page import Page, Section
from dashboards.panels import gauges, lines, listing, number, stacked
from dashboards.queries import dialogue as queries
from dashboards.shared import alerts, freshness
from dashboards.sql import by, one, over_time, rolling
from schemas.alerts import STEP


def page() -> Page:
    """From the answer in one line to the people behind it."""
    return Page(
        uid=config.DIALOGUE,
        question="Are we talking with people, or at them?",
        sections=(
            Section(
                "",
                (
                    number(of("dialogue_ratio"), one("dialogue_ratio")),
                    number(of("broadcast_share"), one("broadcast_share")),
                    number(of("user_generated_share"), one("user_generated_share")),
                    number(of("participants"), queries.PEOPLE),
                    number(of("direction_coverage"), one("direction_coverage")),
                    freshness(),
                    lines(
                        _trend(),
                        rolling("broadcast_share", config.ROLLING_DAYS),
                        16,
                        levels=True,
                    ),
                    gauges(of("dialogue_ratio").called("{} by brand"), by("brand", "dialogue_ratio"), 8),
                ),
            ),
            Section(
                "Now against before",
                (
                    listing(
                        _compared(),
                        queries.compared(),
                        columns={
                            "dialogue_ratio": of("dialogue_ratio"),
                            "broadcast_share": of("broadcast_share"),
                            "baseline": replace(of("broadcast_share"), title="Baseline"),
                            "change": replace(of("broadcast_share"), steps=_CHANGE),
                        },
                    ),
                    alerts("AL1", "AL2", "AL4", "AL5"),
                ),
            ),
            Section(
                "Who talks to whom",
                (
                    stacked(_mix(), queries.MIX, share=True, colours=config.DIRECTIONS),
                    lines(
                        of("user_generated_share").called("{} by brand"),
                        over_time("user_generated_share"),
                    ),
                ),
            ),
            Section(
                "Who is in the conversation",
                (
                    lines(of("participants").called("{} a day"), queries.PEOPLE_BY_DAY),
                    listing(_roles(), queries.ROLES, 12),
                    listing(_people(), queries.WHO),
                ),
            ),
        ),
    )


_CHANGE = (Step(None, config.GOOD), Step(STEP.clear_step, config.FAIR), Step(STEP.step, config.POOR))
"""Where AL1 clears, and where it fires."""


def _trend() -> Figure:
    days = config.ROLLING_DAYS
    return of("broadcast_share").called(
        f"{{}}, last {days} days",
        f"Each point is over the {days} days up to it. A line that climbs is a brand that stops "
        "listening: see on the dashboard Care who has been waiting for an answer.",
    )


def _compared() -> Figure:
    return of("broadcast_share").called(
        f"Last {config.ROLLING_DAYS} days against the {config.BASELINE_DAYS} before",
        "By brand and platform, at the end of the time range. Where the change is above "
        f"{STEP.step * 100:.0f} points, ask who writes there, and what changed.",
    )


def _mix() -> Figure:
    legend = ", ".join(f"{key}: {name}" for key, name in config.DIRECTION_NAMES.items())
    return Figure(
        title="Direction mix",
        description=f"Messages by who talks to whom ({legend}). Broadcast (BO) should be the minority.",
    )


def _roles() -> Figure:
    return Figure(
        title="Who writes",
        description="Messages and accounts by who stands behind them. Where the brand writes most of it, "
        "it has an audience and no conversation.",
    )


def _people() -> Figure:
    return Figure(
        title="Most active customers",
        description="The customers who wrote most, and to whom. Know them: they are the community.",
    )
