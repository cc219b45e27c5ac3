"""What each stored aggregate is, in SQL over `interactions`: told a second time, apart from the fold.

`hubbub reconcile` holds the stored columns against these. A new column gets its entry here.

Most are aggregates over messages, rows of `interactions` with a direction, and may use beside their columns

- `counts`: no bot is a party to it, so that it goes into the sums;
- `of_customer`: a customer wrote it;
- `of_brand`: the brand wrote it;
- `brand_root`: it starts the conversation and is the brand's;
- `talk`: customer to customer, and counts;
- `closes_loop`: it answers an answer to its own side;
- `run`: messages on the unbroken path of talk that ends in it; 0 where it is none.

What a message itself says of others (its parent, its exchange, who answered it) is told in `retold.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.vocabulary import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS: Mapping[str, str] = {
    "counts": "actor_role != 'bot' AND ifNull(addressee_role, '') != 'bot'",
    "of_customer": "actor_role = 'customer'",
    "of_brand": "actor_role = 'brand'",
    # Only what answers nothing has the depth 0.
    "brand_root": "id = conversation AND depth = 0 AND actor_role = 'brand'",
    "talk": "assumeNotNull(direction) = 'CC' AND counts",
}
"""What a message has beside its columns, but for `closes_loop` and `run`."""

_DIRECTIONS = {
    str(direction).lower(): f"countIf(counts AND direction = '{direction}')" for direction in Direction
}
_BRANDS = "of_brand AND counts AND direction IN ('BO', 'BC', 'BX')"
_CUSTOMERS = "of_customer AND counts"

OWN_TIME: Mapping[str, str] = _DIRECTIONS | {
    "brand_messages": f"countIf({_BRANDS})",
    "named": f"countIf({_BRANDS} AND (agent != '' OR signature != ''))",
    "automation_known": f"countIf({_BRANDS} AND automation IS NOT NULL)",
    "automated": f"countIf({_BRANDS} AND automation)",
    "deflection_known": "countIf(direction = 'BC' AND counts AND deflection IS NOT NULL)",
    "deflections": "countIf(direction = 'BC' AND counts AND deflection)",
    "asks": "countIf(direction = 'BO' AND counts AND asks)",
    "positive": f"countIf({_CUSTOMERS} AND sentiment > 0)",
    "neutral": f"countIf({_CUSTOMERS} AND sentiment = 0)",
    "negative": f"countIf({_CUSTOMERS} AND sentiment < 0)",
    "love_known": f"countIf({_CUSTOMERS} AND love IS NOT NULL)",
    "loving": f"countIf({_CUSTOMERS} AND love)",
    "questions": f"countIf({_CUSTOMERS} AND question)",
    "peer_answered": f"countIf({_CUSTOMERS} AND question AND answered_by = 'customer')",
}
"""Columns of `dialogue_minutes` over the messages of a minute: anchor E, and K of a question."""

REACTIONS: Mapping[str, str] = {"gives": "countIf(effect = 'give')"}
"""Columns of `dialogue_minutes` over the reactions of a minute: anchor E."""

AT_THE_PARENT: Mapping[str, str] = {
    "bo_replies": f"countIf({_CUSTOMERS} AND parent_direction = 'BO' AND sentiment IS NOT NULL)",
    "bo_negative": f"countIf({_CUSTOMERS} AND parent_direction = 'BO' AND sentiment < 0)",
}
"""Columns of `dialogue_minutes` over the messages that answer one of a minute: anchor K."""

AT_THE_START: Mapping[str, str] = {
    "brand_roots": "countIf(brand_root AND counts)",
    "root_replies": f"if(countIf(brand_root AND counts) > 0, countIf({_CUSTOMERS}), 0)",
    "customer_conversations": "toUInt64(countIf(of_customer) > 0)",
    "c2c_conversations": "toUInt64(uniqExactIf(actor, of_customer) > 1 AND countIf(talk) > 0)",
    "two_sided": "toUInt64(countIf(of_customer) > 0 AND countIf(of_brand) > 0)",
    "loops": "toUInt64(countIf(closes_loop) > 0)",
    "started_cc": "countIf(talk)",
    "brand_free_cc": "if(countIf(of_brand AND NOT brand_root) = 0, countIf(talk), 0)",
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
    "brand_messages": "countIf(of_brand)",
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
    "loop": "countIf(closes_loop) > 0",
}
"""Columns of `conversations` over the messages of a conversation."""
