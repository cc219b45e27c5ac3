"""`brands.toml` to a registry, or every mistake in it with its line and field."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from schemas.errors import BadInput
from schemas.registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

_HEADER = re.compile(r"^\s*\[(\[?)\s*([\w.\s\"'-]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*=""")
_SYNTAX = re.compile(r"^(?P<what>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)$")
_PLAINLY = {
    "extra_forbidden": "this key is not known",
    "missing": "is missing",
    "tuple_type": "is not a list; tables that may be there more than once have two brackets, [[like.this]]",
}
"""Messages of pydantic in the words of the file."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in the file."""

    line: int
    """Counted from 1."""
    field: str
    """Path of the field, dotted, entries counted from 1; empty for the file's syntax."""
    message: str


def read_brands(path: Path) -> Registry:
    """The registry in a file.

    Raises:
        BadInput: The file cannot be read or has a mistake; the message gives the first, with line and field.
    """
    registry, mistakes = check_brands(path)
    if registry is None:
        first = mistakes[0]
        more = f" (and {len(mistakes) - 1} more: hubbub brands check {path})" if mistakes[1:] else ""
        field = f"{first.field}: " if first.field else ""
        raise BadInput(f"{field}{first.message}{more}", where=f"{path}, line {first.line}")
    return registry


def check_brands(path: Path) -> tuple[Registry | None, list[Mistake]]:
    """The registry in a file, or none and all mistakes that can be told apart, in the order of their lines.

    Raises:
        BadInput: The file cannot be read at all.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=str(path)) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadInput("is not UTF-8 text; save it as UTF-8", where=f"{path}, line {line}") from None
    try:
        content = tomllib.loads(text)
    except RecursionError:
        return None, [Mistake(1, "", "the lists in it are nested too deep")]
    except ValueError as error:  # syntax, or an integer with thousands of digits
        return None, [_syntax_mistake(text, str(error))]
    try:
        return Registry.model_validate(content), []
    except ValidationError as error:
        lines = _lines_of_fields(text)
        mistakes = [_mistake(lines, detail) for detail in error.errors(include_url=False)]
        return None, sorted(mistakes, key=lambda mistake: mistake.line)


def _mistake(lines: dict[tuple[int | str, ...], int], detail: ErrorDetails) -> Mistake:
    # Rules over several fields know better than pydantic where they are broken: `at`.
    loc = (*detail["loc"], *detail.get("ctx", {}).get("at", ()))
    message = _PLAINLY.get(detail["type"], detail["msg"])
    return Mistake(_line_of(lines, loc), _path(loc), message)


def _syntax_mistake(text: str, message: str) -> Mistake:
    found = _SYNTAX.match(message)
    if found:
        return Mistake(int(found["line"]), "", found["what"])
    return Mistake(text.count("\n") + 1, "", message)


def _path(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)


def _lines_of_fields(text: str) -> dict[tuple[int | str, ...], int]:
    """Where each table and key stands. tomllib keeps no positions, so the headers are counted."""
    lines: dict[tuple[int | str, ...], int] = {}
    counts: dict[tuple[int | str, ...], int] = {}
    table: tuple[int | str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = ()
            names = [name.strip().strip("\"'") for name in header[2].split(".")]
            for depth, name in enumerate(names):
                table = (*table, name)
                lines.setdefault(table, number)
                if header[1] and depth == len(names) - 1:
                    counts[table] = counts.get(table, -1) + 1
                if table in counts:
                    table = (*table, counts[table])
            lines.setdefault(table, number)
        elif key:
            lines.setdefault((*table, key[1] or key[2] or key[3] or ""), number)
    return lines


def _line_of(lines: dict[tuple[int | str, ...], int], loc: tuple[int | str, ...]) -> int:
    """The line of the field, or of the nearest table around it."""
    while loc and loc not in lines:
        loc = loc[:-1]
    return lines.get(loc, 1)
