"""The catalogue of metrics: views, the report and the documentation read it.

A ratio is kept as its two sums and divided last, so that longer windows add up and are never averaged.
A zero denominator gives NULL. Numerators and denominators are SQL over the columns of one source, which has
one row a window: sums of `dialogue_minutes`, or the columns of a query in `sinks/queries`.

A new metric is one entry here, and one more sum where it needs one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.metrics.bonds import BONDS
from schemas.metrics.care import CARE
from schemas.metrics.community import COMMUNITY
from schemas.metrics.dialogue import DIALOGUE
from schemas.metrics.market import MARKET
from schemas.metrics.model import DECIDED, FIVE, Grain, Metric, Source, Unit
from schemas.metrics.reach import REACH
from schemas.metrics.voices import VOICES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BY_COLUMN", "CATALOGUE", "DECIDED", "ENTRIES", "FIVE", "Grain", "Metric", "Source", "Unit"]

ENTRIES: tuple[Metric, ...] = (*DIALOGUE, *COMMUNITY, *CARE, *BONDS, *VOICES, *MARKET, *REACH)
"""Every metric, in the order of the domain, also those of a conversation, an agent, an author or a topic."""

BY_COLUMN: Mapping[str, Metric] = {metric.column: metric for metric in ENTRIES}
"""The same by their columns."""

CATALOGUE: tuple[Metric, ...] = tuple(metric for metric in ENTRIES if metric.grain == "brand")
"""The metrics of a brand over a window: what the report has."""
