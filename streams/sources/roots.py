"""Roots of conversations, derived by walking up the parents within one file and one platform."""

from __future__ import annotations

from typing import NamedTuple


class Root(NamedTuple):
    """The top of a thread, as far up as the file goes."""

    key: str
    """What everything below it is keyed by: the conversation, or what stands in for it."""
    conversation: str | None
    """The conversation; none where the walk ended at an id that is not in the file, or in a circle."""


class Roots:
    """Who stands above whom. First everything is noted, then roots are asked for.

    The answer depends on what was noted, not on the order: where two lines contradict each other about one
    id, a stated conversation wins over a parent, a parent over none, and else the greater of two.
    Asking costs linear time over all ids: each walk lifts every id that it passed to where it ended.
    """

    def __init__(self) -> None:
        self._above: dict[str, str] = {}  # a message's parent, empty for a root
        self._objects: dict[str, str] = {}  # what a reaction is about
        self._stated: dict[str, str] = {}  # conversations that the file gives
        self._pairs: dict[str, str] = {}  # keys of follows and the like, which are about no message

    def message(self, own: str, *, parent: str = "", conversation: str = "") -> None:
        """Note a message, with its parent's id and its conversation if it has them."""
        if conversation:
            self._stated[own] = max(conversation, self._stated.get(own, ""))
        self._above[own] = max(parent, self._above.get(own, ""))

    def edit(self, own: str, *, parent: str = "", conversation: str = "") -> None:
        """Note an edit: it may say more of its message, but it does not stand for it."""
        if parent or conversation:
            self.message(own, parent=parent, conversation=conversation)

    def reaction(self, own: str, target: str) -> None:
        """Note a reaction to a message: an undo will name the reaction's own id."""
        self._objects[own] = max(target, self._objects.get(own, ""))

    def relation(self, own: str, pair: str) -> None:
        """Note a reaction to an account, and the key that its pair has."""
        self._pairs[own] = max(pair, self._pairs.get(own, ""))

    def of(self, own: str) -> Root:
        """The root above an id; the id itself stands in where the file does not hold it."""
        here = own
        passed: dict[str, None] = {}
        while above := self._step(here):
            if here in passed:
                here = self._cut(list(passed)[list(passed).index(here) :])
                break
            passed[here] = None
            here = above
        for below in passed:
            if below != here:
                self._above[below] = here
        if conversation := self._stated.get(here):
            return Root(conversation, conversation)
        if here in self._above:
            return Root(here, here)
        return Root(self._pairs.get(here, here), None)

    def _step(self, here: str) -> str:
        """What stands above, or nothing where the walk ends."""
        if here in self._stated:
            return ""
        above = self._above.get(here)
        return self._objects.get(here, "") if above is None else above

    def _cut(self, circle: list[str]) -> str:
        """End a circle of ids at the least of them, as if the file did not hold that one."""
        least = min(circle)
        for noted in (self._above, self._objects, self._pairs):
            noted.pop(least, None)
        return least
