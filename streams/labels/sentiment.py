"""Whether a message is positive, neutral or negative: -1, 0, 1. English, of a sample where the setting says so.

`nltk-vader-sentiment` (Apache-2.0, typed, no dependencies, lexicon in the wheel) is VADER, made for social media, kept on
after `vaderSentiment` stopped in 2020; it finds more of what is negative here than TextBlob, and no other is smaller.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from typing import TYPE_CHECKING

from vader import SentimentIntensityAnalyzer

from streams.labels.language import is_english
from streams.labels.words import CACHED, shown

if TYPE_CHECKING:
    from schemas.event import SocialEvent

VERSION = f"sentiment/nltk-vader-sentiment-{version('nltk-vader-sentiment')}/1"
"""The library is part of it: another lexicon is another label."""

_CARE = {
    # Politeness and the business of a help desk: VADER's lexicon takes these for praise.
    **dict.fromkeys(("please", "pls", "plz", "help", "helping", "support", "supports", "care", "yes", "okay", "ok", "hello"), 0.0),
    **dict.fromkeys(("credit", "share", "certain", "like", "number", "free", "progress", "flexibility", "original", "play", "special"), 0.0),
    # What goes wrong between a brand and its customers, most of it unknown to a general lexicon.
    **dict.fromkeys(("broken", "broke", "late", "delayed", "delay", "cancelled", "canceled", "outage", "crashes"), -1.5),
    **dict.fromkeys(("crashing", "crashed", "missing", "overpriced", "overcharged", "unresponsive", "misleading"), -1.5),
    **dict.fromkeys(("waiting", "slow", "down", "faulty", "unusable", "unhelpful", "unanswered", "unresolved"), -1.2),
    **dict.fromkeys(("cracked", "drains", "laggy", "refuses", "rubbish", "garbage", "appalling", "shambles"), -1.8),
    **dict.fromkeys(("ridiculous", "unacceptable", "joke", "useless", "incompetent", "clueless", "scam"), -2.4),
    # What goes right.
    **dict.fromkeys(("refunded", "thx", "ty", "tysm"), 1.5),
    **dict.fromkeys(("quick", "smooth", "prompt", "speedy"), 1.0),
}  # fmt: skip
_POSITIVE = 0.3
_NEGATIVE = -0.05
_ANALYZER = SentimentIntensityAnalyzer(extra_lexicon=_CARE)


def sentiment(text: str, lang: str | None) -> int | None:
    """-1, 0 or 1 for what a text sounds like; None: no text, or not English."""
    if not text.strip() or not is_english(text, lang):
        return None
    return _sentiment(text)


def in_sample(event: SocialEvent, share: float) -> bool:
    """Whether a message is one of those whose sentiment is told.

    The same in every replay, and who is in a smaller sample is in each larger one.

    Args:
        event: The message.
        share: Share of the messages that is told, 0 to 1.
    """
    if share >= 1:
        return True
    name = f"{event.platform}\0{event.id}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(name, digest_size=8).digest()) < share * 2**64


@lru_cache(maxsize=CACHED)
def _sentiment(text: str) -> int:
    # Case and emoji tell it something, links and account names do not.
    score = _ANALYZER.polarity_scores(shown(text))["compound"]
    if score >= _POSITIVE:
        return 1
    return -1 if score <= _NEGATIVE else 0
