"""A message or a reaction in one brand's space, with what it says and who stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemas.vocabulary import Direction, Role
from streams.labels import Labels, label

if TYPE_CHECKING:
    from schemas.event import Reference, SocialEvent
    from schemas.registry import Registry
    from streams.direct import Directed


class Heard(NamedTuple):
    """What a brand hears: somebody's message or reaction, or its own."""

    event: SocialEvent
    """What was done."""
    about: Reference | None
    """What that replies to, quotes or acts on."""
    directed: Directed
    labels: Labels
    agent: str
    """The human behind the brand's account, or empty."""

    @property
    def voice(self) -> str:
        """The name that the brand's message goes by: the agent's, or else the signature; or empty."""
        return self.agent or self.labels.signature


def hear(directed: Directed, registry: Registry, sentiment_share: float) -> Heard:
    """Label a message, and find out who stands behind an account.

    Args:
        directed: The message or reaction.
        registry: Tells agents, topics and campaigns.
        sentiment_share: Share of the messages whose sentiment is told, 0 to 1.
    """
    event = directed.event
    # Nobody else has a voice.
    speaks = directed.actor_role is Role.BRAND or directed.actor_role is Role.OTHER_BRAND
    voice = registry.voice(event.platform, event.actor.id, event.published) if speaks else None
    agent = event.actor.agent or (voice[1] if voice else "")
    labels = label(
        event,
        brand=registry.by_name.get(directed.brand),
        by_brand=directed.actor_role is Role.BRAND,
        answers_customer=directed.direction is Direction.BC,
        sentiment_share=sentiment_share,
    )
    return Heard(event, about(event), directed, labels, agent)


class Hearing:
    """Hears the messages of one thread as often as it is folded, and listens to each only once.

    To label a message takes longer than all else together. What was heard holds as long as the message is
    seen in the same way and by the same registry.
    """

    __slots__ = ("_heard", "_registry")

    def __init__(self) -> None:
        self._registry: Registry | None = None
        self._heard: dict[tuple[str, str], Heard] = {}

    def hear(self, directed: Directed, registry: Registry, sentiment_share: float) -> Heard:
        """The same as `hear`."""
        if directed.direction is None:  # a reaction has no labels
            return hear(directed, registry, sentiment_share)
        if registry is not self._registry:
            self.forget()
            self._registry = registry
        place = (directed.event.id, directed.brand)
        known = self._heard.get(place)
        if known is None or known.directed != directed:
            known = self._heard[place] = hear(directed, registry, sentiment_share)
        return known

    def forget(self) -> None:
        """Drop what was heard."""
        self._heard.clear()


def about(event: SocialEvent) -> Reference | None:
    """What an event replies to, quotes or acts on."""
    return event.in_reply_to or event.quote_of if event.is_message else event.object
