"""Many small worlds side by side: families of events whose ids no other family has."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from support.worlds import worlds

if TYPE_CHECKING:
    from random import Random

    from schemas.event import Reference, SocialEvent

LATE = 0.1
"""How many of the ids in a world are of late events."""


@functools.cache
def pool(size: int) -> list[list[SocialEvent]]:
    """Worlds to choose from, drawn beforehand: a long history has no room for so many draws."""
    drawn: list[list[SocialEvent]] = []

    @given(worlds())
    @settings(
        max_examples=size,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def draw(world: list[SocialEvent]) -> None:
        drawn.append(world)

    draw()
    return drawn


def family(name: str, size: int, chance: Random) -> list[SocialEvent]:
    """A world of `pool(size)` with ids of its own; some of its events are 1 to 400 days late."""
    world = chance.choice(pool(size))
    ids = sorted({event.id for event in world})
    days = {identifier: chance.randint(1, 400) for identifier in ids if chance.random() < LATE}
    return [_renamed(name, event, timedelta(days.get(event.id, 0))) for event in world]


def _renamed(name: str, event: SocialEvent, late: timedelta) -> SocialEvent:
    def renamed(reference: Reference | None) -> Reference | None:
        return reference.model_copy(update={"id": name + reference.id}) if reference else None

    return event.model_copy(
        update={
            "id": name + event.id,
            "published": event.published - late,
            "conversation": name + event.conversation if event.conversation else None,
            "in_reply_to": renamed(event.in_reply_to),
            "quote_of": renamed(event.quote_of),
            "object": renamed(event.object),
        }
    )
