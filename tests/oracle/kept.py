"""What is left of a heap of events: each activity once, edits made, deletes and undos obeyed.

Written from the domain alone; nothing of the pipeline is imported. Where the domain leaves a choice:

- Of two deliveries of one activity the one counts that a collector saw first.
- An edit brings text, language, hashtags and links; everything else stays as it was.
- Of an actor's likes and dislikes of one object the last one stands, and of its reposts; relations all do.
- Nobody undoes what somebody else did, and only a reaction is undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.event import SocialEvent

MESSAGES = ("post", "reply", "quote")
OPINIONS = ("like", "dislike")
RELATIONS = ("follow", "unfollow", "block")
REACTIONS = (*OPINIONS, "repost", *RELATIONS)
CONTENT = ("text", "lang", "hashtags", "urls")

FIRST_DAY = datetime(2004, 1, 1, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)

Name = tuple[str, str]
"""Platform and id, of a message or of an account."""


@dataclass
class Kept:
    """What is left."""

    messages: dict[Name, SocialEvent]
    """Deleted ones too: their replies still answer them."""
    deleted: set[Name]
    reactions: list[SocialEvent]
    """Those that stand."""
    activities: list[SocialEvent]
    """Everything, each once."""


def keep(events: Iterable[SocialEvent]) -> Kept:
    """What is left of events that came in any order, some of them more than once."""
    activities = list(_once(_usable(events)))
    deleted = {(e.platform, e.object.id) for e in activities if e.activity == "delete"}
    versions: dict[Name, list[SocialEvent]] = {}
    for event in activities:
        if event.activity in (*MESSAGES, "update"):
            versions.setdefault((event.platform, event.id), []).append(event)
    messages = {name: _merged(found) for name, found in versions.items()}
    return Kept(
        messages={name: message for name, message in messages.items() if message},
        deleted=deleted,
        reactions=_standing(activities, deleted),
        activities=activities,
    )


def _usable(events: Iterable[SocialEvent]) -> Iterable[SocialEvent]:
    """Without private ones and those whose time cannot be; event times not later than when they were seen."""
    for event in events:
        seen = event.observed or NEVER - timedelta(days=1)
        if event.visibility == "direct" or not FIRST_DAY <= event.published <= seen + timedelta(days=1):
            continue
        yield event.model_copy(update={"published": min(event.published, seen)})


def _once(events: Iterable[SocialEvent]) -> Iterable[SocialEvent]:
    first: dict[tuple[str, str, str, int], SocialEvent] = {}
    for event in events:
        name = (event.platform, event.id, event.activity, event.version)
        if name not in first or _seen(event) < _seen(first[name]):
            first[name] = event
    return first.values()


def _seen(event: SocialEvent) -> tuple[datetime, str]:
    return event.observed or NEVER, event.model_dump_json()


def _merged(versions: list[SocialEvent]) -> SocialEvent | None:
    said = [version for version in versions if version.activity in MESSAGES]
    if not said:
        return None
    original = min(said, key=lambda e: (e.version, e.published))
    newest = max(versions, key=lambda e: (e.version, e.published))
    return original.model_copy(update={name: getattr(newest, name) for name in CONTENT})


def _standing(activities: list[SocialEvent], deleted: set[Name]) -> list[SocialEvent]:
    undone = {(e.platform, e.actor.id, e.object.id) for e in activities if e.activity == "undo"}
    reactions = [
        event
        for event in activities
        if event.activity in REACTIONS
        and (event.platform, event.id) not in deleted
        and (event.platform, event.actor.id, event.id) not in undone
    ]
    last: dict[object, SocialEvent] = {}
    for event in sorted(reactions, key=lambda e: (e.published, e.id)):
        pair = (event.platform, event.actor.id, event.object.id)
        if event.activity in RELATIONS:
            last[event.platform, event.activity, event.id] = event
        elif event.activity in OPINIONS:
            last["opinion", pair] = event
        else:
            last["share", pair] = event
    return sorted(last.values(), key=lambda e: (e.published, e.id))
