"""Many seeded talks of a brand and its customers: dense in exchanges, confirmations, loops and answers."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from support.worlds import START, STEPS, TEXTS

from schemas.event import Activity, Actor, ActorKind, Mention, Reference, SocialEvent

if TYPE_CHECKING:
    from datetime import datetime

_VOICES = ("acme", "acme", "acme_help", "eve", "eve", "eve", "bob", "robo", "rival")

_SAID = {"in_reply_to": Activity.REPLY, "quote_of": Activity.QUOTE}


def talks(seed: int, number: int) -> list[SocialEvent]:
    """Some threads of up to twelve messages each, with likes, edits and deletes; shuffled.

    Args:
        seed: The same seed gives the same talks.
        number: How many threads.
    """
    rng = Random(seed)
    events = [event for thread in range(number) for event in _talk(rng, f"t{thread}-")]
    rng.shuffle(events)
    return events


def _talk(rng: Random, name: str) -> list[SocialEvent]:
    at = START + timedelta(hours=rng.randrange(1000))
    messages: list[SocialEvent] = []
    for turn in range(rng.randint(2, 12)):
        at += timedelta(seconds=rng.choice(STEPS))
        above = (messages[-1] if rng.random() < 0.6 else rng.choice(messages)) if messages else None
        named = ("acme",) if not turn or rng.random() < 0.1 else ()
        field = "quote_of" if above is not None and rng.random() < 0.1 else "in_reply_to"
        above_id = above.id if above and rng.random() < 0.97 else f"{name}gone"
        about = {field: Reference(id=above_id)} if above else {}
        activity = Activity.POST if above is None else _SAID[field]
        mentions = tuple(Mention(id=account) for account in named)
        more = {**about, "activity": activity, "conversation": f"{name}m0", "mentions": mentions}
        messages.append(_event(rng, f"{name}m{turn}", rng.choice(_VOICES), at, more))
    return messages + [_about(rng, f"{name}o{one}", rng.choice(messages)) for one in range(rng.randint(0, 5))]


def _about(rng: Random, identifier: str, on: SocialEvent) -> SocialEvent:
    at = on.published + timedelta(seconds=rng.choice(STEPS))
    kind = rng.choice((Activity.LIKE, Activity.LIKE, Activity.LIKE, Activity.UPDATE, Activity.DELETE))
    about: dict[str, Any] = {"object": Reference(id=on.id)}
    if kind is Activity.UPDATE:
        identifier, about = on.id, {"version": 1}
    by = on.actor.id if kind is not Activity.LIKE else rng.choice(("acme", "eve", "eve", "bob"))
    return _event(rng, identifier, by, at, {**about, "activity": kind, "conversation": on.conversation})


def _event(rng: Random, identifier: str, by: str, at: datetime, more: dict[str, Any]) -> SocialEvent:
    return SocialEvent(
        platform="x",
        id=identifier,
        actor=Actor(
            id=by,
            kind=ActorKind.SERVICE if by == "robo" else None,
            agent="Ann" if by.startswith("acme") and rng.random() < 0.5 else None,
        ),
        published=at,
        text=rng.choice(TEXTS),
        lang=rng.choice((None, "en", "es")),
        urls=("https://acme.example/a",) if rng.random() < 0.2 else (),
        generator=rng.choice((None, "Buffer", "Web")),
        **more,
    )
