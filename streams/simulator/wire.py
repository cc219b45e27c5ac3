"""A record in the shape of the social event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.event import Actor, Mention, Reference, SocialEvent

if TYPE_CHECKING:
    from datetime import datetime

    from streams.simulator.people import Person
    from streams.simulator.records import Message
    from streams.simulator.said import Said


def wire(message: Message, said: Said, published: datetime, observed: datetime | None) -> SocialEvent:
    """The message's event.

    Args:
        message: What the generator knows.
        said: What it says at first.
        published: When it says that it was written.
        observed: When the collector first saw it.
    """
    author, parent, quotes = message.author, message.parent, message.quotes
    return SocialEvent(
        platform=author.platform,
        activity=message.activity,
        id=message.id,
        actor=actor_of(author, message.followers),
        published=published,
        observed=observed,
        in_reply_to=reference(parent, names=message.names_parent) if parent else None,
        conversation=message.thread.key if message.thread.declared else None,
        quote_of=reference(quotes, names=True) if quotes else None,
        mentions=_mentions(message),
        text=said.text,
        lang=said.lang,
        hashtags=said.hashtags,
        urls=said.urls,
        generator=message.generator,
        visibility="direct" if message.direct else "public",
        brands=message.asserted,
    )


def actor_of(person: Person, followers: int | None = None) -> Actor:
    """Who did it."""
    return Actor(
        id=person.id,
        handle=person.handle,
        kind=person.kind,
        followers=followers,
        agent=person.agent or None,
    )


def reference(message: Message, *, names: bool) -> Reference:
    """A message that another activity is about.

    Args:
        message: The message.
        names: Whether to say who wrote it.
    """
    return Reference(id=message.id, actor_id=message.author.id if names else None)


def _mentions(message: Message) -> tuple[Mention, ...]:
    flagged = message.thread.flagged and message.parent is not None
    return tuple(
        Mention(id=person.id, inherited=(number < message.inherited) if flagged else None)
        for number, person in enumerate(message.mentions)
    )
