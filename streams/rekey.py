"""The key of an event that comes from a topic which is not keyed by conversation.

1. A relation: the two accounts, `actor>object`.
2. An event that names its conversation: that.
3. One that does not: the key of what it belongs to, where that is known. Else it is held for a while.
4. When nobody can tell: a message goes under one key for its whole platform, and so does all else on a
   platform that names no conversations. Replies and their parents meet there, so the answer is right to the
   last count; the price is that such a platform has one partition's worth of throughput. On a platform that
   does name conversations, a reaction, an edit, a delete or an undo goes under the id of what it acts on:
   where that is a root it is the conversation, and needs no luck.

A platform where some messages name their conversation and others do not cannot be told apart message by
message. Named as `whole`, all that comes from it goes under one key, which is always right.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from schemas.event import ABOUT_OTHERS, RELATIONS, Activity
from streams.place import anchor_of, opens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from schemas.event import SocialEvent

Id = tuple[str, str]
"""Platform and id of an activity."""

Load = TypeVar("Load")
"""What is sent where the event goes."""

HELD = 50_000
"""Events that are held at the most; more, and the oldest go before their time."""


@dataclass(frozen=True, slots=True)
class _Held(Generic[Load]):
    event: SocialEvent
    load: Load
    since: float


class Rekey(Generic[Load]):
    """Gives events their keys, and holds those whose key is not known yet.

    Args:
        whole: Platforms to keep under one key each.
        capacity: Ids whose keys are remembered, at the most; the least recently used are forgotten.
        patience: Seconds for which an event is held.
        held: Events to hold, at the most.
    """

    def __init__(
        self,
        *,
        whole: Collection[str] = (),
        capacity: int = 500_000,
        patience: float = 10.0,
        held: int = HELD,
    ) -> None:
        self._whole = whole
        self._capacity = capacity
        self._patience = patience
        self._room = held
        self._known: OrderedDict[Id, str] = OrderedDict()
        self._held: OrderedDict[int, _Held[Load]] = OrderedDict()
        self._waiting: defaultdict[Id, dict[int, None]] = defaultdict(dict)
        self._unasked: set[Id] = set()
        self._count = 0
        self.naming: set[str] = set()
        """Platforms that have been seen to name conversations."""

    def take(self, batch: Iterable[tuple[SocialEvent, Load]], now: float) -> list[tuple[Load, str]]:
        """Take in some events.

        Args:
            batch: Events in order, each with its load.
            now: Seconds, of any clock that only goes forward.

        Returns:
            The loads whose keys are known, with their keys: those of the batch in its order, and after what
            they have waited for, those that were held.
        """
        events = list(batch)
        for event, _ in events:
            self._note_what_is_said(event)
        out: list[tuple[Load, str]] = []
        for event, load in events:
            key = self._key(event)
            if key is None:
                self._hold(event, load, now)
            else:
                self._emit(event, load, key, out)
        self._forget_the_oldest()
        return out

    def unasked(self) -> set[Id]:
        """What the events that are held since the last call wait for: somebody else may know the keys."""
        unasked, self._unasked = self._unasked, set()
        return unasked

    def learn(self, keys: Mapping[Id, str]) -> list[tuple[Load, str]]:
        """Be told some keys; gives what is no longer held."""
        out: list[tuple[Load, str]] = []
        for place, key in keys.items():
            self._note(place, key)
            self._release(place, out)
        self._forget_the_oldest()
        return out

    def waited_for(self) -> set[Id]:
        """What all events that are held wait for."""
        return set(self._waiting)

    def give_up(self, now: float) -> list[tuple[Load, str]]:
        """Stop holding what was held for long enough, or has no room; gives it with the keys of rule 4."""
        out: list[tuple[Load, str]] = []
        while self._held:
            number, held = next(iter(self._held.items()))
            if len(self._held) <= self._room and held.since + self._patience > now:
                break
            self._let_out(number)
            self._emit(held.event, held.load, self._key(held.event) or self._stand_in(held.event), out)
        self._forget_the_oldest()
        return out

    def drop(self) -> None:
        """Forget what is held: it will be delivered again."""
        self._held.clear()
        self._waiting.clear()
        self._unasked.clear()

    def _key(self, event: SocialEvent) -> str | None:
        if event.platform in self._whole:
            return event.platform
        if event.activity in RELATIONS:
            return anchor_of(event)
        if event.conversation is not None:
            return event.conversation
        for place in _places(event):
            if (known := self._known.get(place)) is not None:
                self._known.move_to_end(place)
                return known
        return event.platform if opens(event) else None

    def _stand_in(self, event: SocialEvent) -> str:
        """The key of an event that belongs to something which nobody knows."""
        if event.is_message or event.platform not in self.naming:
            return event.platform
        return anchor_of(event)

    def _note_what_is_said(self, event: SocialEvent) -> None:
        if event.conversation is None or event.activity in RELATIONS or event.platform in self._whole:
            return
        self.naming.add(event.platform)
        if _tells(event):
            self._note((event.platform, event.id), event.conversation)

    def _note(self, place: Id, key: str) -> None:
        self._known[place] = key
        self._known.move_to_end(place)

    def _hold(self, event: SocialEvent, load: Load, now: float) -> None:
        self._count += 1
        self._held[self._count] = _Held(event, load, now)
        for place in _places(event):
            self._waiting[place][self._count] = None
            self._unasked.add(place)

    def _let_out(self, number: int) -> _Held[Load]:
        held = self._held.pop(number)
        for place in _places(held.event):
            waiting = self._waiting[place]
            waiting.pop(number)
            if not waiting:
                del self._waiting[place]
        return held

    def _emit(self, event: SocialEvent, load: Load, key: str, out: list[tuple[Load, str]]) -> None:
        """Give an event its key, and then all that has waited for it, without recursion: chains are long."""
        going = [(event, load, key)]
        while going:
            event, load, key = going.pop()
            out.append((load, key))
            if event.platform in self._whole or not _tells(event):
                continue
            place = (event.platform, event.id)
            self._note(place, key)
            going += [(held.event, held.load, key) for held in self._let_out_all(place)][::-1]

    def _release(self, place: Id, out: list[tuple[Load, str]]) -> None:
        key = self._known[place]
        for held in self._let_out_all(place):
            self._emit(held.event, held.load, key, out)

    def _let_out_all(self, place: Id) -> list[_Held[Load]]:
        return [self._let_out(number) for number in list(self._waiting.get(place, ()))]

    def _forget_the_oldest(self) -> None:
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)


def _tells(event: SocialEvent) -> bool:
    """Whether an event's key is that of all others that bear or name its id."""
    is_telling_edit = event.activity is Activity.UPDATE and event.conversation is not None
    return is_telling_edit or event.activity not in ABOUT_OTHERS


def _places(event: SocialEvent) -> tuple[Id, ...]:
    """The ids whose key is an event's own, the best first.

    Its own id, because a key once chosen is final for further deliveries too; then what it belongs to.
    """
    anchor = (event.platform, anchor_of(event))
    own = (event.platform, event.id)
    # Some deletes and undos bear their object's id, and nothing else refers to them.
    return (anchor,) if own == anchor or event.activity in (Activity.DELETE, Activity.UNDO) else (own, anchor)
