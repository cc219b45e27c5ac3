"""The truth of who speaks for the brand: ready-made answers, and agents to whom customers come back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from streams.simulator.measures import Values, over
from streams.simulator.truth.care import exchanges

if TYPE_CHECKING:
    from streams.simulator.truth.seen import View
    from streams.simulator.truth.span import Span

REMEMBERED = timedelta(days=7)
"""How long an answer is not to be said again."""
SHRINK, FEWEST = 20, 30
"""Exchanges that an agent's rate is worth in advance; below which it is not told."""


def canned(view: View, span: Span) -> Values:
    """How many of the answers of a window were given, but for numbers and names, in the week before."""
    said: dict[str, datetime] = {}
    repeated = total = 0
    for message in view.messages("bc"):
        template, time = message.said.template, message.time
        if time in span:
            total += 1
            repeated += template in said and time - said[template] <= REMEMBERED
        if template:
            said[template] = time
    return {"canned_share": over(repeated, total)}


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who answers for the brand."""

    answered: int
    """Exchanges that this agent answered first."""
    completion: float | None
    """How often customers come back, drawn towards the brand's own rate; None below 30 exchanges."""
    stands_out: bool
    """Whether that is more often than with the brand's agents all together."""


def agents(view: View, span: Span) -> dict[str, Agent]:
    """Who answered exchanges that were opened in a window, by name."""
    backs: defaultdict[str, list[bool]] = defaultdict(list)
    for exchange in exchanges(view):
        if exchange.opening.time in span and exchange.agent:
            backs[exchange.agent].append(exchange.back)
    everybody = [back for agent in backs.values() for back in agent]
    own = sum(everybody) / len(everybody) if everybody else 0.0
    found = {}
    for name, back in backs.items():
        rate = (sum(back) + SHRINK * own) / (len(back) + SHRINK) if len(back) >= FEWEST else None
        found[name] = Agent(len(back), rate, rate is not None and rate > own)
    return found


def social_marketers(view: View, span: Span) -> Values:
    """How many agents stand out."""
    known = agents(view, span).values()
    return {"social_marketers": float(sum(agent.stands_out for agent in known))}
