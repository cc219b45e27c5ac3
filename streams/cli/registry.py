"""`--brands`: the registry that a command brings into force."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import BadInput

if TYPE_CHECKING:
    from schemas.registry import Registry
    from schemas.settings import Settings
    from sinks.sink import Sink
    from streams.kafka import Producer
    from streams.sources import SourceFile

AUTO = "auto"


class Wanted:
    """The registry that was asked for, read before anything is opened.

    Args:
        choice: A file, `auto`, or None for what HUBBUB_BRANDS names, if it does.
        settings: They may name a file.
        source: The file of events, checked; `auto` takes the brands from it.

    Raises:
        BadInput: The file has a mistake, or the source tells no brands.
    """

    def __init__(self, choice: str | None, settings: Settings, source: SourceFile | None = None) -> None:
        from schemas.brands_file import read_brands

        self._file: Registry | None = None
        self._names: Registry | None = None
        if choice == AUTO:
            self._names = source.brands() if source else None
            if self._names is None:
                raise BadInput("only a twcs file tells brands by their names; name a file", where="--brands")
        elif choice is not None or settings.brands is not None:
            self._file = read_brands(Path(choice) if choice is not None else settings.brands or Path())

    def __bool__(self) -> bool:
        return self._file is not None or self._names is not None

    def keep(self, sink: Sink) -> int:
        """Keep it in the database and give its version there.

        A file says all there is to know. Names only add to what is known: who wrote a brand down with its
        accounts knows more about it than a file of events does.
        """
        from streams.registries import keep_registry, newest_registry

        registry = self._file or added(newest_registry(sink), self._names)
        return keep_registry(sink, registry, datetime.now(UTC))


def bring_into_force(wanted: Wanted, sink: Sink, topic: str, producer: Producer) -> None:
    """Keep a registry and announce it, for everything that is sent to the topic from now on."""
    from streams.registries import announce_registry

    announce_registry(producer, topic, wanted.keep(sink))


def added(known: Registry, names: Registry | None) -> Registry:
    """A registry with those brands of another added whose names and accounts it does not know yet."""
    from schemas.registry import Registry

    taken = {(voice.platform, voice.id) for brand in known.brand for voice in brand.voices()}
    new = [
        brand
        for brand in (names.brand if names else ())
        if brand.name not in known.names
        and taken.isdisjoint((voice.platform, voice.id) for voice in brand.voices())
    ]
    return known.merged(Registry(brand=tuple(new)))
