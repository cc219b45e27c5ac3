"""Who takes part, how evenly, and who talks with whom."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import networkx as nx
from oracle.frames import over

if TYPE_CHECKING:
    from collections.abc import Iterable

    from oracle.seen import Seen
    from oracle.view import View

FEWEST = 20


def people(view: View) -> dict[str, float | None]:
    """D4, C3 and C5."""
    there = participants(view)
    numbers = Counter(
        (row.platform, row.actor) for row in view.rows if is_customers(row) and view.holds(row.at)
    )
    return {
        "participants": float(len(there)),
        "participation_rate": over(len(there), followers_at_end(view, there)),
        "c2c_reciprocity": _reciprocity(view),
        "participation_gini": gini(numbers.values()),
        "top_1_percent_share": top_share(numbers.values()),
    }


def participants(view: View) -> set[tuple[str, str]]:
    """Customers with a message in the window, be it to a bot."""
    return {
        (row.platform, row.actor)
        for row in view.rows
        if row.direction and row.actor_role == "customer" and view.holds(row.at)
    }


def followers_at_end(view: View, there: set[tuple[str, str]]) -> int:
    """What was last told of each of the brand's accounts before the end of the window, together.

    0, which is to say unknown, where nothing was told on a platform with participants.
    """
    told = [row for row in view.rows if row.actor_role == "brand" and row.followers is not None]
    told.sort(key=lambda row: (row.at, row.id, row.activity))
    latest = {(row.platform, row.actor): row.followers for row in told if row.at < view.window[1]}
    unknown = {platform for platform, _ in there} - {platform for platform, _ in latest}
    return 0 if unknown else sum(latest.values())


def _reciprocity(view: View) -> float | None:
    edges = {
        ((row.platform, row.actor), (row.platform, row.addressee))
        for row in view.messages
        if row.direction == "CC" and view.holds(row.at)
    }
    graph = nx.DiGraph(edge for edge in edges if edge[0] != edge[1])
    return nx.overall_reciprocity(graph) if graph.size() else None


def gini(numbers: Iterable[int]) -> float | None:
    """Mean difference of any two over twice the mean; None of fewer than 20."""
    known = list(numbers)
    if len(known) < FEWEST:
        return None
    differences = sum(abs(one - other) for one in known for other in known)
    return differences / (2 * len(known) * sum(known))


def top_share(numbers: Iterable[int]) -> float | None:
    """What the most active hundredth, rounded up, wrote of everything; None of fewer than 20."""
    known = sorted(numbers, reverse=True)
    if len(known) < FEWEST:
        return None
    return sum(known[: math.ceil(len(known) / 100)]) / sum(known)


def is_customers(row: Seen) -> bool:
    """Whether it is a customer's message that counts."""
    return row.counts and row.actor_role == "customer"
