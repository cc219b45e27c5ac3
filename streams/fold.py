"""What one thread yields: its rows and what it adds to the windows.

This is the definition: a pure function of the set of the thread's activities, of the registry, of the
settlement and of who is forgotten, whatever order they came in.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from schemas.event import Activity
from schemas.vocabulary import Role
from streams.conversation import NOBODY, converse
from streams.direct import direct
from streams.heard import Heard, Hearing
from streams.interactions import Space, interaction, removed_interaction
from streams.shape import depths
from streams.sums import Sums, of_a_conversation, of_a_message, of_a_reaction, of_a_reply
from streams.yields import Position, Stamp, removed_summary, root_seen, start_of, summary

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
    windows: Mapping[Window, Sums]
    """What the thread adds to the sums of `dialogue_minutes`, by column; nothing where it once may have."""
    starts: frozenset[Window]
    """Windows to which the whole conversation is booked."""


NOTHING = Folded({}, {}, {}, frozenset())
_GIVES = frozenset({Activity.LIKE, Activity.REPOST})
"""Reactions that may be a brand's give."""


def fold(
    thread: str,
    activities: Iterable[Stored],
    registry: Registry,
    settled: datetime | None = None,
    *,
    seen: int = 0,
    forgotten: Mapping[str, datetime] = NOBODY,
    sentiment_share: float = 1.0,
    hearing: Hearing | None = None,
) -> Folded:
    """Fold one thread.

    Args:
        thread: The thread's key.
        activities: Its distinct activities, all of one platform, in any order.
        registry: Tells brands' accounts.
        settled: Event time up to which replies to unknown parents take the addressee that is named.
        seen: How much the thread has seen, for the rows.
        forgotten: By account: the event time up to which what it did counts as deleted.
        sentiment_share: Share of the messages whose sentiment is told, 0 to 1.
        hearing: Knows what was heard of this thread before; changes nothing but the time that it takes.
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
    heard: dict[str, list[Heard]] = defaultdict(list)
    hearing = hearing or Hearing()
    directions = direct(conversation, registry, settled)
    for directed in directions.directed:
        heard[directed.brand].append(hearing.hear(directed, registry, sentiment_share))
    platform = stored[0].event.platform
    minutes = {message.id: _minute(message.published) for message in conversation.messages.values()}
    newest = Stamp(seen, max(one.position for one in stored))
    interactions: dict[tuple[str, str, str], InteractionRow] = {}
    conversations: dict[str, ConversationRow] = {}
    windows: dict[Window, Sums] = {}
    starts: set[Window] = set()
    for event, brand in directions.withdrawn:
        key = (event.activity, event.id)
        interactions[brand, *key] = removed_interaction(event, brand, thread, Stamp(seen, positions[key]))
        conversations[brand] = removed_summary(event, brand, thread, newest)
        if event.activity in _GIVES and _is_by(brand, event, registry):
            windows.setdefault(window_of(event, brand), Sums())
    for brand in {*heard, *conversations}:
        space = Space.of(heard[brand], registry.by_name[brand].reply_sla_minutes)
        for one in heard[brand]:
            key = (one.event.activity, one.event.id)
            interactions[brand, *key] = interaction(
                one, space, conversation, depth.get(one.event.id, 0), Stamp(seen, positions[key])
            )
        # The whole conversation may have been booked to any of its messages while that was the first known.
        own = {message: Window(minute, brand, platform) for message, minute in minutes.items()}
        for window in own.values():
            if window not in windows:
                windows[window] = Sums()
        if space.messages:
            messages = [one.directed for one in space.messages]
            row = conversations[brand] = summary(brand, messages, conversation, depth, newest)
            start = own[start_of(conversation).id]
            starts.add(start)
            counted = [directed for directed in messages if directed.counts]
            customers = sum(directed.actor_role is Role.CUSTOMER for directed in counted)
            windows[start].update_by(of_a_conversation(row, root_seen(conversation, counted), customers), 1)
        _book(space, brand, own, windows)
    return Folded(interactions, conversations, windows, frozenset(starts))


def _book(space: Space, brand: str, own: Mapping[str, Window], windows: dict[Window, Sums]) -> None:
    """Add what one brand's messages and reactions amount to, each by itself.

    Args:
        space: What the brand hears.
        brand: The brand.
        own: The windows of the messages, by id.
        windows: What is added to.
    """
    for heard in space.messages:
        if heard.directed.counts:
            answer = space.answers.get(heard.event.id)
            windows[own[heard.event.id]].add(of_a_message(heard, answer.by if answer else None))
        if (parent := space.parent_of(heard)) is not None:
            windows[own[parent.event.id]].add(of_a_reply(heard, parent))
    for heard in space.reactions:
        if heard.event.activity in _GIVES and heard.directed.actor_role is Role.BRAND:
            booked = windows.setdefault(window_of(heard.event, brand), Sums())
            booked.add(of_a_reaction(heard.directed))


def _is_by(brand: str, event: SocialEvent, registry: Registry) -> bool:
    return registry.brand_of(event.platform, event.actor.id, event.published) == brand


def window_of(item: SocialEvent | InteractionRow, brand: str) -> Window:
    """The window of a brand that an event belongs to by its own time."""
    return Window(_minute(item.published), brand, item.platform)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
