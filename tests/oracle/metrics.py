"""Every metric of the domain, computed from the raw events: what the catalogue's SQL is held against.

It shares no code with the project but the data classes of events and registry, and works another way: no
increments, no stored sums, and a look at everything for each number.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from oracle.canned import canned_share
from oracle.fans import fans, per_root
from oracle.frames import Window, over
from oracle.pairs import relationships
from oracle.people import is_customers, people
from oracle.push import block_rate, push_penalty, unfollow_rate
from oracle.response import marketers, response
from oracle.seen import LabelOf, Seen, see
from oracle.shares import shares
from oracle.talks import conversations
from oracle.view import View
from oracle.voices import voices

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from schemas.event import SocialEvent
    from schemas.registry import Registry

NO_LEAVING = ("mastodon", "reddit", "x")
"""Platforms that tell a brand neither who unfollows nor who blocks it."""
NO_REPOSTS = NO_VOTERS = ("reddit",)
"""Nobody reposts on Reddit, and nobody is told who voted."""
MINUTE = timedelta(minutes=1)

Values = dict[str, float | None]


def compute(
    events: Iterable[SocialEvent],
    registry: Registry,
    label_of: LabelOf,
    *,
    settled: datetime | None = None,
    window: Window | None = None,
) -> dict[str, Values]:
    """Every metric, by brand and column of the catalogue.

    Args:
        events: What the collectors sent, in any order, however often.
        registry: The brands.
        label_of: `(event, *, brand, by_brand, answers_customer)` -> its labels.
        settled: Replies up to this time whose parent is missing take the addressee that the platform names.
        window: From when until before when; None for all that there is, in whole minutes.
    """
    return measure(views_of(see(events, registry, label_of, settled), registry, window))


def measure(views: dict[str, View]) -> dict[str, Values]:
    """Every metric, by brand and column of the catalogue.

    Args:
        views: What each brand sees.
    """
    spoken = {
        name: sum(is_customers(row) and view.holds(row.at) for row in view.rows)
        for name, view in views.items()
    }
    return {
        name: _own(view) | {"share_of_voice": over(spoken[name], sum(spoken.values()))}
        for name, view in views.items()
    }


def views_of(rows: list[Seen], registry: Registry, window: Window | None = None) -> dict[str, View]:
    """What each brand with anything in its space sees."""
    if not rows:
        return {}
    newest = max(row.at for row in rows)
    earliest = min(row.started_at for row in rows)
    start, end = window or (_minute(min(earliest, rows[0].at)), _minute(newest) + MINUTE)
    found = {entry.name: [row for row in rows if row.brand == entry.name] for entry in registry.brand}
    return {
        entry.name: View(entry, found[entry.name], (start, end), min(newest, end))
        for entry in registry.brand
        if found[entry.name]
    }


def _own(view: View) -> Values:
    """Every metric of one brand, but for its share of voice."""
    telling = view.without(NO_LEAVING)
    return {
        **shares(view),
        **conversations(view),
        **people(view),
        **response(view),
        **marketers(view),
        **voices(view),
        **relationships(view),
        **fans(view),
        "amplification_rate": per_root(view.without(NO_REPOSTS), "repost", "quote"),
        "applause_rate": per_root(view.without(NO_VOTERS), "like"),
        "canned_share": canned_share(view),
        "unfollow_rate": unfollow_rate(telling),
        "block_rate": block_rate(telling),
        "push_penalty": push_penalty(telling),
        "engagement_rate": None,
    }


def _minute(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0)
