"""Labels for tests: a few plain words that nobody can argue about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from schemas.event import SocialEvent
    from schemas.registry import Brand

POSITIVE, NEGATIVE = ("love", "great", "happy", "thank"), ("terrible", "awful", "worst")
MACHINES = ("Hootsuite", "Buffer")
TOKENS = 6


@dataclass(frozen=True)
class Plain:
    """The labels of a text that is written for a test."""

    question: bool | None = None
    thanks: bool | None = None
    love: bool | None = None
    sentiment: int | None = None
    deflection: bool | None = None
    signature: str = ""
    asks: bool | None = None
    automation: bool | None = None
    sketch: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()


def plain_label(event: SocialEvent, *, brand: Brand, by_brand: bool, answers_customer: bool) -> Plain:
    """Labels by a few words; texts of tests keep to them."""
    text = event.text if event.text and (event.lang or "en").startswith("en") else ""
    words = re.findall(r"\w+", text.lower())
    good, bad = (any(word in words for word in some) for some in (POSITIVE, NEGATIVE))
    signed = re.search(r"\^(\w+)$", text)
    link = bool(event.urls) or "https://" in text or any(tag in brand.campaign_tags for tag in event.hashtags)
    machine = event.actor.kind == "service" or event.generator in MACHINES
    return Plain(
        question=text.endswith("?") if text else None,
        thanks="thank" in words if text else None,
        love="love" in words if text else None,
        sentiment=good - bad if text else None,
        deflection="dm" in words if text and by_brand else None,
        signature=signed[1] if signed and by_brand else "",
        asks=link if by_brand and (text or link) else None,
        automation=machine if by_brand and (event.generator or machine) else None,
        sketch=(crc32(" ".join(words).encode()),) * 32 if answers_customer and len(words) >= TOKENS else (),
        topics=tuple(sorted({tag.lower() for tag in event.hashtags})),
    )
