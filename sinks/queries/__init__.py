"""The queries of metrics that are more than sums over one table, by the name that the catalogue calls them.

Each is a function of what is asked for (`Over`) and gives SQL with one row a window: `at`, the keys, and the
columns that the catalogue's numerators and denominators are made of. Add a query to `SOURCES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.metrics import CATALOGUE, Metric, Source
from sinks.queries.advocates import advocates
from sinks.queries.agents import agents
from sinks.queries.canned import canned
from sinks.queries.conversations import conversations
from sinks.queries.dialogue import dialogue
from sinks.queries.exchanges import backlog, exchanges, first_responses
from sinks.queries.graph import crowd, graph
from sinks.queries.over import Over
from sinks.queries.pairs import bonds, new_pairs, pairs
from sinks.queries.participation import participation
from sinks.queries.push import push, voice
from sinks.queries.retention import retention
from sinks.queries.roots import roots
from sinks.queries.topics import topics
from sinks.queries.trust import trust

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["SOURCES", "Over", "formula", "metrics_of", "query"]

SOURCES: Mapping[Source, Callable[[Over], str]] = {
    "dialogue_minutes": dialogue,
    "participation": participation,
    "conversations": conversations,
    "exchanges": exchanges,
    "first_responses": first_responses,
    "backlog": backlog,
    "pairs": pairs,
    "new_pairs": new_pairs,
    "bonds": bonds,
    "retention": retention,
    "roots": roots,
    "advocates": advocates,
    "graph": graph,
    "crowd": crowd,
    "canned": canned,
    "agents": agents,
    "topics": topics,
    "trust": trust,
    "leaving": participation,
    "push": push,
    "voice": voice,
}
"""Every source but `nowhere`."""

_OWN = frozenset({"roots"})
"""Sources that leave platforms out themselves, each metric its own."""


def metrics_of(source: Source) -> tuple[Metric, ...]:
    """The metrics of brands that are computed from one source, in the catalogue's order."""
    return tuple(metric for metric in CATALOGUE if metric.source == source)


def formula(metric: Metric) -> str:
    """SQL for a metric over the columns of its source, with its name; a zero denominator gives NULL."""
    if metric.source == "conversations":
        return metric.column
    if metric.denominator:
        return f"({metric.numerator}) / nullIf({metric.denominator}, 0) AS {metric.column}"
    return metric.numerator if metric.numerator == metric.column else f"{metric.numerator} AS {metric.column}"


def query(source: Source, over: Over) -> str:
    """SQL for a source's columns and its metrics: `at`, the keys, the columns, the metrics.

    Rows of platforms that cannot show a source's metrics are left out: they have to be the same for all.
    """
    metrics = metrics_of(source)
    if source not in _OWN:
        (cannot,) = {metric.cannot for metric in metrics}
        over = over.without(cannot) if cannot else over
    named = [formula(m) for m in metrics if formula(m) != m.column]
    return f"SELECT {', '.join(('*', *named))} FROM ({SOURCES[source](over)})"
