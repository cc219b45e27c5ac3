"""What the activities of one thread amount to, whatever order they came in.

A thread is a set of activities of one platform. Edits, deletes and undos act on it whether they come before
or after what they act on; what is left is its messages in order of event time and id, and its reactions.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING

from schemas.event import REACTIONS, RELATIONS, Activity, ActorKind, SocialEvent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

NOBODY: Mapping[str, datetime] = MappingProxyType({})
_OPINIONS = frozenset({Activity.LIKE, Activity.DISLIKE})


@dataclass(frozen=True, slots=True)
class Conversation:
    """The messages and reactions of one thread."""

    key: str
    """The root's id; of a thread whose top has not come yet, the id that is waited for."""
    messages: dict[str, SocialEvent]
    """By id, in order of event time and id, deleted ones included: their replies still answer them."""
    reactions: tuple[SocialEvent, ...]
    """Those that stand, in order of event time and id."""
    retracted: frozenset[str]
    """Ids of what was deleted or forgotten."""
    overruled: tuple[SocialEvent, ...]
    """Reactions that do not stand: undone, deleted, forgotten, or followed by another of the same actor."""
    bots: frozenset[str]
    """Accounts that declare automation."""
    root: SocialEvent | None
    """The message that started it, where it is known."""


def is_forgotten(event: SocialEvent, forgotten: Mapping[str, datetime]) -> bool:
    """Whether an activity is one of those that its account is forgotten for."""
    until = forgotten.get(event.actor.id) if forgotten else None
    return until is not None and event.published <= until


def retracted_ids(activities: Collection[SocialEvent], forgotten: Mapping[str, datetime]) -> frozenset[str]:
    """Ids of what was deleted, and of the messages of accounts that are forgotten.

    Args:
        activities: Activities of one thread.
        forgotten: By account: the event time up to which it is forgotten.
    """
    retracted = {
        activity.object.id
        for activity in activities
        if activity.activity is Activity.DELETE and activity.object is not None
    }
    if forgotten:
        retracted |= {one.id for one in activities if one.is_message and is_forgotten(one, forgotten)}
    return frozenset(retracted)


def converse(
    key: str, activities: Iterable[SocialEvent], forgotten: Mapping[str, datetime] = NOBODY
) -> Conversation:
    """The conversation that a set of activities of one thread makes.

    Args:
        key: The thread's key.
        activities: Distinct activities of one platform, in any order.
        forgotten: By account: the event time up to which what it did counts as deleted.
    """
    ordered = sorted(activities, key=attrgetter("published", "id", "version", "activity"))
    retracted = retracted_ids(ordered, forgotten)
    # Nobody undoes what somebody else did, and only a reaction is undone.
    undone = {
        (activity.object.id, activity.actor.id)
        for activity in ordered
        if activity.activity is Activity.UNDO and activity.object is not None
    }
    versions: dict[str, list[SocialEvent]] = {}
    for activity in ordered:
        if activity.is_message or activity.activity is Activity.UPDATE:
            versions.setdefault(activity.id, []).append(activity)
    messages = [merged for found in versions.values() if (merged := _merge(found))]
    messages.sort(key=attrgetter("published", "id"))
    reactions = [activity for activity in ordered if activity.activity in REACTIONS]
    standing = _standing(
        reaction
        for reaction in reactions
        if reaction.id not in retracted
        and (reaction.id, reaction.actor.id) not in undone
        and not is_forgotten(reaction, forgotten)
    )
    stands = {id(reaction) for reaction in standing}
    known = {message.id: message for message in messages}
    root = known.get(key)
    return Conversation(
        key=key,
        messages=known,
        reactions=standing,
        retracted=retracted,
        overruled=tuple(reaction for reaction in reactions if id(reaction) not in stands),
        bots=frozenset(activity.actor.id for activity in ordered if activity.actor.kind is ActorKind.SERVICE),
        root=root if root is not None and root.in_reply_to is None else None,
    )


def _merge(versions: list[SocialEvent]) -> SocialEvent | None:
    """The first version with the newest version's content: an edit keeps time and direction."""
    if len(versions) == 1:
        return versions[0] if versions[0].is_message else None
    originals = [version for version in versions if version.is_message]
    if not originals:
        return None
    original = min(originals, key=attrgetter("version", "published", "activity"))
    newest = max(versions, key=attrgetter("version", "published", "activity"))
    if newest is original:
        return original
    content = ("text", "lang", "hashtags", "urls")
    return original.model_copy(update={name: getattr(newest, name) for name in content})


def _standing(reactions: Iterable[SocialEvent]) -> tuple[SocialEvent, ...]:
    """Of an actor's likes and dislikes of one object, and of its reposts, the last one; all relations."""
    last: dict[tuple[str, ...], SocialEvent] = {}
    for reaction in reactions:
        acted_on = reaction.object.id if reaction.object else ""
        if reaction.activity in RELATIONS:
            last[reaction.activity, reaction.id] = reaction
        else:
            kind = "opinion" if reaction.activity in _OPINIONS else "share"
            last[kind, reaction.actor.id, acted_on] = reaction
    return tuple(sorted(last.values(), key=attrgetter("published", "id")))
