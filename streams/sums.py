"""What a thread adds to the columns of `dialogue_minutes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.vocabulary import Direction, Effect, Role
from streams.questions import is_question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from schemas.rows import ConversationRow
    from streams.direct import Directed
    from streams.heard import Heard

_OWN = frozenset({Direction.BO, Direction.BC, Direction.BX})
_MOODS = {1: "positive", 0: "neutral", -1: "negative"}


class Sums(dict[str, int]):
    """What is added to the columns of one window; 0 to those that are not here."""

    def __missing__(self, name: str) -> int:
        return 0

    def add(self, names: Iterable[str]) -> None:
        """Add one to each of some columns."""
        for name in names:
            self[name] = self.get(name, 0) + 1

    def update_by(self, other: Mapping[str, int], sign: int) -> None:
        """Add what another adds, or take it away where the sign is -1."""
        for name, number in other.items():
            self[name] = self.get(name, 0) + sign * number

    def total(self) -> int:
        """All of it together."""
        return sum(self.values())


def of_a_message(heard: Heard, answered_by: Role | None) -> Iterator[str]:
    """The columns to which a message that counts adds one, in its own minute: anchor E, and K of a question.

    Args:
        heard: The message.
        answered_by: Who first answered it, if it is a question.
    """
    directed = heard.directed
    yield str(directed.direction).lower()
    if directed.actor_role is Role.BRAND and directed.direction in _OWN:
        yield from _of_the_brand(heard)
    elif directed.actor_role is Role.CUSTOMER:
        labels = heard.labels
        if labels.sentiment is not None:
            yield _MOODS[labels.sentiment]
        if labels.love is not None:
            yield "love_known"
            if labels.love:
                yield "loving"
        if is_question(heard):
            yield "questions"
            if answered_by is Role.CUSTOMER:
                yield "peer_answered"


def _of_the_brand(heard: Heard) -> Iterator[str]:
    labels, direction = heard.labels, heard.directed.direction
    yield "brand_messages"
    if heard.voice:
        yield "named"
    if labels.automation is not None:
        yield "automation_known"
        if labels.automation:
            yield "automated"
    if direction is Direction.BC and labels.deflection is not None:
        yield "deflection_known"
        if labels.deflection:
            yield "deflections"
    if direction is Direction.BO and labels.asks:
        yield "asks"


def of_a_reply(heard: Heard, parent: Directed | None) -> Iterator[str]:
    """The columns to which a message adds one in the minute of what it answers: anchor K.

    Args:
        heard: The message.
        parent: What it replies to or quotes, as far as that is known and live.
    """
    directed, sentiment = heard.directed, heard.labels.sentiment
    answers_broadcast = parent is not None and parent.direction is Direction.BO
    is_customers = directed.counts and directed.actor_role is Role.CUSTOMER
    if answers_broadcast and is_customers and sentiment is not None:
        yield "bo_replies"
        if sentiment < 0:
            yield "bo_negative"


def of_a_reaction(directed: Directed) -> Iterator[str]:
    """The columns to which a reaction adds one, in its own minute: anchor E."""
    if directed.effect is Effect.GIVE:
        yield "gives"


def of_a_conversation(row: ConversationRow, root: Directed | None, customer_messages: int) -> dict[str, int]:
    """What a conversation adds to the minute of its start, where that is not 0: anchor K.

    Args:
        row: The conversation.
        root: Its root, where that is the brand's and counts.
        customer_messages: Messages of customers that count.
    """
    is_brand_free = row.brand_messages == int(row.brand_root)
    sums = {
        "customer_conversations": int(row.customers > 0),
        "c2c_conversations": int(row.customers > 1 and row.cc > 0),
        "brand_roots": int(root is not None),
        "root_replies": customer_messages if root is not None else 0,
        "two_sided": int(row.brand_messages > 0 and row.customer_messages > 0),
        "loops": int(row.loop),
        "started_cc": row.cc,
        "brand_free_cc": row.cc if is_brand_free else 0,
    }
    return {name: number for name, number in sums.items() if number}
