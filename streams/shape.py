"""The shape of a conversation: depths, paths and turns."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.event import SocialEvent
    from streams.conversation import Conversation


def depths(conversation: Conversation) -> dict[str, int]:
    """Replies between each message and its top, by id: 0 for a root; a parent that has not come is a top."""
    depth: dict[str, int] = {}
    for message in conversation.messages.values():
        for step in _upwards(message, conversation.messages, depth):
            parent = step.in_reply_to
            depth[step.id] = depth.get(parent.id, 0) + 1 if parent else 0
    return depth


def longest_path(messages: list[SocialEvent], depth: Mapping[str, int]) -> int:
    """Messages on the longest path of replies that stays within these messages; 0 for none.

    Args:
        messages: The messages.
        depth: The depth of each, by id. Where parents run in a ring it tells where the path begins.
    """
    length: dict[str, int] = {}
    for message in sorted(messages, key=lambda message: depth[message.id]):
        parent = message.in_reply_to
        length[message.id] = 1 + (length.get(parent.id, 0) if parent else 0)
    return max(length.values(), default=0)


def _upwards(
    message: SocialEvent, messages: Mapping[str, SocialEvent], done: Mapping[str, int]
) -> list[SocialEvent]:
    """A message and those above it that are not done, the topmost first; ends where parents run in a ring."""
    path: dict[str, SocialEvent] = {}
    step: SocialEvent | None = message
    while step is not None and step.id not in done and step.id not in path:
        path[step.id] = step
        step = messages.get(step.in_reply_to.id) if step.in_reply_to else None
    return list(reversed(path.values()))


def runs(authors: Iterable[str]) -> int:
    """Turns: unbroken runs of messages by one author."""
    return sum(1 for _ in groupby(authors))
