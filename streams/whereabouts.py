"""What the database knows of activities that have passed long ago, or through another worker."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from schemas.event import ABOUT_OTHERS, RELATIONS, SocialEvent
from schemas.rows import MARKS
from streams.place import identity_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from schemas.rows import ActivityRow
    from sinks.sink import Sink

_MOST = 10_000_000
"""Ids that are waited for which one look goes through at the most."""

Id = tuple[str, str]
"""Platform and id of an activity, or platform and thread."""


def stored_keys(sink: Sink, ids: Collection[Id], naming: Collection[str]) -> dict[Id, str]:
    """The keys under which stored activities have come.

    A thread's name is a key only where somebody has named it. One that was derived from parents has come
    under the key of its platform, unless nothing but reactions to something unknown is in it.

    Args:
        sink: Where activities are.
        ids: The activities.
        naming: Platforms that name conversations.

    Returns:
        The keys of those that are stored.

    Raises:
        RetryLater: The sink cannot be read now.
    """
    found = sink.find(ids) if ids else {}
    threads = _threads(sink, {(platform, thread) for (platform, _), thread in found.items()})
    keys: dict[Id, str] = {}
    for (platform, own), thread in found.items():
        events = threads[platform, thread]
        is_derived = any(event.is_message for event in events) or platform not in naming
        keys[platform, own] = platform if is_derived and not _is_named(thread, events) else thread
    return keys


def strays(sink: Sink) -> list[tuple[str, SocialEvent]]:
    """Edits, deletes and undos that wait for a message which has come in a conversation of its own.

    They were sent on before anybody knew that conversation. Sent again under its key they take effect; where
    they wait they yield nothing. Reactions are left where they are, or they would be there twice.

    Returns:
        The key, and the event, of each that its conversation does not have.

    Raises:
        RetryLater: The sink cannot be read now.
    """
    waited_for = sink.waiting(_MOST)
    if not waited_for:
        return []
    homes = {place: thread for place, thread in sink.find(waited_for).items() if thread != place[1]}
    threads = _threads(sink, {*homes, *((platform, thread) for (platform, _), thread in homes.items())})
    found: list[tuple[str, SocialEvent]] = []
    for place, thread in homes.items():
        home = threads[place[0], thread]
        if not _is_named(thread, home):
            continue
        there = {identity_of(event) for event in home}
        found += [
            (thread, event)
            for event in threads[place]
            if event.activity in ABOUT_OTHERS
            and event.conversation is None
            and identity_of(event) not in there
        ]
    return found


def _is_named(thread: str, events: Iterable[SocialEvent]) -> bool:
    return any(event.conversation == thread or event.activity in RELATIONS for event in events)


def _threads(sink: Sink, keys: Collection[Id]) -> defaultdict[Id, list[SocialEvent]]:
    events: defaultdict[Id, list[SocialEvent]] = defaultdict(list)
    rows: Sequence[ActivityRow] = sink.threads(keys) if keys else ()
    for row in rows:
        if not row.removed and row.activity not in MARKS:
            events[row.platform, row.thread].append(SocialEvent.model_validate_json(row.body))
    return events
