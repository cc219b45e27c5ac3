"""Customers who carry the brand on: A1, A2, A3 and B1."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from oracle.frames import over

if TYPE_CHECKING:
    from oracle.seen import Seen
    from oracle.view import View

SHARES, DAYS = 3, 2
"""An advocate has at least so many, on at least so many days (UTC)."""
PATIENCE = timedelta(days=28)


def per_root(view: View, *activities: str) -> float | None:
    """What customers did to the brand's roots, over these; charged to the root, however late."""
    roots = {
        (row.platform, row.id)
        for row in view.messages
        if row.is_root and row.actor_role == "brand" and view.holds(row.started_at)
    }
    done = [
        row
        for row in view.rows
        if row.activity in activities
        and row.replies_to == ""
        and row.actor_role == "customer"
        and (row.platform, row.parent) in roots
    ]
    return over(len(done), len(roots))


def praise(view: View) -> dict[tuple[str, str], list[Seen]]:
    """Customers' reposts and quotes of the brand, and what they say to nobody, unless it is negative."""
    found: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for row in view.rows:
        told = row.effect == "amplification" or (row.direction == "CO" and row.counts)
        negative = row.labels is not None and row.labels.sentiment == -1
        if told and not negative and row.actor_role == "customer" and view.holds(row.at):
            found[row.platform, row.actor].append(row)
    return found


def advocates_of(view: View) -> dict[tuple[str, str], list[Seen]]:
    """Advocates, and with what they are."""
    return {
        customer: rows
        for customer, rows in praise(view).items()
        if len(rows) >= SHARES and len({row.at.date() for row in rows}) >= DAYS
    }


def fans(view: View) -> dict[str, float | None]:
    """A2 and A3."""
    advocates = advocates_of(view)
    attention: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for row in view.rows:
        if (row.direction == "BC" and row.counts) or row.effect == "give":
            attention[row.platform, row.addressee].append(row)
    partners = [
        customer
        for customer, rows in advocates.items()
        if any(row.at <= given.at <= row.at + PATIENCE for row in rows for given in attention[customer])
    ]
    return {
        "advocates": float(len(advocates)),
        "partnering_rate": over(len(partners), len(advocates)),
    }
