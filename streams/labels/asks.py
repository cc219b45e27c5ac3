"""Whether a brand's message asks for something: it has a link, or a hashtag of one of the brand's campaigns.

Of any language. Whether the link is the brand's own does not matter.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from streams.labels.words import CACHED, cut, has_link

if TYPE_CHECKING:
    from schemas.event import SocialEvent
    from schemas.registry import Brand

VERSION = "asks/1"

_SIGNS = "#＃"


def asks(event: SocialEvent, brand: Brand | None) -> bool | None:
    """Whether a message asks for something; None: it has no text, hashtag or link to tell by.

    Args:
        event: The message.
        brand: Whose campaigns count; None: nobody's.
    """
    if event.urls:
        return True
    text = (event.text or "").strip()
    if not text and not event.hashtags:
        return None
    if brand is not None and brand.campaign_tags and event.hashtags:
        campaigns = {bare_tag(tag) for tag in brand.campaign_tags}
        if any(bare_tag(tag) in campaigns for tag in event.hashtags):
            return True
    return _links(text)


@lru_cache(maxsize=CACHED)
def _links(text: str) -> bool:
    return has_link(cut(text))


def bare_tag(tag: str) -> str:
    """A hashtag in lower case, without its sign."""
    return tag.strip().lstrip(_SIGNS).lower()
