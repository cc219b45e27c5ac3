"""What a tweet's text names: accounts, hashtags and links, by the rules that X shows them as such."""

from __future__ import annotations

import re
from typing import NamedTuple

# An @ within a word or an address of e-mail names nobody; one behind a dot or in Japanese text does.
_MENTION = re.compile(r"(?<![A-Za-z0-9_!#$%&*@＠])[@＠]([A-Za-z0-9_]+)")  # noqa: RUF001 - full width is meant
_HASHTAG = re.compile(r"(?<![\w&])[#＃](\w+)")  # noqa: RUF001
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_CLOSING = ".,;:!?'’\"”)]}…"  # noqa: RUF001


class Entities(NamedTuple):
    """What a text names, each thing once, in the order of the text and as it is written there."""

    mentions: tuple[str, ...]
    """Names without the leading @; two that differ only in case are one."""
    hashtags: tuple[str, ...]
    """Without the leading #."""
    urls: tuple[str, ...]
    """Links, without the full stop or bracket that ends the sentence around them."""


def entities_of(text: str) -> Entities:
    """Find them. Names and hashtags within links do not count."""
    urls: tuple[str, ...] = ()
    if "://" in text:
        urls = tuple(dict.fromkeys(url.rstrip(_CLOSING) for url in _URL.findall(text)))
        text = _URL.sub(" ", text)
    mentions: dict[str, str] = {}
    if "@" in text or "＠" in text:  # noqa: RUF001
        for name in _MENTION.findall(text):
            mentions.setdefault(name.lower(), name)
    hashtags: tuple[str, ...] = ()
    if "#" in text or "＃" in text:  # noqa: RUF001
        hashtags = tuple(dict.fromkeys(tag for tag in _HASHTAG.findall(text) if not tag.isdigit()))
    return Entities(tuple(mentions.values()), hashtags, urls)
