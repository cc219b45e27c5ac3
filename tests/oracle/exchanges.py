"""Exchanges: a customer turns to the brand in a conversation, and what comes of it (R0)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from oracle.seen import Seen
    from oracle.view import View

SILENCE = timedelta(hours=24)
"""After so much of it, a customer's next message opens another exchange."""
QUIET = timedelta(hours=72)
"""After so much of it since the first reply, an exchange is over."""
HELPED = timedelta(days=7)
"""So long after the first reply may help be confirmed."""


@dataclass
class Exchange:
    """One of them; times are event times."""

    customer: tuple[str, str]
    opened: Seen
    reply: Seen | None
    """The brand's first, before the customer opens the next."""
    replies: list[Seen]
    """The brand's messages to the customer until it is quiet after the first, if there is one."""
    back_at: datetime | None
    confirmed: bool
    classified: bool
    """Whether a confirmation could have been seen."""
    quiet_from: datetime
    single: bool

    @property
    def waited(self) -> float | None:
        """Seconds to the first reply."""
        return (self.reply.at - self.opened.at).total_seconds() if self.reply else None

    @property
    def closed_at(self) -> datetime | None:
        """The brand's last message before it was quiet."""
        return self.replies[-1].at if self.replies else None

    @property
    def agent(self) -> str:
        """Who replied first."""
        return (self.reply.agent or self.reply.labels.signature) if self.reply else ""


def is_contact(row: Seen) -> bool:
    """Whether a message is a customer's to the brand, and not just about it."""
    return (
        row.counts
        and row.actor_role == "customer"
        and ((row.direction == "CB" and not row.indirect) or row.adds_brand)
    )


def exchanges_of(view: View) -> list[Exchange]:
    """All exchanges, of all times."""
    contacts: dict[tuple[str, str, str], list[Seen]] = defaultdict(list)
    likes: dict[tuple[str, str, str], list[Seen]] = defaultdict(list)
    for row in view.rows:
        if is_contact(row):
            contacts[row.platform, row.conversation, row.actor].append(row)
        elif row.counts and row.direction == "BC" and row.addressee_role == "customer":
            contacts[row.platform, row.conversation, row.addressee].append(row)
        elif row.effect == "applause" and row.activity == "like":
            likes[row.platform, row.conversation, row.actor].append(row)
    return [
        exchange for key, rows in contacts.items() for exchange in _cut(rows, likes[key], (key[0], key[2]))
    ]


def _cut(contacts: list[Seen], likes: list[Seen], customer: tuple[str, str]) -> list[Exchange]:
    openings: list[int] = []
    for place, row in enumerate(contacts):
        if row.actor_role == "customer" and (not openings or row.at - contacts[place - 1].at >= SILENCE):
            openings.append(place)
    ends = [*openings, len(contacts)][1:]
    return [
        _exchange(contacts, start, end, likes, customer) for start, end in zip(openings, ends, strict=True)
    ]


def _exchange(
    contacts: list[Seen], start: int, end: int, likes: list[Seen], customer: tuple[str, str]
) -> Exchange:
    reply = next((row for row in contacts[start:end] if row.actor_role == "brand"), None)
    stop = contacts.index(reply) if reply else start
    while stop + 1 < len(contacts) and contacts[stop + 1].at - contacts[stop].at < QUIET:
        stop += 1
    until_quiet = contacts[start : stop + 1]
    replies = [row for row in until_quiet if row.actor_role == "brand"]
    back: list[Seen] = []
    signs: list[bool] = []
    single = False
    if reply:
        later = [row for row in contacts[contacts.index(reply) + 1 :] if row.actor_role == "customer"]
        back = [row for row in later if row in until_quiet]
        soon = [row for row in later if row.at - reply.at <= HELPED]
        signs = [row.labels.thanks for row in soon if row.labels.thanks is not None]
        answers = {row.id for row in replies}
        signs += [
            True for like in likes if like.parent in answers and reply.at <= like.at <= reply.at + HELPED
        ]
        single = len(replies) == 1 and all(row.labels.thanks for row in back)
    return Exchange(
        customer=customer,
        opened=contacts[start],
        reply=reply,
        replies=replies,
        back_at=back[0].at if back else None,
        confirmed=any(signs),
        classified=bool(signs),
        quiet_from=contacts[stop].at,
        single=single,
    )
