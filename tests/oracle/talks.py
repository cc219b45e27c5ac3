"""Metrics of whole conversations, charged to where they start."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from oracle.frames import over, quantile

if TYPE_CHECKING:
    from datetime import datetime

    from oracle.seen import Seen
    from oracle.view import View


@dataclass
class Talk:
    """One conversation as one brand sees it."""

    started_at: datetime
    messages: list[Seen]
    """All of the space, in order of time."""

    @property
    def counted(self) -> list[Seen]:
        return [row for row in self.messages if row.counts]

    def of(self, *directions: str) -> list[Seen]:
        """The messages that count, of some directions."""
        return [row for row in self.counted if row.direction in directions]

    def by(self, role: str) -> list[Seen]:
        return [row for row in self.messages if row.actor_role == role]

    @property
    def brand_root(self) -> Seen | None:
        return next((row for row in self.counted if row.is_root and row.actor_role == "brand"), None)

    @property
    def two_sided(self) -> bool:
        return bool(self.by("brand") and self.by("customer"))

    @property
    def loop(self) -> bool:
        """Somebody came back: first and third are of one side, the second of the other."""
        known = {row.id: row for row in self.counted}
        for third in known.values():
            second = known.get(third.replies_to)
            first = known.get(second.replies_to) if second else None
            if first and {_side(first), _side(second)} == {"brand", "customer"}:
                both_brand = first.actor_role == third.actor_role == "brand"
                if both_brand or first.actor == third.actor:
                    return True
        return False

    @property
    def brand_free(self) -> bool:
        """Whether the brand wrote nothing but the root."""
        return all(row.is_root for row in self.by("brand"))

    @property
    def balance(self) -> float | None:
        bc, cb = len(self.of("BC")), len(self.of("CB"))
        return 1 - abs(bc - cb) / (bc + cb) if bc + cb else None


def _side(row: Seen) -> str:
    return row.actor_role


def talks_of(view: View) -> list[Talk]:
    """The conversations that start in the window."""
    by_thread: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for row in view.rows:
        if row.direction:
            by_thread[row.platform, row.conversation].append(row)
    talks = [Talk(rows[0].started_at, rows) for rows in by_thread.values()]
    return [talk for talk in talks if view.holds(talk.started_at)]


def conversations(view: View) -> dict[str, float | None]:
    """D5 to D7, C2, C4, C6 and C8."""
    talks = talks_of(view)
    roots = [talk for talk in talks if talk.brand_root]
    with_customers = [talk for talk in talks if talk.by("customer")]
    c2c = [talk for talk in talks if talk.of("CC")]
    many = [talk for talk in c2c if len({row.actor for row in talk.by("customer")}) >= 2]
    two_sided = [talk for talk in talks if talk.two_sided]
    below = sum(row.actor_role == "customer" for talk in roots for row in talk.counted)
    among = [among_customers(talk.of("CC")) for talk in c2c]
    names = ("depth", "turns", "duration", "participants")
    return {
        "conversation_rate": over(below, len(roots)),
        "dialogic_loop_rate": over(sum(talk.loop for talk in two_sided), len(two_sided)),
        "turn_balance_p50": quantile([t.balance for t in talks if t.balance is not None], 0.5),
        "c2c_conversation_rate": over(len(many), len(with_customers)),
        "brand_free_c2c": over(
            sum(len(talk.of("CC")) for talk in c2c if talk.brand_free),
            sum(len(talk.of("CC")) for talk in c2c),
        ),
        "conversation_h_index": h_index([len(talk.by("customer")) for talk in talks]),
        **{
            f"c2c_{name}_p{level}": quantile([measures[place] for measures in among], level / 100)
            for place, name in enumerate(names)
            for level in (50, 90)
        },
    }


def among_customers(rows: list[Seen]) -> tuple[int, int, float, int]:
    """Depth, turns, duration in seconds and participants of the customers' talk in one conversation."""
    known = {row.id: row for row in rows}

    def depth(row: Seen) -> int:
        length, step = 1, row
        while step := known.get(step.replies_to):
            length += 1
        return length

    turns = 1 + sum(one.actor != other.actor for one, other in pairwise(rows))
    people = {person for row in rows for person in (row.actor, row.addressee)}
    return max(map(depth, rows)), turns, (rows[-1].at - rows[0].at).total_seconds(), len(people)


def h_index(numbers: list[int]) -> float:
    """The most h for which h of the numbers are at least h."""
    ordered = sorted(numbers, reverse=True)
    return float(sum(number >= place for place, number in enumerate(ordered, start=1)))
