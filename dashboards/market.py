"""Relationships and market: do people stay, and what do they like, dislike and trust?"""

from __future__ import annotations

from dashboards import config
from dashboards.figures import Figure, Step, of
from dashboards.page import Page, Section
from dashboards.panels import bars, gauges, lines, listing, number
from dashboards.queries import market as queries
from dashboards.shared import freshness
from dashboards.sql import LAST_DAYS, by, by_day, one, over_time, rolling


def page() -> Page:
    """From those who come back, and whose voice answers them, to what the market talks about."""
    return Page(
        uid=config.MARKET,
        question="Do relationships grow, and what does the market like, dislike and trust?",
        sections=(
            Section(
                "",
                (
                    number(of("repeat_rate"), one("repeat_rate")),
                    number(of("named_voice_share"), one("named_voice_share")),
                    number(of("canned_share").called(_CANNED), one("canned_share")),
                    number(of("net_sentiment"), one("net_sentiment")),
                    number(of("push_penalty"), one("push_penalty")),
                    freshness(),
                ),
            ),
            Section(
                "Relationships",
                (
                    gauges(of("repeat_rate").called("{} by brand"), by("brand", "repeat_rate")),
                    gauges(of("pair_reciprocity").called("{} by brand"), by("brand", "pair_reciprocity")),
                    listing(_tenure(), queries.TENURE, 8, columns={"tenure_p50": of("tenure_p50")}),
                    listing(
                        _retention(),
                        queries.RETENTION,
                        columns={f"after {k}": _RETAINED for k in range(1, 7)},
                    ),
                ),
            ),
            Section(
                "Partners",
                (
                    bars(_partnering(), queries.PARTNERING, 8, along="brand"),
                    listing(_advocates(), queries.ADVOCATES, 16),
                ),
            ),
            Section(
                "Voices",
                (
                    lines(
                        of("named_voice_share").called("{} by brand"),
                        over_time("named_voice_share"),
                    ),
                    gauges(
                        of("canned_share").called(f"{_CANNED}, by brand"), by("brand", "canned_share"), 12
                    ),
                ),
            ),
            Section(
                "Market",
                (
                    listing(
                        _topics(),
                        queries.TOPICS,
                        12,
                        columns={
                            "share": of("topic_share"),
                            "rise": of("topic_rise"),
                            "sentiment": of("topic_sentiment"),
                        },
                    ),
                    listing(_trusted(), queries.TRUSTED, 12, columns={"trusted_by": of("trusted_by")}),
                    lines(
                        of("net_sentiment").called(f"{{}}, last {config.ROLLING_DAYS} days"),
                        rolling("net_sentiment", config.ROLLING_DAYS),
                    ),
                    lines(of("push_penalty").called("{} by day"), by_day("push_penalty")),
                ),
            ),
            Section(
                "Push",
                (bars(_leaving(), queries.LEAVING, 24, along="brand"),),
            ),
        ),
    )


_CANNED = f"{{}}, last {LAST_DAYS['canned']} days"

_RETAINED = Figure(
    title="Retained",
    description="",
    unit="percentunit",
    decimals=0,
    high=1,
    steps=(Step(None, config.POOR), Step(0.1, config.FAIR), Step(0.3, config.GOOD)),
)


def _tenure() -> Figure:
    return of("tenure_p50").called("{} by brand and platform")


def _retention() -> Figure:
    return Figure(
        title="Retention by month of the first contact",
        description="Share of those whose first contact was in a month who were in contact again so many "
        "months later. Empty where that month is not over. A column that fades downwards means that "
        "newcomers stay less than they used to. (L6 in docs/metrics.md)",
    )


def _partnering() -> Figure:
    return Figure(
        title="Advocates, answered or not",
        description=f"{of('partnering_rate').description} Thank those who were left without a word.",
    )


def _advocates() -> Figure:
    return Figure(
        title="Advocates without an answer",
        description="Customers who speak for the brand, and heard nothing back within 28 days. An answer "
        "to each of them is the cheapest marketing there is. (A2 and A3 in docs/metrics.md)",
    )


def _topics() -> Figure:
    return Figure(
        title="Topics rising",
        description="What customers talk about more than in the 28 days before the newest event's last 28. A "
        "sentiment below 0 is a chance to help before it becomes a story. (M2 in docs/metrics.md)",
    )


def _trusted() -> Figure:
    return Figure(
        title="Trusted voices",
        description="Customers whom most others answered positively, or reposted, in the 28 days up to the "
        "newest event. Whoever wants to know the market listens to them first. (M3 in docs/metrics.md)",
    )


def _leaving() -> Figure:
    return Figure(
        title="Who left within 24 hours, for each 100 messages",
        description="Unfollows and blocks charged to the brand's last message before them, after "
        "broadcasts and after answers. Where the first is larger, it is the push that drives people "
        f"away. {of('push_penalty').description}",
        decimals=1,
    )
