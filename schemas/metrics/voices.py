"""H: is there a human behind the logo?"""

from __future__ import annotations

from schemas.metrics.model import Metric

VOICES: tuple[Metric, ...] = (
    Metric(
        id="H1",
        column="named_voice_share",
        name="named-voice share",
        unit="ratio",
        anchor="E",
        numerator="named",
        denominator="brand_messages",
        description="Share of the brand's messages with a human's name: an agent, or a signature.",
        good="Rising: a name and a face instead of a logo.",
        better="high",
        levels=(0.3, 0.7),
    ),
    Metric(
        id="H2",
        column="automation_share",
        name="automation share",
        unit="ratio",
        anchor="E",
        numerator="automated",
        denominator="automation_known",
        description="Share of the brand's messages by declared or detected automation, of those of which it "
        "is known.",
        good="Low: automated tools are not social.",
        better="low",
        levels=(0.2, 0.5),
    ),
    Metric(
        id="H2",
        column="automation_coverage",
        name="automation coverage",
        unit="ratio",
        anchor="E",
        numerator="automation_known",
        denominator="brand_messages",
        description="Share of the brand's messages of which it is known whether a machine wrote them.",
        good="Stable; where it is low, the automation share says little.",
    ),
    Metric(
        id="H3",
        column="canned_share",
        name="canned share",
        unit="ratio",
        source="canned",
        anchor="E",
        numerator="canned",
        denominator="replies",
        description="Share of the brand's replies that nearly repeat one of its own of the 7 days before.",
        good="Low.",
        better="low",
        levels=(0.1, 0.4),
    ),
    Metric(
        id="H4",
        column="loop_completion",
        name="loop completion",
        unit="ratio",
        grain="agent",
        source="agents",
        anchor="K",
        numerator="back + 20 * p",
        denominator="answered + 20",
        description="Share of an agent's answered exchanges in which the customer came back, shrunk towards "
        "the brand's own rate with the weight of 20 exchanges. NULL below 30.",
        good="Above the brand's own rate: a social marketer.",
    ),
    Metric(
        id="H4",
        column="social_marketers",
        name="social marketers",
        unit="people",
        source="agents",
        anchor="K",
        numerator="social_marketers",
        description="Agents with at least 30 answered exchanges whose loop completion is above the brand's "
        "own rate.",
        good="Growing: find them in your own ranks.",
    ),
)
