"""What each stored aggregate is, in SQL over `interactions`: told a second time, apart from the fold.

`hubbub reconcile` holds the stored columns against these. A new column gets its entry here.

Each is an aggregate over messages, rows of `interactions` with a direction, and may use beside their columns

- `counts`: no bot is a party to it, so that it goes into the sums;
- `of_customer`: a customer wrote it;
- `brand_root`: it starts the conversation and is the brand's;
- `talk`: customer to customer, and counts;
- `run`: messages on the unbroken path of talk that ends in it; 0 where it is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.vocabulary import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS: Mapping[str, str] = {
    "counts": "actor_role != 'bot' AND ifNull(addressee_role, '') != 'bot'",
    "of_customer": "actor_role = 'customer'",
    # Only what answers nothing has the depth 0.
    "brand_root": "id = conversation AND depth = 0 AND actor_role = 'brand'",
    "talk": "assumeNotNull(direction) = 'CC' AND counts",
}
"""What a message has beside its columns, but for `run`."""

_DIRECTIONS = {
    str(direction).lower(): f"countIf(counts AND direction = '{direction}')" for direction in Direction
}

OWN_TIME: Mapping[str, str] = _DIRECTIONS
"""Columns of `dialogue_minutes` over the messages of a minute: anchor E."""

AT_THE_START: Mapping[str, str] = {
    "brand_roots": "countIf(brand_root AND counts)",
    "root_replies": "if(countIf(brand_root AND counts) > 0, countIf(of_customer AND counts), 0)",
    "customer_conversations": "toUInt64(countIf(of_customer) > 0)",
    "c2c_conversations": "toUInt64(uniqExactIf(actor, of_customer) > 1 AND countIf(talk) > 0)",
}
"""Columns of `dialogue_minutes` over the messages of a conversation, added up at its start: anchor K."""


def _turns(condition: str = "true") -> str:
    """Runs of messages by one author, in order of time."""
    authors = f"arraySort(groupArrayIf((published, id, actor), {condition})).3"
    return f"length(arrayCompact({authors}))"


def _seconds(condition: str = "true") -> str:
    """From the first to the last message."""
    ends = f"minIf(published, {condition}), maxIf(published, {condition})"
    return f"dateDiff('microsecond', {ends}) / 1e6"


OF_A_CONVERSATION: Mapping[str, str] = {
    "started_at": "any(started_at)",
    "last_at": "max(published)",
    "brand_root": "countIf(brand_root) > 0",
    "messages": "count()",
    "brand_messages": "countIf(actor_role = 'brand')",
    "customer_messages": "countIf(of_customer)",
    "customers": "uniqExactIf(actor, of_customer)",
    "participants": "uniqExact(actor)",
    "depth": "max(depth)",
    "turns": _turns(),
    "duration": _seconds(),
    **_DIRECTIONS,
    "c2c_depth": "max(run)",
    "c2c_turns": _turns("talk"),
    "c2c_duration": _seconds("talk"),
    "c2c_participants": "uniqExactArrayIf([actor, addressee], talk)",
}
"""Columns of `conversations` over the messages of a conversation."""
