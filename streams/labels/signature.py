"""The initials or the first name that a text is signed with: `^AB`, `*AB`, `-AB`, `- Ann`, `/Ann` at its end.

Of any language. Links, numbers of parts ("2/3") and emoji behind it do not matter. A dash is also used
within sentences:
one with a space behind it signs only after the end of a sentence, or before capitals.
"""

from __future__ import annotations

import re
from functools import lru_cache

from streams.labels.words import CACHED, cut, holds_any

VERSION = "signature/1"

_BEHIND = re.compile(
    r"(?:\s*(?:https?://\S+|[(\[]?\d{1,2}\s?/\s?\d{1,2}[)\]]?|[^\w\s\x00-\x7f]))+\s*$", re.IGNORECASE
)
_MARKS = "^*/-–—~"
_END = 200
"""Characters at the end of a text in which its signature is."""
_NAME = r"(?P<name>[^\W\d_]{1,20}(?:\.?[^\W\d_]{0,3}\.?)?)"
_MARKED = re.compile(rf"(?:(?<=\s)|(?<=[.!?,:;)\]…])|(?<![\w\s^]))?\^\s?{_NAME}\s*$")
_STARRED = re.compile(r"(?:^|(?<=[\s.!?,:;)]))\*(?P<name>[^\W\d_a-z][^\W\d_]{1,24})\s*$")
_SLASHED = re.compile(r"(?:^|(?<=[\s.!?,:;)]))/\s?(?P<name>[^\W\d_a-z][^\W\d_]{0,14})\s*$")
_TIGHT = re.compile(r"(?:^|(?<=[\s.!?,:;)…]))[-–—~](?P<name>[^\W\d_a-z][^\W\d_]{0,14})\s*$")
_WIDE = re.compile(
    r"(?:(?:^|[.!?…)]|[^\w\s\x00-\x7f])\s*|\b(?i:thanks|thank you|cheers|regards)\s)"
    r"[-–—~]\s(?P<name>[^\W\d_a-z][^\W\d_]{0,14})\s*$"
    r"|(?<=\w)\s[-–—~]\s(?P<capitals>[^\W\d_a-z]{2,3})\s*$",
)
_WORDS = frozenset(
    {
        "thanks",
        "thank",
        "sorry",
        "cheers",
        "enjoy",
        "hi",
        "hello",
        "yes",
        "no",
        "ok",
        "usa",
        "uk",
        "us",
        "eu",
        "tv",
        "pc",
    }
    | {"pm", "am", "dm", "app", "new", "free", "now"}
)
"""Words that stand behind a dash without being anybody's name."""
_BEFORE = " ^*-–—~/"
"""What a signature is set apart by."""


@lru_cache(maxsize=CACHED)
def signature(text: str) -> str:
    """The name that a text is signed with, as it is written there; empty: it is not signed."""
    end = cut(text).rstrip()[-_END:]
    if not holds_any(end, _MARKS):
        return ""
    end = _BEHIND.sub("", end).rstrip()
    for pattern in (_MARKED, _STARRED, _SLASHED, _TIGHT, _WIDE):
        found = pattern.search(end)
        if found:
            name = (found["name"] or found.groupdict().get("capitals") or "").strip(".")
            if name[:1].isupper() or (pattern is _MARKED and name):
                return "" if name.lower() in _WORDS and pattern is not _MARKED else name
    return ""


def unsigned(text: str) -> str:
    """The text without its signature."""
    name = signature(text)
    if not name:
        return text
    place = text.rfind(name)
    return f"{text[:place].rstrip(_BEFORE)} {text[place + len(name) :]}"
