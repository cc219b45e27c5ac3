"""Who is trusted, and what is spoken of: the lists M2 and M3."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from oracle.people import is_customers

if TYPE_CHECKING:
    from oracle.view import View

FEWEST = 20
BEFORE = timedelta(days=28)


def voices(view: View) -> dict[str, float | None]:
    """M2 and M3 as numbers: topics in 20 messages that rise, and customers whom anybody trusts."""
    often = {name for name, number in _messages_by_topic(view).items() if number >= FEWEST}
    rising = {name for name, rise in (topics_rising(view) or {}).items() if rise > 0}
    return {
        "topics_rising": float(len(often & rising)),
        "trusted_voices": float(len(trusted_voices(view))),
    }


def trusted_voices(view: View) -> dict[tuple[str, str], int]:
    """M3: by author, how many customers answered with approval or reposted."""
    trust: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in view.rows:
        praised = row.counts and row.direction == "CC" and row.labels.sentiment == 1
        passed_on = row.activity == "repost" and row.effect == "trust"
        if (praised or passed_on) and row.actor_role == "customer" and view.holds(row.at):
            trust[row.platform, row.addressee].add(row.actor)
    return {author: len(customers) for author, customers in trust.items()}


def topic_shares(view: View) -> dict[str, float] | None:
    """M2: by topic, its share of customers' messages; None of fewer than 20 messages."""
    said = sum(is_customers(row) and view.holds(row.at) for row in view.rows)
    topics = _messages_by_topic(view)
    return {name: number / said for name, number in topics.items()} if said >= FEWEST else None


def _messages_by_topic(view: View) -> Counter[str]:
    said = (row for row in view.rows if is_customers(row) and view.holds(row.at))
    return Counter(topic for row in said for topic in row.labels.topics)


def topics_rising(view: View) -> dict[str, float] | None:
    """M2: by topic, its share now less its share in the 28 days before."""
    start = view.window[0]
    now, before = topic_shares(view), topic_shares(replace(view, window=(start - BEFORE, start)))
    if now is None or before is None:
        return None
    return {name: now.get(name, 0.0) - before.get(name, 0.0) for name in now.keys() | before.keys()}
