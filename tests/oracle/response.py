"""Metrics of exchanges, charged to when they were opened, and of agents."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from oracle.exchanges import QUIET, exchanges_of
from oracle.frames import over, quantile
from oracle.survival import survived_to

if TYPE_CHECKING:
    from oracle.view import View

PRIOR = 20
"""Exchanges that the brand's own rate is worth where an agent's is shrunk towards it."""
FEWEST = 30


def response(view: View) -> dict[str, float | None]:
    """R1 to R6."""
    now, sla = view.watermark, timedelta(minutes=view.brand.reply_sla_minutes)
    everything = exchanges_of(view)
    opened = [one for one in everything if view.holds(one.opened.at)]
    mature = [one for one in opened if one.opened.at + sla <= now]
    answered = [one for one in opened if one.reply]
    classified = [one for one in answered if one.classified]
    settled = [one for one in answered if one.reply.at + QUIET <= now]
    closed = [one for one in opened if one.closed_at and one.quiet_from + QUIET <= now]
    waits = [
        (one.waited, True)
        if one.reply and one.reply.at <= now
        else ((now - one.opened.at).total_seconds(), False)
        for one in opened
    ]
    backlog = [
        one for one in everything if one.opened.at + sla < now and (one.reply is None or one.reply.at > now)
    ]
    return {
        "reply_rate": over(
            sum(one.reply is not None and one.waited <= sla.total_seconds() for one in mature), len(mature)
        ),
        "first_response_p50": survived_to(waits, 0.5),
        "first_response_p90": survived_to(waits, 0.1),
        "open_backlog": float(len(backlog)),
        "help_confirmed_rate": over(sum(one.confirmed for one in classified), len(classified)),
        "help_coverage": over(len(classified), len(answered)),
        "single_reply_closure": over(sum(one.single for one in settled), len(settled)),
        "time_to_close_p50": quantile(
            [(one.closed_at - one.opened.at).total_seconds() for one in closed], 0.5
        ),
    }


def marketers(view: View) -> dict[str, float | None]:
    """H4 as a number: agents who do better than their brand."""
    loops, own = _loops_by_agent(view)
    return {"social_marketers": float(sum(rate is not None and rate > own for rate in loops.values()))}


def social_marketers(view: View) -> dict[str, float | None]:
    """H4: of each agent, how often the customer came back, shrunk towards the brand's rate.

    None for agents with fewer than 30 answered exchanges.
    """
    return _loops_by_agent(view)[0]


def _loops_by_agent(view: View) -> tuple[dict[str, float | None], float | None]:
    by_agent: dict[str, list[bool]] = defaultdict(list)
    for one in exchanges_of(view):
        if one.reply and one.agent and view.holds(one.opened.at):
            by_agent[one.agent].append(one.back_at is not None)
    everybody = [loop for loops in by_agent.values() for loop in loops]
    own = over(sum(everybody), len(everybody))
    shrunk = {
        agent: (sum(loops) + PRIOR * own) / (len(loops) + PRIOR) if len(loops) >= FEWEST else None
        for agent, loops in by_agent.items()
    }
    return shrunk, own
