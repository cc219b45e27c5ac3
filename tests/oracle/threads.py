"""Which conversation everything belongs to, and what is known of each conversation.

A message that names its conversation is in that; another one is where its parent is; where the parent is not
known, the missing id stands in for the root. What is not in the same conversation is no parent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from oracle.kept import Kept

    from schemas.event import SocialEvent


@dataclass
class Thread:
    """One conversation."""

    platform: str
    key: str
    messages: dict[str, SocialEvent] = field(default_factory=dict)
    """By id, in order of event time and id, deleted ones too."""
    reactions: list[SocialEvent] = field(default_factory=list)
    bots: set[str] = field(default_factory=set)
    """Accounts that declare automation in it."""

    @property
    def root(self) -> SocialEvent | None:
        """The message that started it, where it is known."""
        root = self.messages.get(self.key)
        return root if root and root.in_reply_to is None else None

    @property
    def started_at(self) -> datetime | None:
        """The root's event time, or the first known message's."""
        if self.root:
            return self.root.published
        return min((message.published for message in self.messages.values()), default=None)


def threads_of(kept: Kept) -> list[Thread]:
    """All conversations; a follow, unfollow or block is in one of its own."""
    threads: dict[tuple[str, str], Thread] = {}
    for event in sorted(kept.activities, key=lambda e: (e.published, e.id)):
        message = kept.messages.get((event.platform, event.id))
        key = _key(kept, message or event)
        thread = threads.setdefault((event.platform, key), Thread(event.platform, key))
        if event.actor.kind == "service":
            thread.bots.add(event.actor.id)
    for (platform, name), message in sorted(kept.messages.items(), key=lambda m: (m[1].published, m[0])):
        threads[platform, _key(kept, message)].messages[name] = message
    for reaction in kept.reactions:
        threads[reaction.platform, _key(kept, reaction)].reactions.append(reaction)
    return list(threads.values())


def _key(kept: Kept, event: SocialEvent) -> str:
    passed: list[str] = []
    while True:
        if event.conversation is not None:
            return event.conversation
        if event.activity in ("follow", "unfollow", "block"):
            return f"{event.actor.id}>{event.object.id}"
        about = event.in_reply_to or (None if event.activity in ("post", "quote", "update") else event.object)
        if about is None:
            return event.id
        if about.id in passed:
            return min(passed[passed.index(about.id) :])
        passed.append(about.id)
        above = kept.messages.get((event.platform, about.id))
        if above is None:
            return about.id
        event = above
