"""The truth of customers among themselves: talk in a conversation, who answers whom, how evenly they talk."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from streams.simulator.measures import Values, over, quantile
from streams.simulator.people import CUSTOMER
from streams.simulator.truth.seen import addressee

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.simulator.records import Message
    from streams.simulator.truth.seen import Room, View
    from streams.simulator.truth.span import Span

TALK = ("c2c_depth", "c2c_turns", "c2c_duration", "c2c_participants")
FEWEST = 20
"""Customers below which it is not said how evenly they talk."""


def community(view: View, span: Span) -> Values:
    """What customers did in a window, and in the conversations that began in it."""
    rooms = [room for room in view.rooms if room.start in span]
    talks = [talk(messages) for room in rooms if (messages := room.of("cc"))]
    edges = {(m.author, addressee(m)) for m in view.messages("cc") if m.time in span}
    balances = sorted(value for room in rooms if (value := balance(room)) is not None)
    mutual = sum((to, by) in edges for by, to in edges)
    values: Values = {
        "turn_balance_p50": quantile(balances, 0.5),
        "c2c_reciprocity": over(mutual, len(edges)),
        "conversation_h_index": float(_h_index(rooms)),
        **_evenness([message for message in view.by_customers() if message.time in span]),
    }
    for index, name in enumerate(TALK):
        ordered = sorted(measures[index] for measures in talks)
        values[f"{name}_p50"] = quantile(ordered, 0.5)
        values[f"{name}_p90"] = quantile(ordered, 0.9)
    return values


def talk(messages: Sequence[Message]) -> tuple[float, float, float, float]:
    """Depth, turns, duration in seconds and participants of customers' talk, in the order of time."""
    depth: dict[str, int] = {}
    for message in messages:
        above = depth.get(message.parent.id, 0) if message.parent else 0
        depth[message.id] = above + 1
    writers = [message.author for message in messages]
    turns = 1 + sum(one is not next_one for one, next_one in pairwise(writers))
    duration = (messages[-1].time - messages[0].time).total_seconds()
    addressed = {person for message in messages for person in message.to or ()}
    people = {person for person in addressed | set(writers) if person.party == CUSTOMER}
    return max(depth.values()), turns, duration, len(people)


def balance(room: Room) -> float | None:
    """How evenly the brand and customers take turns in a conversation: 1 evenly, 0 only one of them."""
    bc, cb = len(room.of("bc")), len(room.of("cb"))
    return 1 - abs(bc - cb) / (bc + cb) if bc + cb else None


def _h_index(rooms: Sequence[Room]) -> int:
    sizes = sorted((sum(m.author.party == CUSTOMER for m in room.live) for room in rooms), reverse=True)
    return sum(size >= rank for rank, size in enumerate(sizes, start=1))


def _evenness(messages: Sequence[Message]) -> Values:
    counts = sorted(Counter((m.author.platform, m.author.id) for m in messages).values())
    people, total = len(counts), sum(counts)
    if people < FEWEST:
        return {"participation_gini": None, "top_1_percent_share": None}
    ranked = sum(rank * count for rank, count in enumerate(counts, start=1))
    return {
        "participation_gini": 2 * ranked / (people * total) - (people + 1) / people,
        "top_1_percent_share": sum(counts[-math.ceil(people / 100) :]) / total,
    }
