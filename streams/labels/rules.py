"""The rules of the labels, as the compiled labels take them over: patterns, words, numbers, versions.

They are written where the labels are; here they are only put together.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html.entities import html5
from typing import TYPE_CHECKING, Any

from streams.labels import (
    asks,
    automation,
    deflection,
    language,
    love,
    question,
    sentiment,
    signature,
    sketch,
    thanks,
    topics,
    words,
)
from streams.labels.portable import every, portable, ranges
from streams.labels.vader_parts import parts

if TYPE_CHECKING:
    from schemas.registry import Brand

_MODULES = (
    words,
    language,
    question,
    thanks,
    love,
    sentiment,
    deflection,
    signature,
    asks,
    automation,
    sketch,
    topics,
)
_CASED = "\U00020000"
"""No character from here on has a case."""


@lru_cache
def rules() -> dict[str, Any]:
    """All rules, by kind, and then by module and name: `thanks._THANKS`."""
    named = {
        f"{module.__name__.rsplit('.', 1)[1]}.{name}": value
        for module in _MODULES
        for name, value in vars(module).items()
    }
    found = {
        "patterns": {
            name: tuple(portable(value)) for name, value in named.items() if isinstance(value, re.Pattern)
        },
        "words": {name: sorted(value) for name, value in named.items() if _are_words(value)},
        "texts": {
            name: value.pattern if isinstance(value, re.Pattern) else value
            for name, value in named.items()
            if isinstance(value, str | re.Pattern)
        },
        "numbers": {
            name: float(value)
            for name, value in named.items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        },
        "characters": _characters(),
        "vader": parts(sentiment._ANALYZER),  # noqa: SLF001 - as it is
        "definitions": {
            "is_tool": automation.is_tool,
            "of_brand": of_brand,
        },
    }
    every.cache_clear()
    return found


def _are_words(value: object) -> bool:
    return isinstance(value, frozenset | tuple) and all(isinstance(word, str) for word in value)


def of_brand(brand: Brand) -> tuple[list[tuple[str, list[tuple[str, bool, bool]]]], list[str]]:
    """What tells of each topic of a brand, and the hashtags of its campaigns, as they are read.

    With each word or phrase goes whether it must begin a word, and end one.
    """
    pieces = [
        (name, [(read, *topics.bounds(read)) for read in map(topics.as_read, some)])
        for name, some in brand.topic_words
    ]
    return pieces, [asks.bare_tag(tag) for tag in brand.campaign_tags]


def _characters() -> dict[str, Any]:
    cased = every()[: every().index(_CASED)]
    return {
        "word": ranges(r"\w"),
        "space": ranges(r"\s"),
        "digit": ranges(r"\d"),
        # `re` takes these for letters of ASCII where case does not matter.
        "like_ascii": ranges("(?i:[a-z])"),
        "upper": [ord(character) for character in cased if character.isupper()],
        "lower": [(ord(c), c.lower()) for c in cased if c.lower() != c],
        "apostrophes": [(code, chr(other)) for code, other in words._APOSTROPHES.items()],  # noqa: SLF001
        # Entities that count without a semicolon.
        "entities": [name for name in html5 if not name.endswith(";")],
    }
