"""The rows of `conversations` that a thread yields, and what all its rows share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from schemas.rows import ConversationRow
from schemas.vocabulary import Direction, Role
from streams.loops import has_loop
from streams.shape import longest_path, runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.event import SocialEvent
    from streams.conversation import Conversation
    from streams.direct import Directed

_NOTHING = {
    name: column.annotation() if column.annotation in (int, float, bool) else None
    for name, column in ConversationRow.model_fields.items()
}
"""A conversation of which nothing is known."""


class Position(NamedTuple):
    """Where an activity stands in its source."""

    epoch: int
    partition: int
    offset: int


class Stamp(NamedTuple):
    """How much a row has seen, and where the newest of it came from."""

    seen: int
    position: Position


def summary(
    brand: str,
    messages: list[Directed],
    conversation: Conversation,
    depth: Mapping[str, int],
    stamp: Stamp,
) -> ConversationRow:
    """A conversation as a brand sees it.

    Args:
        brand: The brand.
        messages: The messages in its space, in order; at least one.
        conversation: All of the conversation.
        depth: The depth of each message, by id.
        stamp: How much this has seen.
    """
    counted = [directed for directed in messages if directed.counts]
    directions = Counter(directed.direction for directed in counted)
    talk = [directed for directed in counted if directed.direction is Direction.CC]
    customers = {directed.event.actor.id for directed in messages if directed.actor_role is Role.CUSTOMER}
    return ConversationRow.trusted(
        {
            "brand": brand,
            "platform": messages[0].event.platform,
            "conversation": conversation.key,
            "started_at": start_of(conversation).published,
            "last_at": messages[-1].event.published,
            "brand_root": root_seen(conversation, messages) is not None,
            "messages": len(messages),
            "brand_messages": sum(directed.actor_role is Role.BRAND for directed in messages),
            "customer_messages": sum(directed.actor_role is Role.CUSTOMER for directed in messages),
            "customers": len(customers),
            "participants": len({directed.event.actor.id for directed in messages}),
            "depth": max(depth[directed.event.id] for directed in messages),
            "turns": runs(directed.event.actor.id for directed in messages),
            "duration": _seconds(messages),
            "bo": directions[Direction.BO],
            "bc": directions[Direction.BC],
            "cb": directions[Direction.CB],
            "cc": directions[Direction.CC],
            "co": directions[Direction.CO],
            "bx": directions[Direction.BX],
            "cx": directions[Direction.CX],
            "undecided": directions[Direction.UNDECIDED],
            "c2c_depth": longest_path([directed.event for directed in talk], depth),
            "c2c_turns": runs(directed.event.actor.id for directed in talk),
            "c2c_duration": _seconds(talk),
            "c2c_participants": len(
                {account for directed in talk for account in (directed.event.actor.id, directed.addressee)}
            ),
            "loop": has_loop(messages),
            "seen": stamp.seen,
            "source_epoch": stamp.position.epoch,
            "source_partition": stamp.position.partition,
            "source_offset": stamp.position.offset,
            "removed": False,
        }
    )


def removed_summary(event: SocialEvent, brand: str, thread: str, stamp: Stamp) -> ConversationRow:
    """A row that takes back what may be stored under its key; its other columns mean nothing."""
    return ConversationRow.trusted(
        _NOTHING
        | {
            "brand": brand,
            "platform": event.platform,
            "conversation": thread,
            "started_at": event.published,
            "last_at": event.published,
            "seen": stamp.seen,
            "source_epoch": stamp.position.epoch,
            "source_partition": stamp.position.partition,
            "source_offset": stamp.position.offset,
            "removed": True,
        }
    )


def start_of(conversation: Conversation) -> SocialEvent:
    """The root, or the first known message while the root is not known."""
    return conversation.root or next(iter(conversation.messages.values()))


def root_seen(conversation: Conversation, messages: list[Directed]) -> Directed | None:
    """The root as one brand sees it, where it is known, live, and the brand's own."""
    root = conversation.root
    for directed in messages:
        if root is not None and directed.event.id == root.id and directed.actor_role is Role.BRAND:
            return directed
    return None


def _seconds(messages: list[Directed]) -> float:
    """From the first to the last; the messages are in order."""
    return (messages[-1].event.published - messages[0].event.published).total_seconds() if messages else 0.0
