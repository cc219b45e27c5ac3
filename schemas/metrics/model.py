"""What a metric's entry in the catalogue says."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Source = Literal[
    "dialogue_minutes",
    "participation",
    "conversations",
    "exchanges",
    "backlog",
    "first_responses",
    "pairs",
    "new_pairs",
    "bonds",
    "retention",
    "roots",
    "advocates",
    "graph",
    "crowd",
    "canned",
    "agents",
    "topics",
    "trust",
    "leaving",
    "push",
    "voice",
    "nowhere",
]
"""Where the sums of a metric come from: the table of sums, or a query of that name in `sinks/queries`."""

Unit = Literal[
    "ratio",
    "count",
    "per post",
    "per 1000 follower-days",
    "per 1000 customers",
    "times",
    "messages",
    "turns",
    "seconds",
    "days",
    "people",
]
Grain = Literal["brand", "conversation", "agent", "author", "topic"]

DECIDED = "bo + bc + cb + cc + co + bx + cx"
FIVE = "bo + bc + cb + cc + co"


class Metric(BaseModel):
    """One metric. See docs/metrics.md for the rules behind the sums."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """The domain's id, such as D0."""
    column: str
    """Its column in the views and in the report."""
    name: str
    unit: Unit
    grain: Grain = "brand"
    """What one value is about; the report has those of a brand, the rest stands in views."""
    source: Source = "dialogue_minutes"
    anchor: Literal["E", "K", "S"]
    """E: counted at its own time. K: charged to the window of what it answers. S: as of the watermark."""
    numerator: str
    """SQL over the columns of the source; for a count or a quantile, the whole of it."""
    denominator: str = ""
    """SQL over the columns of the source; empty for a count or a quantile."""
    description: str
    good: str
    """What a good value looks like."""
    better: Literal["high", "low", ""] = ""
    """Where the good values are; empty where nobody can say."""
    levels: tuple[float, float] | None = None
    """Two values, ascending; between them it is neither good nor bad. Dashboards change colour there."""
    signed: bool = False
    """Whether it can be below 0."""
    cannot: tuple[str, ...] = ()
    """Platforms that cannot show it: their rows are left out; without any others it is NULL."""
