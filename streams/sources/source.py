"""What a source of events is: a file that is checked as a whole before its first event goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.event import SocialEvent
    from schemas.registry import Registry

Progress = Callable[[int], None]
"""Told now and then how many bytes of the file are done, and once at its end."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """An event, ready for the topic."""

    key: str
    """The message's key: events with the same key keep together in one partition."""
    event: SocialEvent
    """With its conversation, where the file tells it."""
    line: int
    """Where it starts in the file, counted from 1."""


class SourceFile(Protocol):
    """A file of events in one format, read twice: once to check it and to learn who answers whom, once to go.

    So nothing is sent of a file that turns out to be broken near its end, and only the ids stay in memory.
    """

    @property
    def size(self) -> int:
        """Bytes of the file, for progress."""

    def check(self, on_progress: Progress | None = None) -> None:
        """Read all of it and keep what the second reading needs.

        Raises:
            BadInput: The first thing that is wrong, with file and line.
        """

    def events(self, on_progress: Progress | None = None) -> Iterator[Keyed]:
        """The events in the order of the file. Checks the file first if nobody has.

        Raises:
            BadInput: The file has changed since it was checked.
        """

    def brands(self) -> Registry | None:
        """The brands that the authors' names give; none where the format does not tell brands by names.

        Checks the file first if nobody has.
        """
