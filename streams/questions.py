"""Who first answered a customer's question: the brand, or another customer (C7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemas.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from streams.heard import Heard


class Answer(NamedTuple):
    """The first answer to a question."""

    by: Role
    at: datetime


def is_question(heard: Heard) -> bool:
    """Whether it is a customer's question, and counts."""
    directed = heard.directed
    return bool(heard.labels.question) and directed.counts and directed.actor_role is Role.CUSTOMER


def first_answers(messages: Iterable[Heard]) -> dict[str, Answer]:
    """The first direct reply by somebody who can help, by the id of the question; none where nobody has.

    Args:
        messages: The messages in one brand's space, in order.
    """
    messages = list(messages)
    askers = {heard.event.id: heard.event.actor.id for heard in messages if is_question(heard)}
    answers: dict[str, Answer] = {}
    for heard in messages:
        event, role = heard.event, heard.directed.actor_role
        asker = askers.get(event.in_reply_to.id) if event.in_reply_to else None
        if (
            event.in_reply_to is None
            or asker is None
            or not heard.directed.counts
            or not (role is Role.BRAND or (role is Role.CUSTOMER and event.actor.id != asker))
        ):
            continue
        answers.setdefault(event.in_reply_to.id, Answer(role, event.published))
    return answers
