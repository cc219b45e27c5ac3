"""The rows of `interactions` that a thread yields, a group of columns at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schemas.rows import InteractionRow
from schemas.vocabulary import Role, Scope
from streams.exchanges import Exchange, exchanges
from streams.heard import about
from streams.questions import Answer, first_answers
from streams.yields import start_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemas.event import SocialEvent
    from streams.conversation import Conversation
    from streams.direct import Directed
    from streams.heard import Heard
    from streams.yields import Stamp

_LONGEST_SLA = 2**32 - 1
"""Seconds that the column can hold."""
_NOTHING_MORE: Mapping[str, Any] = {
    name: column.default for name, column in InteractionRow.model_fields.items() if not column.is_required()
}
"""What the columns hold that most rows say nothing in."""
_NO_EXCHANGE = {name: value for name, value in _NOTHING_MORE.items() if name.startswith("exchange_")}


@dataclass(frozen=True, slots=True)
class Space:
    """What one brand hears of one thread."""

    messages: Sequence[Heard]
    """In order, like the reactions."""
    reactions: Sequence[Heard]
    sla: int
    """Seconds within which the brand promises an answer."""
    known: Mapping[str, Directed]
    """The messages, by id."""
    exchanges: Mapping[str, Exchange]
    """By the id of the message that opens each."""
    answers: Mapping[str, Answer]
    """By the id of the question."""

    @classmethod
    def of(cls, heard: Sequence[Heard], sla_minutes: int) -> Space:
        """Make it of all that a brand hears of a thread, in order."""
        messages = [one for one in heard if one.directed.direction is not None]
        reactions = [one for one in heard if one.directed.direction is None]
        return cls(
            messages=messages,
            reactions=reactions,
            sla=min(60 * sla_minutes, _LONGEST_SLA),
            known={one.event.id: one.directed for one in messages},
            exchanges=exchanges(messages, reactions),
            answers=first_answers(messages),
        )

    def parent_of(self, heard: Heard) -> Directed | None:
        """What a message replies to or quotes, where that is in the space and live."""
        is_message = heard.directed.direction is not None
        return self.known.get(heard.about.id) if is_message and heard.about else None


def interaction(
    heard: Heard, space: Space, conversation: Conversation, depth: int, stamp: Stamp
) -> InteractionRow:
    """A message or a reaction as a brand sees it."""
    event, directed, labels = heard.event, heard.directed, heard.labels
    known, what = conversation.messages, heard.about
    above = known.get(what.id) if what else None
    parent = space.parent_of(heard)
    is_message = directed.direction is not None
    exchange = space.exchanges.get(event.id) if is_message else None
    answer = space.answers.get(event.id) if is_message else None
    return InteractionRow.trusted(
        {
            "brand": directed.brand,
            "platform": event.platform,
            "conversation": conversation.key,
            "id": event.id,
            "activity": str(event.activity),
            "published": event.published,
            "started_at": start_of(conversation).published if known else event.published,
            "direction": directed.direction,
            "effect": directed.effect,
            "indirect": directed.indirect,
            "adds_brand": directed.adds_brand,
            "scope_reason": directed.scope,
            "actor": event.actor.id,
            "actor_role": directed.actor_role,
            "agent": heard.agent,
            "followers": event.actor.followers,
            "addressee": directed.addressee,
            "addressee_role": directed.addressee_role,
            "parent": what.id if what else "",
            "depth": depth,
            "latency": (event.published - above.published).total_seconds() if above else None,
            "lang": event.lang or "",
            **vars(labels),
            "parent_direction": parent.direction if parent else None,
            "parent_at": parent.event.published if parent else None,
            **(_exchange(exchange, space.sla) if exchange else _NO_EXCHANGE),
            "answered_by": answer.by if answer else None,
            "answered_at": answer.at if answer else None,
            "seen": stamp.seen,
            "source_epoch": stamp.position.epoch,
            "source_partition": stamp.position.partition,
            "source_offset": stamp.position.offset,
            "removed": False,
        }
    )


def removed_interaction(event: SocialEvent, brand: str, thread: str, stamp: Stamp) -> InteractionRow:
    """A row that takes back what may be stored under its key; its other columns mean nothing."""
    what = about(event)
    return InteractionRow.trusted(
        {
            "brand": brand,
            "platform": event.platform,
            "conversation": thread,
            "id": event.id,
            "activity": str(event.activity),
            "published": event.published,
            "started_at": event.published,
            "direction": None,
            "effect": None,
            "indirect": False,
            "adds_brand": False,
            "scope_reason": Scope.CONVERSATION,
            "actor": event.actor.id,
            "actor_role": Role.CUSTOMER,
            "agent": "",
            "followers": None,
            "addressee": "",
            "addressee_role": None,
            "parent": what.id if what else "",
            "depth": 0,
            "latency": None,
            "lang": "",
            **_NOTHING_MORE,
            "seen": stamp.seen,
            "source_epoch": stamp.position.epoch,
            "source_partition": stamp.position.partition,
            "source_offset": stamp.position.offset,
            "removed": True,
        }
    )


def _exchange(exchange: Exchange, sla: int) -> dict[str, Any]:
    reply = exchange.reply
    return {
        "exchange_sla": sla,
        "exchange_reply": reply.id if reply else "",
        "exchange_reply_at": reply.at if reply else None,
        "exchange_agent": reply.voice if reply else "",
        "exchange_replies": exchange.replies,
        "exchange_back_at": exchange.back_at,
        "exchange_confirmed_at": exchange.confirmed_at,
        "exchange_classified": exchange.classified,
        "exchange_quiet_from": exchange.quiet_from,
        "exchange_closed_at": exchange.closed_at,
        "exchange_single": exchange.single,
    }
