"""What a message is about: its hashtags, and the brand's topics that it names.

Of any language. Words and phrases count where they stand as whole words, in whatever case; in scripts that
put no spaces between words, wherever they stand. Links and account names are not read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from streams.labels.asks import bare_tag
from streams.labels.words import CACHED, cut, holds_any, plain

if TYPE_CHECKING:
    from schemas.event import SocialEvent
    from schemas.registry import Brand

VERSION = "topics/1"

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")

_Words = tuple[tuple[str, tuple[str, ...]], ...]


def topics(event: SocialEvent, brand: Brand | None) -> tuple[str, ...]:
    """The topics of a message, sorted, each once.

    Args:
        event: The message.
        brand: Whose topics are looked for; None: only hashtags tell.
    """
    named = _named(cut(event.text), brand.topic_words) if brand and brand.topic and event.text else ()
    if not event.hashtags and not named:
        return ()
    return tuple(sorted({*named, *filter(None, map(bare_tag, event.hashtags))}))


@lru_cache(maxsize=CACHED)
def _named(text: str, words: _Words) -> tuple[str, ...]:
    read = plain(text)
    return tuple(
        name for name, pieces, pattern in _patterns(words) if holds_any(read, pieces) and pattern.search(read)
    )


@lru_cache(maxsize=256)
def _patterns(words: _Words) -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    """By topic: how its words are read, and the pattern that finds one of them."""
    read = [(name, tuple(map(as_read, some))) for name, some in words]
    return tuple((name, some, re.compile("|".join(map(_whole, some)))) for name, some in read)


def as_read(word: str) -> str:
    """How a word or phrase of a topic stands in a text that is read."""
    return plain(word) or word.strip().lower()


def bounds(read: str) -> tuple[bool, bool]:
    """Whether what is looked for must begin a word, and end one."""
    return not _UNSPACED.match(read[:1]), not _UNSPACED.match(read[-1:])


def _whole(read: str) -> str:
    """The pattern of a word or phrase that stands by itself."""
    begins, ends = bounds(read)
    before, behind = r"(?<!\w)" if begins else "", r"(?!\w)" if ends else ""
    return before + re.escape(read) + behind
