"""What is true of the simulated world, told from what the generator meant.

No code of the pipeline is used and no parent is walked to find an addressee: each record says for whom it
was meant. Only what depends on others in the thread is worked out here: spaces and runs of talk.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from streams.simulator.measures import Values, ratios, talk_quantiles
from streams.simulator.people import BOT, CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from streams.simulator.records import Message, Thread

DIRECTIONS = ("bo", "bc", "cb", "cc", "co", "bx", "cx", "undecided")
SUMS = (*DIRECTIONS, "brand_roots", "root_replies", "customer_conversations", "c2c_conversations")


@dataclass
class Account:
    """What is known of one brand."""

    sums: Counter[str] = field(default_factory=Counter)
    by_day: defaultdict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    participants: set[tuple[str, str]] = field(default_factory=set)
    followers: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)
    """Of each account: when they were told last, and how many."""
    talks: list[Talk] = field(default_factory=list)

    def add(self, what: str, time: datetime, count: int = 1) -> None:
        """Book a number on the day of a time."""
        self.sums[what] += count
        self.by_day[time.date()][what] += count

    def values(self) -> Values:
        """Every metric over the whole period."""
        people = len(self.participants)
        followers = sum(count for _, count in self.followers.values())
        rate = people / followers if followers else None
        return {
            **ratios(self.sums),
            "participants": float(people),
            "participation_rate": rate,
            **talk_quantiles([talk.measures() for talk in self.talks]),
        }


@dataclass
class Talk:
    """Customers talking to customers in one conversation, seen from one brand, in the order of time."""

    messages: list[Message]

    def measures(self) -> tuple[float, float, float, float]:
        """Depth, turns, duration in seconds, participants."""
        depth: dict[str, int] = {}
        for message in self.messages:
            above = depth.get(message.parent.id, 0) if message.parent else 0
            depth[message.id] = above + 1
        writers = [message.author for message in self.messages]
        turns = 1 + sum(one is not next_one for one, next_one in pairwise(writers))
        duration = (self.messages[-1].time - self.messages[0].time).total_seconds()
        addressed = {person for message in self.messages for person in message.to or ()}
        people = {person for person in addressed | set(writers) if person.party == CUSTOMER}
        return max(depth.values()), turns, duration, len(people)


def tell(brands: Iterable[str], threads: Iterable[Thread]) -> dict[str, Account]:
    """The account of each brand, over all threads."""
    accounts = {brand: Account() for brand in brands}
    for thread in threads:
        known = sorted(
            (message for message in thread.messages if not message.direct),
            key=lambda message: (message.time, message.id),
        )
        if known:
            start = thread.root.time if thread.root else known[0].time
            for brand, messages in _spaces(thread, known).items():
                _tell_thread(accounts[brand], brand, thread, messages, start)
    return accounts


def direction(message: Message, brand: str) -> str:
    """Who talks to whom, seen from a brand: from whom it is by and for whom it was meant."""
    if message.to is None:
        return "undecided"
    party, parties = message.author.party, message.parties
    if party == brand:
        return "bc" if CUSTOMER in parties else "bx" if parties else "bo"
    if party != CUSTOMER:
        return "cx" if CUSTOMER in parties else "bx"
    if brand in parties:
        return "cb"
    return "cx" if parties - {CUSTOMER} else "cc" if parties else "co"


def counts(message: Message) -> bool:
    """Whether it is in the sums: it was not deleted, and no bot writes it or is meant by it."""
    return not message.deleted and message.author.party != BOT and BOT not in message.parties


def _spaces(thread: Thread, known: list[Message]) -> dict[str, list[Message]]:
    """The messages in each brand's space: from the first that touches it on, all of the thread."""
    since: dict[str, datetime] = {}
    for message in known:
        for brand in _touched(message):
            since.setdefault(brand, message.time)
    spaces: defaultdict[str, list[Message]] = defaultdict(list)
    root_brand = thread.root.author.brand if thread.root else ""
    for message in known:
        here = {brand for brand, time in since.items() if time <= message.time}
        for brand in here.union(message.asserted, {root_brand} - {""}):
            spaces[brand].append(message)
    return spaces


def _touched(message: Message) -> Iterator[str]:
    for person in (message.author, *(message.to or ()), *message.mentions):
        if person.brand:
            yield person.brand


def _tell_thread(
    account: Account, brand: str, thread: Thread, messages: list[Message], start: datetime
) -> None:
    counted = [message for message in messages if counts(message)]
    by_customers = [message for message in counted if message.author.party == CUSTOMER]
    talk = []
    for message in counted:
        seen = direction(message, brand)
        account.add(seen, message.time)
        if seen == "cc":
            talk.append(message)
    for message in messages:
        # Followers are told by any message of the brand's, one to a bot too.
        if message.author.brand == brand and message.followers is not None:
            key, told = (message.author.platform, message.author.id), (message.time, message.followers)
            account.followers[key] = max(account.followers.get(key, told), told)
    customers = {(message.author.platform, message.author.id) for message in by_customers}
    account.participants |= customers
    if talk:
        account.talks.append(Talk(talk))
    root = thread.root
    if root and not root.deleted and root.author.brand == brand:
        account.add("brand_roots", root.time)
        account.add("root_replies", root.time, len(by_customers))
    if customers:
        account.add("customer_conversations", start)
        if len(customers) > 1 and talk:
            account.add("c2c_conversations", start)
