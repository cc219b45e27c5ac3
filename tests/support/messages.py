"""Messages of which only what is said matters."""

from __future__ import annotations

from datetime import UTC, datetime

from schemas.event import Activity, Actor, SocialEvent


def message(**fields: object) -> SocialEvent:
    """A post with these fields."""
    return SocialEvent.model_validate(
        {
            "platform": "x",
            "activity": Activity.POST,
            "id": "1",
            "actor": Actor(id="4711"),
            "published": datetime(2024, 5, 1, tzinfo=UTC),
            **fields,
        }
    )
