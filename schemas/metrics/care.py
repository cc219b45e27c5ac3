"""R: did the brand help?"""

from __future__ import annotations

from schemas.metrics.model import Metric

CARE: tuple[Metric, ...] = (
    Metric(
        id="R1",
        column="reply_rate",
        name="reply rate within SLA",
        unit="ratio",
        source="exchanges",
        anchor="K",
        numerator="in_time",
        denominator="mature",
        description="Share of the exchanges that the brand answered within its promised time, of those that "
        "are old enough to tell.",
        good="Above 0.9.",
        better="high",
        levels=(0.7, 0.9),
    ),
    Metric(
        id="R2",
        column="first_response_p50",
        name="first response p50",
        unit="seconds",
        source="first_responses",
        anchor="K",
        numerator="first_response_p50",
        description="Time within which half of the exchanges get a first reply (Kaplan-Meier; open ones "
        "count up to the watermark). NULL while more than half are open.",
        good="Falling; well below the promised time.",
        better="low",
        levels=(3600, 14400),
    ),
    Metric(
        id="R2",
        column="first_response_p90",
        name="first response p90",
        unit="seconds",
        source="first_responses",
        anchor="K",
        numerator="first_response_p90",
        description="Time within which nine tenths of the exchanges get a first reply (Kaplan-Meier). NULL "
        "while more than a tenth is open.",
        good="Below the promised time.",
        better="low",
        levels=(14400, 86400),
    ),
    Metric(
        id="R3",
        column="open_backlog",
        name="open backlog",
        unit="count",
        source="backlog",
        anchor="S",
        numerator="open_backlog",
        description="Exchanges without a reply that are older than the promised time, at the end of the "
        "window or at the watermark, whichever is earlier.",
        good="0.",
        better="low",
        levels=(1, 50),
    ),
    Metric(
        id="R4",
        column="help_confirmed_rate",
        name="help-confirmed rate",
        unit="ratio",
        source="exchanges",
        anchor="K",
        numerator="confirmed",
        denominator="classified",
        description="Share of the answered exchanges that the customer confirmed within 7 days (thanks, "
        "solved, or a like of the reply), of those in which it could be seen.",
        good="Rising: we helped.",
        better="high",
        levels=(0.5, 0.75),
    ),
    Metric(
        id="R4",
        column="help_coverage",
        name="help coverage",
        unit="ratio",
        source="exchanges",
        anchor="K",
        numerator="classified",
        denominator="answered",
        description="Share of the answered exchanges in which a confirmation could be seen. Where it is "
        "low, the help-confirmed rate says little.",
        good="Stable.",
    ),
    Metric(
        id="R5",
        column="single_reply_closure",
        name="single-reply closure",
        unit="ratio",
        source="exchanges",
        anchor="K",
        numerator="single",
        denominator="settled",
        description="Share of the answered exchanges in which one reply was enough, of those whose reply is "
        "at least 72 hours old.",
        good="Rising, beside a help-confirmed rate that does not fall.",
    ),
    Metric(
        id="R6",
        column="time_to_close_p50",
        name="time to close p50",
        unit="seconds",
        source="exchanges",
        anchor="K",
        numerator="time_to_close_p50",
        description="Median time from the opening of an exchange to the brand's last message before 72 "
        "hours of quiet.",
        good="Falling.",
    ),
    Metric(
        id="R7",
        column="deflection_share",
        name="deflection share",
        unit="ratio",
        anchor="E",
        numerator="deflections",
        denominator="deflection_known",
        description="Share of the brand's replies that only send to a direct message or to a link, of those "
        "that could be classified.",
        good="Low: help is given where it is asked for.",
        better="low",
        levels=(0.1, 0.3),
    ),
)
