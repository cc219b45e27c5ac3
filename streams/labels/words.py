"""The words of a text as the labels read them: without links and names, in lower case."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CACHED = 1 << 12
"""Texts that each label remembers at the most; with `LONGEST` this bounds what the labels hold in memory."""
LONGEST = 2_500
"""Characters of a text that are read: of a longer one the beginning and, for the signature, the end."""
_TAIL = 500

_LINK = re.compile(
    r"""(?xi)
    \b https?://\S+ | \b www\.\S+
    | (?<![@\w.-]) (?:[a-z0-9][a-z0-9-]{0,62}\.){1,4} (?:com|org|net|io|ly|shop|store|app|co\.uk)
      (?: /\S* | (?![\w.@-]) )
    """
)
_LINKISH = re.compile(r"(?i)://|www\.|\.(?:com|org|net|io|ly|shop|store|app|co\.uk)")
_MENTION = re.compile(r"(?<![\w@])@[\w.-]+(?:@[\w.-]+)?|(?<!\w)/?u/[\w-]+")
_APOSTROPHES = str.maketrans("’‘ʼ´`", "'''''")


def cut(text: str) -> str:
    """What is read of a text: all of it, unless it is longer than `LONGEST` characters."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - _TAIL]} {text[-_TAIL:]}"


def has_link(text: str) -> bool:
    """Whether a link stands in a text, with or without a scheme."""
    return may_have_link(text) and _LINK.search(text) is not None


def may_have_link(text: str) -> bool:
    """Whether a text holds what every link holds; to look for that takes a fifth of the time."""
    return _LINKISH.search(text) is not None


def holds_any(text: str, stems: Iterable[str]) -> bool:
    """Whether a text holds one of some pieces of words.

    Labels ask this first, with pieces of which one is in whatever their patterns find: most texts hold none,
    and to look for a piece takes a fiftieth of the time of a search for a pattern.
    """
    for stem in stems:  # noqa: SIM110 - `any` takes twice as long
        if stem in text:
            return True
    return False


@lru_cache(maxsize=CACHED)
def shown(text: str) -> str:
    """The text without links and names of accounts, one space between words, one kind of apostrophe."""
    if "&" in text:
        text = html.unescape(text)
    text = _LINK.sub(" ", text) if may_have_link(text) else text
    text = _MENTION.sub(" ", text) if "@" in text or "u/" in text else text
    return " ".join(text.translate(_APOSTROPHES).split())


@lru_cache(maxsize=CACHED)
def plain(text: str) -> str:
    """The same in lower case."""
    return shown(text).lower()
