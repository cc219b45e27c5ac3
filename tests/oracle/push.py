"""What pushing costs: N1, N2 and N3."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from oracle.frames import over
from oracle.people import followers_at_end, participants

if TYPE_CHECKING:
    from oracle.seen import Seen
    from oracle.view import View

BLAME = timedelta(hours=24)
DAY = 86_400.0


def leaving(view: View, *activities: str) -> list[Seen]:
    """Unfollows or blocks of the brand by customers, of all times."""
    return [
        row
        for row in view.rows
        if row.activity in activities and row.addressee_role == "brand" and row.actor_role == "customer"
    ]


def unfollow_rate(view: View) -> float | None:
    """N1, per 1000 followers at the end of the window and day of it."""
    start, end = view.window
    number = sum(view.holds(row.at) for row in leaving(view, "unfollow"))
    followers = followers_at_end(view, participants(view))
    return over(1000 * number, followers * ((end - start).total_seconds() / DAY))


def block_rate(view: View) -> float | None:
    """N2, per 1000 customers with a message."""
    number = sum(view.holds(row.at) for row in leaving(view, "block"))
    return over(1000 * number, len(participants(view)))


def push_penalty(view: View) -> float | None:
    """N3: each is charged to the brand's last broadcast or answer of the 24 hours before."""
    said = [row for row in view.messages if row.direction in ("BO", "BC")]
    charged = {"BO": 0, "BC": 0}
    for row in leaving(view, "unfollow", "block"):
        before = [one for one in said if one.platform == row.platform and one.at <= row.at <= one.at + BLAME]
        if before and view.holds(before[-1].at):
            charged[before[-1].direction] += 1
    number = {name: sum(row.direction == name and view.holds(row.at) for row in said) for name in charged}
    after_bo, after_bc = (over(charged[name], number[name]) for name in ("BO", "BC"))
    return None if after_bo is None or not after_bc else after_bo / after_bc
