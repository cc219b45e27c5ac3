"""All labels of one message."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

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
from streams.labels.words import cut

if TYPE_CHECKING:
    from schemas.event import SocialEvent
    from schemas.registry import Brand


@dataclass(frozen=True, slots=True)
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
    text, lang = cut(event.text or ""), event.lang
    told = Labels(
        question=question.question(text, lang),
        thanks=thanks.thanks(text, lang),
        love=love.love(text, lang),
        sentiment=sentiment.sentiment(text, lang) if sentiment.in_sample(event, sentiment_share) else None,
        deflection=deflection.deflection(text, lang) if by_brand else None,
        signature=signature.signature(text) if by_brand else "",
        asks=asks.asks(event, brand) if by_brand else None,
        automation=automation.automation(event.actor, event.generator) if by_brand else None,
        sketch=sketch.sketch(text) if by_brand and answers_customer else (),
        topics=topics.topics(event, brand),
    )
    return replace(told, labelled_by=_versions(told, bool(text.strip()), by_brand, sentiment_share))


def _versions(told: Labels, has_text: bool, by_brand: bool, sentiment_share: float) -> str:
    share = f"@{sentiment_share:g}" if sentiment_share < 1 else ""
    judged = (
        (question.VERSION, told.question is not None),
        (thanks.VERSION, told.thanks is not None),
        (love.VERSION, told.love is not None),
        (sentiment.VERSION + share, told.sentiment is not None),
        (deflection.VERSION, told.deflection is not None),
        (signature.VERSION, by_brand and has_text),
        (asks.VERSION, told.asks is not None),
        (automation.VERSION, told.automation is not None),
        (sketch.VERSION, bool(told.sketch)),
        (topics.VERSION, has_text or bool(told.topics)),
    )
    return " ".join(version for version, judges in judged if judges)
