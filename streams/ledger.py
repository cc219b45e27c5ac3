"""The rows of a flush while they are gathered: what threads yielded is taken back, what they yield given."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from schemas.rows import ConversationRow, InteractionRow
from schemas.vocabulary import Role
from sinks.sink import Erased, Flush
from streams.fold import window_of
from streams.sums import Sums

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from schemas.rows import (
        ActivityRow,
        DeadLetterRow,
        ForgottenRow,
        MinuteRow,
        RegistryChangeRow,
    )
    from streams.fold import Folded, Window
    from streams.thread import Thread

_STAMPS = frozenset({"seen", "source_epoch", "source_partition", "source_offset"})
_SAYS = {
    row: itemgetter(*(name for name in row.model_fields if name not in _STAMPS))
    for row in (InteractionRow, ConversationRow)
}
"""What a row of each table says, column by column."""


@dataclass(slots=True)
class Ledger:
    """The rows of one flush; of one key the last is kept."""

    forgotten: list[ForgottenRow] = field(default_factory=list)
    dead_letters: list[DeadLetterRow] = field(default_factory=list)
    registry_changes: list[RegistryChangeRow] = field(default_factory=list)
    minutes: dict[tuple[int, Window], MinuteRow] = field(default_factory=dict)
    conversations: dict[tuple[str, str, str], ConversationRow] = field(default_factory=dict)
    interactions: dict[tuple[str | date, ...], InteractionRow] = field(default_factory=dict)
    erased: dict[Erased, None] = field(default_factory=dict)
    activities: dict[tuple[str | int, ...], ActivityRow] = field(default_factory=dict)

    def book(self, refolded: Iterable[tuple[Thread, Folded]]) -> dict[Window, Sums]:
        """Replace what some threads yielded before by what they yield now.

        Args:
            refolded: Each thread that has changed, and what was booked for it before.

        Returns:
            What that adds to the windows. Where it adds nothing in the end, but did for a moment that
            another worker may have seen, it says so: the row has to be written to have seen more.
        """
        changes = [(thread, before, _stirred(before, thread)) for thread, before in refolded]
        sums: dict[Window, Sums] = defaultdict(Sums)
        for thread, before, stirred in changes:
            for window in _touched(before, thread, stirred):
                total = sums[window]
                if was := before.windows.get(window):
                    total.update_by(was, -1)
                if now := thread.booked.windows.get(window):
                    total.update_by(now, 1)
            self._take_back(thread, before)
        # Only when all is taken back: what one thread has lost may be what another has won.
        for thread, before, stirred in changes:
            self._give(thread, before, stirred)
        return sums

    def _take_back(self, thread: Thread, before: Folded) -> None:
        """Remove the rows that a thread yields no longer, and those that it would have yielded in between.

        Another worker, cut off since, may have seen just that moment and may still write its rows.
        """
        gone: dict[str, object] = {"seen": thread.seen, "removed": True}
        for yielded in (before, *thread.past):
            for key, row in yielded.interactions.items():
                now = thread.booked.interactions.get(key)
                # The event time is part of the table's key; a delivery that was seen earlier can change it.
                if now is None or now.published != row.published:
                    self._put_interaction(row.but(**gone))
            for brand, conversation in yielded.conversations.items():
                if brand not in thread.booked.conversations:
                    self._put_conversation(conversation.but(**gone))
        for other in thread.absorbed:
            # The other's rows of what has moved are overwritten by ours; its conversations are not.
            other.seen = max(other.seen, thread.seen)
            gone = {"conversation": other.key, "seen": other.seen, "removed": True}
            for brand, conversation in thread.booked.conversations.items():
                if brand not in other.booked.conversations:
                    self._put_conversation(conversation.but(**gone))

    def _give(self, thread: Thread, before: Folded, stirred: Iterable[InteractionRow]) -> None:
        """Write the rows that say something new, or said something else for a moment, and the memory."""
        for row in stirred:
            self._put_interaction(row)
        for brand, conversation in thread.booked.conversations.items():
            summaries = (yielded.conversations.get(brand, conversation) for yielded in thread.past)
            known = (before.conversations.get(brand), *summaries)
            if thread.shaken or not all(_alike(one, conversation) for one in known):
                self._put_conversation(conversation)
        self.erased.update((Erased(thread.platform, *identity), None) for identity in sorted(thread.erased))
        for activity in thread.save():
            self.note(activity)
        thread.forget_moments()

    def count(self, minutes: Mapping[Window, MinuteRow]) -> None:
        """Write the sums of some minutes, as one partition saw them."""
        self.minutes.update(((row.source_partition, window), row) for window, row in minutes.items())

    def note(self, activity: ActivityRow) -> None:
        """Write a row of what has to be remembered."""
        identity = (activity.platform, activity.thread, activity.id, activity.activity, activity.version)
        self.activities[identity] = activity

    def _put_interaction(self, row: InteractionRow) -> None:
        self.interactions[row.brand, row.platform, row.activity, row.id, row.published.date()] = row

    def _put_conversation(self, row: ConversationRow) -> None:
        self.conversations[row.brand, row.platform, row.conversation] = row

    def flush(self) -> Flush:
        """Everything, ready to be written."""
        return Flush(
            forgotten=tuple(self.forgotten),
            dead_letters=tuple(self.dead_letters),
            registry_changes=tuple(self.registry_changes),
            minutes=tuple(self.minutes.values()),
            conversations=tuple(self.conversations.values()),
            interactions=tuple(self.interactions.values()),
            erased=tuple(self.erased),
            activities=tuple(self.activities.values()),
        )


def _touched(before: Folded, thread: Thread, stirred: Iterable[InteractionRow]) -> set[Window]:
    """Windows to which a thread adds something else than before, or has for a moment."""
    now = thread.booked
    changed = {window for window, sums in now.windows.items() if before.windows.get(window) != sums}
    changed |= before.windows.keys() - now.windows.keys()
    if minutes := thread.shaken_minutes():
        changed |= {window for window in now.windows if window.minute in minutes}
    if _has_moments(before, thread):
        changed |= now.windows.keys() & {window_of(row, row.brand) for row in stirred}
    return changed.union(now.starts, *(yielded.windows for yielded in thread.past))


def _stirred(before: Folded, thread: Thread) -> list[InteractionRow]:
    """The rows that say something else than before, or may have for a moment that another worker has seen."""
    rows = thread.booked.interactions
    shaken = thread.shaken
    news = {
        key: row
        for key, row in rows.items()
        if _is_news(key, row, before, thread)
        or (shaken and (row.id in shaken or (row.actor, row.parent) in shaken))
    }
    if not _has_moments(before, thread):
        return list(news.values())
    # What a message says of others hangs on its parent, on its replies, and on what else its customer did.
    gone = (row for key, row in before.interactions.items() if key not in rows)
    causes = [*news.values(), *gone]
    accounts = {account for row in causes for account in (row.actor, row.addressee)}
    ids = {row.id for row in causes}
    parents = {row.parent for row in causes}
    return [
        row
        for key, row in rows.items()
        if key in news
        or row.id in parents
        or row.parent in ids
        or (row.actor_role is Role.CUSTOMER and row.actor in accounts)
    ]


def _is_news(key: tuple[str, str, str], row: InteractionRow, before: Folded, thread: Thread) -> bool:
    if not _alike(before.interactions.get(key), row):
        return True
    return not all(_alike(yielded.interactions.get(key, row), row) for yielded in thread.past)


def _has_moments(before: Folded, thread: Thread) -> bool:
    """Whether a thread has been through more than one change since it was last folded."""
    folded = next(iter(before.interactions.values()), None)
    return folded is not None and thread.seen - folded.seen > 1


def _alike(one: InteractionRow | ConversationRow | None, other: InteractionRow | ConversationRow) -> bool:
    """Whether two rows of one table say the same, whatever each has seen."""
    if one is None:
        return False
    what = _SAYS[type(other)]
    return bool(what(vars(one)) == what(vars(other)))
