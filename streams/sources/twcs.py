"""Format `twcs`: the CSV of "Customer Support on Twitter"; customers are numbers, brands are names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.errors import BadInput
from schemas.event import Activity, Actor, ActorKind, Mention, Reference, SocialEvent
from schemas.registry import Registry
from streams.sources.entities import entities_of
from streams.sources.lines import TextFile
from streams.sources.roots import Roots
from streams.sources.source import Keyed
from streams.sources.twcs_rows import is_number, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.sources.source import Progress
    from streams.sources.twcs_rows import Row

PLATFORM = "x"


class Twcs:
    """A twcs.csv, or a part of one.

    Args:
        path: The file.

    Raises:
        BadInput: It cannot be read; from `check` and `events`: the header or a row is broken.
    """

    def __init__(self, path: Path) -> None:
        self._file = TextFile(path)
        self._roots = Roots()
        self._authors: frozenset[str] = frozenset()  # those with a name: the brands
        self._names: dict[str, str] | None = None  # the same by their names in lower case; none: not checked

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._file.size

    def check(self, on_progress: Progress | None = None) -> None:
        """Read every row, note who answers whom and which authors are brands."""
        roots, names, empty = Roots(), set[str](), True
        for row in read_rows(self._file, on_progress):
            roots.message(row.id, parent=row.parent)
            if not is_number(row.author):
                names.add(row.author)
            empty = False
        if empty:
            raise BadInput("has a header and no row", where=str(self._file.path))
        self._roots = roots
        # Were two brands to differ in case only, a mention would name the same one in every run.
        self._names = {name.lower(): name for name in sorted(names, reverse=True)}
        self._authors = frozenset(names)

    def events(self, on_progress: Progress | None = None) -> Iterator[Keyed]:
        """The tweets, with their keys."""
        names = self._checked()
        for row in read_rows(self._file, on_progress):
            root = self._roots.of(row.id)
            yield Keyed(root.key, _event(row, root.conversation, names), row.line)

    def brands(self) -> Registry:
        """A brand for each author with a name."""
        self._checked()
        return Registry.of_names(PLATFORM, self._authors)

    def _checked(self) -> dict[str, str]:
        if self._names is None:
            self.check()
        return self._names or {}


def _event(row: Row, conversation: str | None, names: dict[str, str]) -> SocialEvent:
    entities = entities_of(row.text)
    return SocialEvent(
        platform=PLATFORM,
        activity=Activity.REPLY if row.parent else Activity.POST,
        id=row.id,
        actor=Actor(
            id=row.author,
            handle=row.author,
            kind=ActorKind.PERSON if is_number(row.author) else ActorKind.ORGANIZATION,
        ),
        published=row.published,
        in_reply_to=Reference(id=row.parent) if row.parent else None,
        conversation=conversation,
        mentions=tuple(Mention(id=names.get(name.lower(), name)) for name in entities.mentions),
        text=row.text,
        hashtags=entities.hashtags,
        urls=entities.urls,
    )
