"""What one thread yields: its rows and what it adds to the windows.

This is the definition: a pure function of the set of the thread's activities, of the registry, of the
settlement and of who is forgotten, whatever order they came in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from schemas.vocabulary import Direction, Role
from streams.conversation import NOBODY, Conversation, converse
from streams.direct import Directed, direct
from streams.shape import depths
from streams.yields import (
    Position,
    Stamp,
    interaction,
    removed_interaction,
    removed_summary,
    root_seen,
    start_of,
    summary,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from schemas.event import SocialEvent
    from schemas.registry import Registry
    from schemas.rows import ConversationRow, InteractionRow


class Window(NamedTuple):
    """One minute of one brand on one platform."""

    minute: datetime
    brand: str
    platform: str


class Stored(NamedTuple):
    """An activity of a thread and where it came from."""

    event: SocialEvent
    position: Position


@dataclass(frozen=True, slots=True)
class Folded:
    """What a thread yields."""

    interactions: Mapping[tuple[str, str, str], InteractionRow]
    """By brand, activity and id; removed ones for what may have been there when less had come.

    A worker that was cut off may still write what it saw then. The removed row has seen more, and wins.
    """
    conversations: Mapping[str, ConversationRow]
    """By brand; removed ones likewise."""
    windows: Mapping[Window, Counter[str]]
    """What the thread adds to the sums of `dialogue_minutes`, by column; nothing where it once may have."""
    starts: frozenset[Window]
    """Windows to which the whole conversation is booked."""


NOTHING = Folded({}, {}, {}, frozenset())


def fold(
    thread: str,
    activities: Iterable[Stored],
    registry: Registry,
    settled: datetime | None = None,
    *,
    seen: int = 0,
    forgotten: Mapping[str, datetime] = NOBODY,
) -> Folded:
    """Fold one thread.

    Args:
        thread: The thread's key.
        activities: Its distinct activities, all of one platform, in any order.
        registry: Tells brands' accounts.
        settled: Event time up to which replies to unknown parents take the addressee that is named.
        seen: How much the thread has seen, for the rows.
        forgotten: By account: the event time up to which what it did counts as deleted.
    """
    stored = list(activities)
    if not stored:
        return NOTHING
    conversation = converse(thread, (one.event for one in stored), forgotten)
    positions = {
        (one.event.activity, one.event.id): one.position
        for one in sorted(stored, key=lambda one: -one.event.version)
    }
    depth = depths(conversation)
    spaces: dict[str, list[Directed]] = defaultdict(list)
    interactions: dict[tuple[str, str, str], InteractionRow] = {}
    directions = direct(conversation, registry, settled)
    for directed in directions.directed:
        spaces[directed.brand].append(directed)
        event = directed.event
        key = (event.activity, event.id)
        interactions[directed.brand, *key] = interaction(
            directed, conversation, registry, depth.get(event.id, 0), Stamp(seen, positions[key])
        )
    newest = Stamp(seen, max(one.position for one in stored))
    conversations: dict[str, ConversationRow] = {}
    windows: dict[Window, Counter[str]] = {}
    starts: set[Window] = set()
    for event, brand in directions.withdrawn:
        key = (event.activity, event.id)
        interactions[brand, *key] = removed_interaction(event, brand, thread, Stamp(seen, positions[key]))
        conversations[brand] = removed_summary(event, brand, thread, newest)
    for brand in {*spaces, *conversations}:
        # The whole conversation may have been booked to any of its messages while that was the first known.
        for message in conversation.messages.values():
            windows.setdefault(_window(message, brand), Counter())
        messages = [directed for directed in spaces[brand] if directed.direction is not None]
        if messages:
            conversations[brand] = summary(brand, messages, conversation, depth, newest)
            start = _window(start_of(conversation), brand)
            starts.add(start)
            windows[start].update(_conversation_sums(messages, conversation))
            for directed in messages:
                if directed.counts:
                    windows[_window(directed.event, brand)][str(directed.direction).lower()] += 1
    return Folded(interactions, conversations, windows, frozenset(starts))


def _conversation_sums(messages: list[Directed], conversation: Conversation) -> dict[str, int]:
    """What one space's conversation adds to the window of its start: the K-anchored sums."""
    counted = [directed for directed in messages if directed.counts]
    customers = [directed.event.actor.id for directed in messages if directed.actor_role is Role.CUSTOMER]
    talk = any(directed.direction is Direction.CC for directed in counted)
    rooted = root_seen(conversation, counted) is not None
    return {
        "customer_conversations": int(bool(customers)),
        "c2c_conversations": int(len(set(customers)) > 1 and talk),
        "brand_roots": int(rooted),
        "root_replies": rooted * sum(directed.actor_role is Role.CUSTOMER for directed in counted),
    }


def _window(event: SocialEvent, brand: str) -> Window:
    return Window(event.published.replace(second=0, microsecond=0), brand, event.platform)
