"""All dashboards, in the order in which they link to one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import care, community, conversation, dialogue, market, pipeline

if TYPE_CHECKING:
    from dashboards.page import Page


def pages() -> tuple[Page, ...]:
    """Every dashboard, made anew: what stands in the catalogue now."""
    return (
        dialogue.page(),
        community.page(),
        care.page(),
        market.page(),
        conversation.page(),
        pipeline.page(),
    )
