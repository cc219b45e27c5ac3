"""The key and the conversation of an event in a file, by what stands above it in that file."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from schemas.event import MESSAGES, RELATIONS, Activity
from streams.sources.roots import Root, Roots
from streams.sources.source import Keyed

if TYPE_CHECKING:
    from schemas.event import SocialEvent


class Keys:
    """Keys for events of any platform and activity. First note every event, then ask.

    - A message, and its edits: its conversation, or else the root above it. Where the walk up ends at an id
      that the file does not hold, that id, and the conversation stays open: the stream derives it, and
      decides anew when the parent comes.
    - A like, repost, delete or undo: what its object has.
    - A follow, unfollow or block: the two accounts, `actor>object`; there is no conversation. Its undo goes
      where it went.
    """

    def __init__(self) -> None:
        self._platforms: defaultdict[str, Roots] = defaultdict(Roots)

    def note(self, event: SocialEvent) -> None:
        """Remember what the event tells about who stands above whom."""
        roots = self._platforms[event.platform]
        parent = event.in_reply_to.id if event.in_reply_to else ""
        conversation = event.conversation or ""
        if event.activity in MESSAGES:
            roots.message(event.id, parent=parent, conversation=conversation)
        elif event.activity is Activity.UPDATE:
            roots.edit(event.id, parent=parent, conversation=conversation)
        elif event.activity in RELATIONS:
            roots.relation(event.id, _pair(event))
        elif event.activity not in (Activity.DELETE, Activity.UNDO) and event.object:
            # Deletes and undos are not noted: nothing refers to them, and some bear their object's id.
            roots.reaction(event.id, event.object.id)

    def keyed(self, event: SocialEvent, line: int) -> Keyed:
        """The event with its key, and with its conversation where the file tells it."""
        if event.activity in RELATIONS:
            return Keyed(_pair(event), event, line)
        if event.conversation is not None:
            return Keyed(event.conversation, event, line)
        root = self._root(event)
        if root.conversation is not None:
            event = event.model_copy(update={"conversation": root.conversation})
        return Keyed(root.key, event, line)

    def _root(self, event: SocialEvent) -> Root:
        roots = self._platforms[event.platform]
        if event.activity in MESSAGES or event.activity is Activity.UPDATE or event.object is None:
            return roots.of(event.id)
        return roots.of(event.object.id)


def _pair(event: SocialEvent) -> str:
    return f"{event.actor.id}>{event.object.id if event.object else ''}"
