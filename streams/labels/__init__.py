"""What a message says, as far as a machine can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.event import ActorKind

if TYPE_CHECKING:
    from schemas.event import SocialEvent
    from schemas.registry import Brand


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one message."""

    question: bool | None
    thanks: bool | None
    love: bool | None
    sentiment: int | None
    deflection: bool | None
    signature: str
    asks: bool | None
    automation: bool | None
    sketch: tuple[int, ...]
    topics: tuple[str, ...]
    labelled_by: str


def label(
    event: SocialEvent,
    *,
    brand: Brand | None,
    by_brand: bool,
    answers_customer: bool,
    sentiment_share: float = 1.0,
) -> Labels:
    """A stand-in that is replaced."""
    text = (event.text or "").lower()
    knows = bool(text) and (event.lang or "en").startswith("en")
    mood = ("good" in text) - ("bad" in text)
    known_client = event.generator is not None or event.actor.kind is ActorKind.SERVICE
    tags = {tag.lower() for tag in event.hashtags}
    wanted = {tag.lower() for tag in brand.campaign_tags} if brand else set()
    return Labels(
        question="?" in text if knows else None,
        thanks="thank" in text if knows else None,
        love="love" in text if knows else None,
        sentiment=mood if knows and sentiment_share > 0 else None,
        deflection=text.startswith("dm ") if knows and by_brand else None,
        signature=(event.text or "").rpartition("^")[2] if by_brand and "^" in text else "",
        asks=bool(event.urls or tags & wanted) if by_brand and (text or event.urls or tags) else None,
        automation=(event.actor.kind is ActorKind.SERVICE or event.generator == "Buffer")
        if by_brand and known_client
        else None,
        sketch=(1, 2, 3) if answers_customer and text.split()[5:] else (),
        topics=tuple(sorted(tags)),
        labelled_by="stand-in/1" if knows else "",
    )
