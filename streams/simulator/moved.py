"""The simulated community at another time: the same people, words and numbers, so many weeks later."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from schemas.registry import Account, Registry
from streams.simulator.manners import START

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, timedelta

    from schemas.event import SocialEvent
    from streams.simulator import Simulation

A = TypeVar("A", bound=Account)


class Delivery(NamedTuple):
    """An event, and when it arrives."""

    at: datetime
    event: SocialEvent


def moved(world: Simulation, start: datetime) -> tuple[Registry, Iterator[Delivery]]:
    """The community as if it had begun at another time.

    Args:
        world: It begins on a Monday.
        start: Midnight, UTC, of another Monday: people keep their weekends.

    Returns:
        Its brands, and its events in the order of arrival.
    """
    by = start - START
    return _registry(world.registry, by), (
        Delivery(arrival + by, _event(event, by))
        for arrival, event in zip(world.arrivals, world.events, strict=True)
    )


def _event(event: SocialEvent, by: timedelta) -> SocialEvent:
    observed = None if event.observed is None else event.observed + by
    return event.model_copy(update={"published": event.published + by, "observed": observed})


def _registry(registry: Registry, by: timedelta) -> Registry:
    return Registry(
        brand=tuple(
            brand.model_copy(
                update={
                    "account": tuple(_voice(account, by) for account in brand.account),
                    "agent": tuple(_voice(agent, by) for agent in brand.agent),
                }
            )
            for brand in registry.brand
        )
    )


def _voice(voice: A, by: timedelta) -> A:
    period = {"valid_from": voice.valid_from, "valid_to": voice.valid_to}
    return voice.model_copy(update={name: time and time + by for name, time in period.items()})
