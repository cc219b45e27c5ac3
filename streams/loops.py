"""The dialogic loop (D6): the brand and a customer come back to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.direct import Directed

_SIDES = {Role.BRAND, Role.CUSTOMER}


def has_loop(messages: Sequence[Directed]) -> bool:
    """Whether one of them answers an answer to its own side: the brand's, or the same customer's.

    Args:
        messages: The messages in one brand's space.
    """
    known = {directed.event.id: directed for directed in messages if directed.counts}
    return any(_closes_loop(directed, known) for directed in known.values())


def _closes_loop(last: Directed, known: Mapping[str, Directed]) -> bool:
    answered = _answered(last, known)
    first = _answered(answered, known) if answered else None
    if answered is None or first is None or first is last:  # parents may run in a ring
        return False
    if first.actor_role is Role.CUSTOMER and first.event.actor.id != last.event.actor.id:
        return False
    return first.actor_role is last.actor_role and {last.actor_role, answered.actor_role} == _SIDES


def _answered(directed: Directed, known: Mapping[str, Directed]) -> Directed | None:
    parent = directed.event.in_reply_to
    return known.get(parent.id) if parent else None
