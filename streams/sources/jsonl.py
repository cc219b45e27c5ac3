"""Format `jsonl`: one social event a line, as docs/social-event.schema.json has it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from pydantic import ValidationError

from schemas.errors import BadInput
from schemas.event import SocialEvent
from streams.sources.keys import Keys
from streams.sources.lines import TextFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.sources.source import Keyed, Progress


class JsonLines:
    """A file of social events; blank lines are skipped.

    Args:
        path: The file.

    Raises:
        BadInput: It cannot be read; from `check` and `events`: a line is broken.
    """

    def __init__(self, path: Path) -> None:
        self._file = TextFile(path)
        self._keys: Keys | None = None

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._file.size

    def check(self, on_progress: Progress | None = None) -> None:
        """Read every line and note who answers whom."""
        keys = Keys()
        line = 0
        for line, event in self._read(on_progress):  # noqa: B007
            keys.note(event)
        if not line:
            raise BadInput("has no event in it", where=str(self._file.path))
        self._keys = keys

    def events(self, on_progress: Progress | None = None) -> Iterator[Keyed]:
        """The events, with their keys."""
        if self._keys is None:
            self.check()
        keys = self._keys or Keys()
        for line, event in self._read(on_progress):
            yield keys.keyed(event, line)

    def brands(self) -> None:
        """Names tell no brands here: a handle may be anybody's."""
        return

    def _read(self, on_progress: Progress | None) -> Iterator[tuple[int, SocialEvent]]:
        validate = SocialEvent.__pydantic_validator__.validate_json
        with closing(self._file.lines(on_progress)) as lines:
            for number, line in enumerate(lines, start=1):
                content = line.rstrip(" \t\r\n")
                if not content:
                    continue
                try:
                    event = validate(content)
                except ValidationError as error:
                    raise BadInput(_explain(error), where=self._file.at(number)) from None
                yield number, event


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        problem = str(first.get("ctx", {}).get("error", first["msg"])).replace(
            " at line 1 column", ", column"
        )
        return f"is not one JSON object a line: {problem}"
    if first["type"] == "missing_for_activity":
        return first["msg"]  # names the field itself
    field = ".".join(str(part) for part in first["loc"])
    return f"{field}: {first['msg']}" if field else f"is not a social event: {first['msg']}"
