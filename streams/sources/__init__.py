"""Files of events: each format reads its own way, and all come out as the social event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.errors import BadInput
from streams.sources.jsonl import JsonLines
from streams.sources.source import Keyed, Progress, SourceFile
from streams.sources.twcs import Twcs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["FORMATS", "Keyed", "Progress", "SourceFile", "open_source"]

FORMATS: Mapping[str, Callable[[Path], SourceFile]] = {
    "jsonl": JsonLines,
    "twcs": Twcs,
}
"""Every format by its name on the command line. A new one goes here."""


def open_source(name: str, path: Path) -> SourceFile:
    """A file of events, not read yet.

    Args:
        name: Of the format, one of `FORMATS`.
        path: The file.

    Raises:
        BadInput: There is no such format or no such file, or it cannot be read.
    """
    if name not in FORMATS:
        raise BadInput(f"there is no format {name}; there are {', '.join(sorted(FORMATS))}", where="--format")
    return FORMATS[name](path)
