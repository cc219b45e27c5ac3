"""Patterns in the form in which the compiled labels read them.

What `re` finds with a pattern, Rust's regular expressions find with its portable form: it names no class of
characters, no flag and no anchor that the two understand differently. It is made of `re`'s own reading of
the pattern, so that patterns stay where they are written.

There are two forms. `of_words` reads a text in which each character beyond ASCII is put in by as many bytes
of ASCII as it has in UTF-8: letters and numbers by `_`, spaces by spaces, all others by U+0001. That is as
good as the text for patterns that tell such characters apart only by whether they are of words, and much
faster. `of_letters` reads the text itself: for patterns that name characters beyond ASCII, or letters.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Ranges = tuple[tuple[int, int], ...]
"""Code points, from the first to the last of each range."""

_ASCII = 0x7F
_MANY = ops.MAXREPEAT
_REPEATS = {ops.MAX_REPEAT: "", ops.MIN_REPEAT: "?", ops.POSSESSIVE_REPEAT: "+"}
_ONE = (ops.LITERAL, ops.NOT_LITERAL, ops.ANY, ops.IN)
_CLASSES = {
    ops.CATEGORY_WORD: r"\w",
    ops.CATEGORY_NOT_WORD: r"\W",
    ops.CATEGORY_DIGIT: r"\d",
    ops.CATEGORY_NOT_DIGIT: r"\D",
    ops.CATEGORY_SPACE: r"\s",
    ops.CATEGORY_NOT_SPACE: r"\S",
}
_LOOKS = {(1, True): "?=", (1, False): "?!", (-1, True): "?<=", (-1, False): "?<!"}


class Portable(NamedTuple):
    """A pattern in a form that finds the same in Rust."""

    source: str
    relaxed: str | None
    """Finds wherever the pattern does, and maybe elsewhere: without what looks around; None: nothing does."""
    letters: bool
    """Reads the text itself."""


def portable(pattern: re.Pattern[str]) -> Portable:
    """The form of a pattern that is read fastest."""
    try:
        return of_words(pattern)
    except ValueError:
        return of_letters(pattern)


def of_words(pattern: re.Pattern[str]) -> Portable:
    """The form of a pattern that tells characters beyond ASCII apart only by whether they are of words.

    The texts that it reads do not end in a line break, have no digits beyond ASCII, and, where it names
    white space, none beyond ASCII.

    Raises:
        ValueError: It tells them apart otherwise.
    """
    return _written(pattern, letters=False)


def of_letters(pattern: re.Pattern[str]) -> Portable:
    """The form of a pattern that reads the text itself."""
    return _written(pattern, letters=True)


def _written(pattern: re.Pattern[str], *, letters: bool) -> Portable:
    tree = parser.parse(pattern.pattern, pattern.flags)
    names = {number: name for name, number in pattern.groupindex.items()}
    ignores_case = bool(pattern.flags & re.IGNORECASE)
    if pattern.flags & (re.MULTILINE | re.DOTALL | re.ASCII | re.LOCALE):
        raise ValueError(f"flags that are not portable: {pattern!r}")
    if not letters:
        _counts_no_wide_characters(tree)
    exact, relaxed = (_Form(names, letters, relaxed) for relaxed in (False, True))
    source = exact.sequence(tree, ignores_case)
    loose = relaxed.sequence(tree, ignores_case) if exact.looks_around else None
    return Portable(source, loose, letters)


@lru_cache(maxsize=1)
def every() -> str:
    """Every character, in order: four megabytes, to be forgotten when all classes are known."""
    return "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))


@lru_cache
def ranges(of: str) -> Ranges:
    """Which characters a class of `re` holds.

    Args:
        of: The class, as in a pattern.
    """
    return tuple((ord(run[0]), ord(run[-1])) for run in re.findall(f"{of}+", every()))


class _Form:
    """Writes what `re` has read of a pattern anew."""

    def __init__(self, names: dict[int, str], letters: bool, relaxed: bool) -> None:
        self._names = names
        self._letters = letters
        self._relaxed = relaxed
        self.looks_around = False

    def sequence(self, items: Iterable[tuple[Any, Any]], ignores_case: bool) -> str:
        read = list(items)
        return "".join(
            self._end(read[:at])
            if (op, value) == (ops.AT, ops.AT_END)
            else self._item(op, value, ignores_case)
            for at, (op, value) in enumerate(read)
        )

    def _item(self, op: Any, value: Any, ignores_case: bool) -> str:  # noqa: ANN401, PLR0911 - one a kind
        if op is ops.LITERAL:
            return self._class([(op, value)], ignores_case)
        if op is ops.NOT_LITERAL:
            return self._class([(ops.NEGATE, None), (ops.LITERAL, value)], ignores_case)
        if op is ops.ANY:
            return r"[^\n]"
        if op is ops.IN:
            return self._class(value, ignores_case)
        if op is ops.BRANCH:
            return f"(?:{'|'.join(self.sequence(branch, ignores_case) for branch in value[1])})"
        if op is ops.SUBPATTERN:
            return self._group(value, ignores_case)
        if op in _REPEATS:
            least, most, repeated = value
            return f"(?:{self.sequence(repeated, ignores_case)}){_times(least, most)}{_REPEATS[op]}"
        if op in (ops.ASSERT, ops.ASSERT_NOT):
            direction, inner = value
            return self._look(_LOOKS[direction, op is ops.ASSERT], self.sequence(inner, ignores_case))
        if op is ops.AT:
            return self._place(value)
        raise ValueError(f"not portable: {op} {value}")

    def _group(self, group: tuple[Any, ...], ignores_case: bool) -> str:
        number, add, take, inner = group
        if (add | take) & ~re.IGNORECASE:
            raise ValueError("flags that are not portable")
        ignores_case = (ignores_case or bool(add)) and not take
        name = self._names.get(number) if number is not None else None
        return f"({f'?P<{name}>' if name else '?:'}{self.sequence(inner, ignores_case)})"

    def _look(self, sign: str, inner: str) -> str:
        self.looks_around = True
        return "(?:)" if self._relaxed else f"({sign}{inner})"

    def _place(self, place: Any) -> str:  # noqa: ANN401 - a constant of `re`
        if place in (ops.AT_BEGINNING, ops.AT_BEGINNING_STRING):
            return r"\A"
        if place is ops.AT_END_STRING:
            return r"\z"
        if place is not ops.AT_BOUNDARY:
            raise ValueError(f"not portable: {place}")
        if not self._letters:
            return r"\b"
        word = self._class([(ops.CATEGORY, ops.CATEGORY_WORD)], ignores_case=False)
        return self._look("?:", f"(?<={word})(?!{word})|(?<!{word})(?={word})")

    def _end(self, before: Sequence[tuple[Any, Any]]) -> str:
        """`$`, which `re` also finds before a line break at the end."""
        space = [(ops.IN, [(ops.CATEGORY, ops.CATEGORY_SPACE)])]
        takes_spaces = before and before[-1][0] is ops.MAX_REPEAT
        if takes_spaces and [before[-1][1][1], list(before[-1][1][2])] == [_MANY, space]:
            return r"\z"
        return self._look("?=", r"\n?\z") if self._letters else r"\z"

    def _class(self, items: Iterable[tuple[Any, Any]], ignores_case: bool) -> str:
        negated = ""
        inside: list[tuple[int, int]] = []
        for op, value in items:
            if op is ops.NEGATE:
                negated = "^"
            elif op is ops.CATEGORY:
                inside += self._category(value)
            else:
                first, last = (value, value) if op is ops.LITERAL else value
                inside += _both_cases(first, last) if ignores_case else [(first, last)]
        if not negated and len(inside) == 1 and inside[0][0] == inside[0][1]:
            return _literal(inside[0][0])
        return f"[{negated}{''.join(map(_range, inside))}]"

    def _category(self, category: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401 - a constant of `re`
        for first, last in ranges(_CLASSES[category]):
            if self._letters:
                yield first, last
            elif first <= _ASCII:
                yield first, min(last, _ASCII)


def _literal(code: int) -> str:
    return chr(code) if chr(code).isalnum() or code > _ASCII else f"\\x{code:02X}"


def _range(some: tuple[int, int]) -> str:
    first, last = some
    return _literal(first) if first == last else f"{_literal(first)}-{_literal(last)}"


def _times(least: int, most: int) -> str:
    short = {(0, 1): "?", (0, _MANY): "*", (1, _MANY): "+"}
    return short.get((least, most)) or f"{{{least},{'' if most is _MANY else most}}}"


def _both_cases(first: int, last: int) -> list[tuple[int, int]]:
    """A range in lower and in upper case. Beyond ASCII nothing has a case here."""
    if last > _ASCII and any(chr(code).lower() != chr(code).upper() for code in (first, last)):
        raise ValueError("letters beyond ASCII in whatever case are not portable")
    found = [(first, last)]
    for letters, shift in (("az", -32), ("AZ", 32)):
        low, high = max(first, ord(letters[0])), min(last, ord(letters[1]))
        if low <= high:
            found.append((low + shift, high + shift))
    return found


def _counts_no_wide_characters(items: Iterable[tuple[Any, Any]], *, ends: bool = True) -> None:
    """A character beyond ASCII has several bytes: what may be one must stand for any number of them.

    Args:
        items: A part of a pattern.
        ends: Whether nothing follows the part.

    Raises:
        ValueError: One is counted, or told from others of its kind.
    """
    read = list(items)
    for at, (op, value) in enumerate(read):
        is_last = ends and at == len(read) - 1
        if op in _ONE:
            if _may_be_wide(op, value) and not is_last:
                raise ValueError(f"counts characters that may be beyond ASCII: {op} {value}")
        elif op is ops.BRANCH:
            for branch in value[1]:
                _counts_no_wide_characters(branch, ends=is_last)
        elif op is ops.SUBPATTERN:
            _counts_no_wide_characters(value[3], ends=is_last)
        elif op in _REPEATS:
            _repeats_any_number_of_wide_characters(*value)
        elif op in (ops.ASSERT, ops.ASSERT_NOT):
            direction, inner = value
            _counts_no_wide_characters(inner, ends=direction > 0 or len(inner) == 1)


def _repeats_any_number_of_wide_characters(
    least: int, most: int, repeated: Sequence[tuple[Any, Any]]
) -> None:
    for part in _alternatives(repeated):
        if least > 1 or most is not _MANY or len(part) > 1 or part[0][0] not in _ONE:
            _counts_no_wide_characters(part, ends=False)
        else:
            _may_be_wide(*part[0])


def _alternatives(part: Sequence[tuple[Any, Any]]) -> list[Sequence[tuple[Any, Any]]]:
    if len(part) == 1 and part[0][0] is ops.SUBPATTERN:
        return _alternatives(part[0][1][3])
    return list(part[0][1][1]) if len(part) == 1 and part[0][0] is ops.BRANCH else [part]


def _may_be_wide(op: Any, value: Any) -> bool:  # noqa: ANN401 - as `re` reads it
    """Whether it may be a character beyond ASCII.

    Raises:
        ValueError: It tells such characters apart by more than whether they are of words.
    """
    if op is ops.ANY:
        return True
    items = list(value) if op is ops.IN else [(ops.LITERAL, value)]
    classes = {what for kind, what in items if kind is ops.CATEGORY}
    named = [(what, what) for kind, what in items if kind is ops.LITERAL]
    named += [what for kind, what in items if kind is ops.RANGE]
    negated = op is ops.NOT_LITERAL or (ops.NEGATE, None) in items
    names_stand_in = any(first <= ord(sign) <= last for first, last in named for sign in "_\x01")
    if any(last > _ASCII for _, last in named) or names_stand_in or (negated and classes):
        raise ValueError(f"tells characters beyond ASCII apart: {op} {value}")
    return negated or bool(classes - {ops.CATEGORY_SPACE, ops.CATEGORY_DIGIT})
