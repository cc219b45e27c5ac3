"""All labels of one message."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from streams.labels import (
    asks,
    automation,
    deflection,
    love,
    question,
    sentiment,
    signature,
    sketch,
    thanks,
    topics,
)
from streams.labels.words import CACHED, cut

if TYPE_CHECKING:
    from schemas.event import SocialEvent
    from schemas.registry import Brand


@dataclass(frozen=True)
class Labels:
    """What is told of one message, seen from one brand. None: not known, and so in no share."""

    question: bool | None = None
    """Asks something."""
    thanks: bool | None = None
    """Gives thanks, or says that it is solved."""
    love: bool | None = None
    """Love or joy."""
    sentiment: int | None = None
    """-1, 0 or 1."""
    deflection: bool | None = None
    """Only sends to a direct message or a link; of the brand's messages."""
    signature: str = ""
    """Initials or first name that the text is signed with; of the brand's messages."""
    asks: bool | None = None
    """A link or a campaign's hashtag; of the brand's messages."""
    automation: bool | None = None
    """Declared or detected automation; of the brand's messages."""
    sketch: tuple[int, ...] = ()
    """MinHash; of the brand's answers to customers."""
    topics: tuple[str, ...] = ()
    """Hashtags, and the brand's topics that are named."""
    labelled_by: str = ""
    """Versions of the labels that found something to judge, separated by spaces."""


_MEMORABLE = 256  # characters
NONE = Labels()
"""What is told of anything but a message."""


def label(
    event: SocialEvent,
    *,
    brand: Brand | None,
    by_brand: bool,
    answers_customer: bool,
    sentiment_share: float = 1.0,
) -> Labels:
    """The labels of a message: the same for the same arguments, in every process.

    Args:
        event: The message; anything else has no labels.
        brand: The brand from which it is seen; None: the registry does not know it.
        by_brand: Whether the brand wrote it.
        answers_customer: Whether it is the brand's word to a customer (BC).
        sentiment_share: Share of the messages whose sentiment is told, 0 to 1.
    """
    if not event.is_message:
        return NONE
    own = None
    if by_brand:
        automated = automation.automation(event.actor, event.generator)
        own = _Own(answers_customer, asks.asks(event, brand), automated)
    named = topics.topics(event, brand)
    # Nothing bounds a language or a hashtag but the size of a message: long ones are not to be remembered.
    is_short = len(event.lang or "") + sum(map(len, named)) <= _MEMORABLE
    tell = _label if is_short else _label.__wrapped__
    return tell(
        cut(event.text or ""),
        event.lang,
        named,
        own,
        _Sample(sentiment_share, sentiment.in_sample(event, sentiment_share)),
    )


class _Own(NamedTuple):
    """What is told of the brand's own message beside its text."""

    answers_customer: bool
    asks: bool | None
    automation: bool | None


class _Sample(NamedTuple):
    """Of which share of the messages the sentiment is told, and whether this is one of them."""

    share: float
    holds_it: bool


@lru_cache(maxsize=CACHED)
def _label(
    text: str,
    lang: str | None,
    named: tuple[str, ...],
    own: _Own | None,
    sample: _Sample,
) -> Labels:
    # All that hangs on the text: a message is labelled each time that its thread is folded.
    asked = question.question(text, lang)
    thankful = thanks.thanks(text, lang)
    loving = love.love(text, lang)
    mood = sentiment.sentiment(text, lang) if sample.holds_it else None
    deflects = deflection.deflection(text, lang) if own else None
    asks_for, automated = (own.asks, own.automation) if own else (None, None)
    minhash = sketch.sketch(text) if own and own.answers_customer else ()
    has_text = bool(text.strip())
    judged = (
        asked is not None,
        thankful is not None,
        loving is not None,
        mood is not None,
        deflects is not None,
        own is not None and has_text,
        asks_for is not None,
        automated is not None,
        bool(minhash),
        has_text or bool(named),
    )
    return Labels(
        question=asked,
        thanks=thankful,
        love=loving,
        sentiment=mood,
        deflection=deflects,
        signature=signature.signature(text) if own else "",
        asks=asks_for,
        automation=automated,
        sketch=minhash,
        topics=named,
        labelled_by=_versions(judged, sample.share),
    )


@lru_cache
def _versions(judged: tuple[bool, ...], sentiment_share: float) -> str:
    """The versions of the labels that found something to judge, in the order of `Labels`."""
    share = f"@{sentiment_share:g}" if sentiment_share < 1 else ""
    versions = (
        question.VERSION,
        thanks.VERSION,
        love.VERSION,
        sentiment.VERSION + share,
        deflection.VERSION,
        signature.VERSION,
        asks.VERSION,
        automation.VERSION,
        sketch.VERSION,
        topics.VERSION,
    )
    return " ".join(version for version, judges in zip(versions, judged, strict=True) if judges)
