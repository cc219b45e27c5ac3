"""The truth of what adds up: every number with the time to which it is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from schemas.event import Activity, ActorKind
from streams.simulator.people import CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from streams.simulator.records import Message
    from streams.simulator.truth.seen import Room, View

DIRECTIONS = ("bo", "bc", "cb", "cc", "co", "bx", "cx", "undecided")
SUMS = (
    *DIRECTIONS,
    *("brand_roots", "root_replies", "customer_conversations", "c2c_conversations"),
    *("two_sided", "loops", "started_cc", "brand_free_cc"),
    *("brand_messages", "named", "automation_known", "automated", "deflection_known", "deflections", "asks"),
    *("gives", "positive", "neutral", "negative", "love_known", "loving", "questions", "peer_answered"),
    *("bo_replies", "bo_negative"),
)
SCHEDULERS = ("Hootsuite Inc.", "Buffer")
"""Of the programs in this world, those that post by themselves."""

Booking: TypeAlias = "tuple[str, datetime, int]"
"""What, when, and how many."""


def book(view: View) -> Iterator[Booking]:
    """All that a brand's sums are made of."""
    for room in view.rooms:
        yield from _conversation(room)
        for message in room.counted:
            yield room.ways[message.id], message.time, 1
        for message in room.by_the_brand:
            if room.ways[message.id] != "undecided":
                yield from _of_the_brand(room, message)
        for message in room.by_customers:
            yield from _of_a_customer(room, message)
    for activity in (Activity.LIKE, Activity.REPOST):
        for reaction in view.done(activity, to=CUSTOMER, by=view.brand):
            yield "gives", reaction.time, 1


def answered_by(room: Room, question: Message) -> str | None:
    """The party that first answered a customer directly: the brand, another customer, or nobody."""
    others = (
        message.author.party
        for message in room.counted
        if message.parent is question and message.author is not question.author
    )
    return next((party for party in others if party in (CUSTOMER, room.brand)), None)


def has_loop(room: Room) -> bool:
    """Whether the brand and a customer came back to each other."""
    here = {message.id for message in room.counted}
    for third in room.counted:
        second = third.parent
        first = second.parent if second else None
        if second is None or first is None or not {second.id, first.id} <= here:
            continue
        parties = {third.author.party, second.author.party}
        if third.author.is_same_side(first.author) and parties == {CUSTOMER, room.brand}:
            return True
    return False


def _conversation(room: Room) -> Iterator[Booking]:
    talk, root, start = room.of("cc"), room.thread.root, room.start
    customers = {message.author.id for message in room.by_customers}
    own_root = root is not None and not root.deleted and root.author.brand == room.brand
    if root and own_root:
        yield "brand_roots", root.time, 1
        yield "root_replies", root.time, len(room.by_customers)
    if customers:
        yield "customer_conversations", start, 1
        if len(customers) > 1 and talk:
            yield "c2c_conversations", start, 1
    writers = [message.author.party for message in room.live]
    if {room.brand, CUSTOMER} <= set(writers):
        yield "two_sided", start, 1
        if has_loop(room):
            yield "loops", start, 1
    yield "started_cc", start, len(talk)
    if writers.count(room.brand) == own_root:
        yield "brand_free_cc", start, len(talk)


def _of_the_brand(room: Room, message: Message) -> Iterator[Booking]:
    way, said, time = room.ways[message.id], message.said, message.time
    yield "brand_messages", time, 1
    if message.author.agent or said.signature:
        yield "named", time, 1
    declared = message.author.kind is ActorKind.SERVICE
    if declared or message.generator:
        yield "automation_known", time, 1
        yield "automated", time, int(declared or message.generator in SCHEDULERS)
    if way == "bc" and said.known:
        yield "deflection_known", time, 1
        yield "deflections", time, int(said.deflects)
    if way == "bo" and said.asks:
        yield "asks", time, 1


def _of_a_customer(room: Room, message: Message) -> Iterator[Booking]:
    said, time, parent = message.said, message.time, message.parent
    if said.question:
        yield "questions", time, 1
        if answered_by(room, message) == CUSTOMER:
            yield "peer_answered", time, 1
    if said.known:
        yield ("negative", "neutral", "positive")[said.sentiment + 1], time, 1
        yield "love_known", time, 1
        yield "loving", time, int(said.love)
        if parent and room.ways.get(parent.id) == "bo":
            yield "bo_replies", parent.time, 1
            yield "bo_negative", parent.time, int(said.sentiment < 0)
