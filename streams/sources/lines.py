"""The lines of a text file, twice: where it can be read at all, and where it is UTF-8."""

from __future__ import annotations

import os
import stat
from functools import partial
from typing import TYPE_CHECKING

from schemas.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path
    from typing import BinaryIO, NoReturn

    from streams.sources.source import Progress

LONGEST_LINE = 16 * 2**20
"""Bytes. Far above what a broker takes as one message; keeps a file without line ends out of memory."""
_STEP = 2**18
_BOM = b"\xef\xbb\xbf"


class TextFile:
    """A text file in UTF-8, with or without a byte order mark.

    Args:
        path: The file.

    Raises:
        BadInput: There is no such file, it is no regular file, or it is empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            found = path.stat()
        except (OSError, ValueError) as error:
            self._unreadable(error)
        if stat.S_ISDIR(found.st_mode):
            raise BadInput("is a folder; name a file in it", where=str(path))
        if not stat.S_ISREG(found.st_mode):
            raise BadInput("is a pipe or a device, and it is read twice; save it as a file", where=str(path))
        if not found.st_size:
            raise BadInput("is empty", where=str(path))
        self.size = found.st_size
        self._state = found.st_size, found.st_mtime_ns

    def at(self, line: int) -> str:
        """How a line of it is called in a message."""
        return f"{self.path}, line {line}"

    def lines(self, on_progress: Progress | None = None) -> Generator[str]:
        """Its lines, with their ends.

        Raises:
            BadInput: It cannot be read, has changed since it was opened first, or a line is not UTF-8.
        """
        try:
            with self.path.open("rb") as file:
                found = os.fstat(file.fileno())
                if (found.st_size, found.st_mtime_ns) != self._state:
                    raise BadInput("has changed while it was read; try again", where=str(self.path))
                yield from self._decoded(file, on_progress)
        except OSError as error:
            self._unreadable(error)

    def _decoded(self, file: BinaryIO, on_progress: Progress | None) -> Iterator[str]:
        done, told = 0, 0
        for number, line in enumerate(iter(partial(file.readline, LONGEST_LINE), b""), start=1):
            done += len(line)
            if len(line) == LONGEST_LINE:
                raise BadInput(f"is longer than {LONGEST_LINE // 2**20} MiB", where=self.at(number))
            try:
                yield (line.removeprefix(_BOM) if number == 1 else line).decode()
            except UnicodeDecodeError as error:
                problem = f"is not UTF-8 text (byte {error.start + 1} of the line); save the file as UTF-8"
                raise BadInput(problem, where=self.at(number)) from None
            if on_progress and done - told >= _STEP:
                told = done
                on_progress(done)
        if on_progress:
            on_progress(done)

    def _unreadable(self, error: OSError | ValueError) -> NoReturn:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadInput(f"cannot be read: {reason}", where=str(self.path)) from None
