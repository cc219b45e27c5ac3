"""Who talks to whom, seen from each brand: section 3 of the domain as a pure function.

`direct` takes one thread and gives one `Directed` for every event in every brand's space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from schemas.event import RELATIONS, Activity, SocialEvent
from schemas.vocabulary import Direction, Effect, Role, Scope
from streams.address import Address, Addresses, How, Party
from streams.spaces import Spaces

if TYPE_CHECKING:
    from datetime import datetime

    from schemas.registry import Registry
    from streams.conversation import Conversation

BLASTING = 3
"""A brand's root that mentions more customers than this addresses nobody (rule 4)."""


class Directed(NamedTuple):
    """One event in one brand's space."""

    event: SocialEvent
    brand: str
    scope: Scope
    direction: Direction | None
    """None for a reaction."""
    effect: Effect | None
    actor_role: Role
    addressee: str
    """The account talked to or acted on; of an undecided reply, the one that the platform names; or empty."""
    addressee_role: Role | None
    indirect: bool
    adds_brand: bool
    counts: bool
    """Whether it goes into the sums: a message to which no bot is a party."""


@dataclass(frozen=True, slots=True)
class Directions:
    """What a thread comes to."""

    directed: list[Directed]
    """Every live message and standing reaction, once for each brand whose space it is in."""
    withdrawn: list[tuple[SocialEvent, str]]
    """Events and brands that are not in each other's space, but may have been when less had come."""


def direct(conversation: Conversation, registry: Registry, settled: datetime | None = None) -> Directions:
    """Direct every message and reaction of a thread.

    Args:
        conversation: The thread.
        registry: Tells brands' accounts, as of each event's time.
        settled: Event time up to which replies to unknown parents take the addressee that the platform
            names; none: they wait.
    """
    addresses = Addresses(conversation, registry, settled)
    by_message = {message.id: addresses.of(message) for message in conversation.messages.values()}
    spaces = Spaces(conversation, registry, by_message)
    found = Directions([], [])
    for message in conversation.messages.values():
        address = by_message[message.id]
        here = spaces.of_message(message)
        if message.id in conversation.retracted:
            found.withdrawn.extend((message, brand) for brand in here)
        else:
            found.directed.extend(_message(message, address, brand, scope) for brand, scope in here.items())
        found.withdrawn.extend((message, brand) for brand in spaces.mistaken if brand not in here)
    reactions = [(reaction, True) for reaction in conversation.reactions]
    reactions += [(reaction, False) for reaction in conversation.overruled]
    for reaction, stands in reactions:
        actor = addresses.party(reaction, reaction.actor.id)
        towards = _acted_on(reaction, conversation, addresses)
        here = spaces.of_reaction(reaction, actor, towards)
        if stands:
            found.directed.extend(
                _reaction(reaction, actor, towards, brand, scope) for brand, scope in here.items()
            )
        else:
            found.withdrawn.extend((reaction, brand) for brand in here)
        named = reaction.object.actor_id if reaction.object else None
        mistaken = spaces.mistaken | {addresses.party(reaction, named).brand if named else None}
        found.withdrawn.extend((reaction, brand) for brand in mistaken if brand and brand not in here)
    return found


def _message(message: SocialEvent, address: Address, brand: str, scope: Scope) -> Directed:
    actor_role = address.writer.role(brand)
    to = address.to
    if address.how is How.OPENING:
        direction, to = _opening(address, brand)
    elif address.how is How.ALONE:
        direction = _ALONE.get(actor_role, Direction.BX)
    elif address.how is How.UNKNOWN or to is None:
        direction = Direction.UNDECIDED
    else:
        direction = _edge(actor_role, to.role(brand))
    to_role = to.role(brand) if to else None
    return Directed(
        event=message,
        brand=brand,
        scope=scope,
        direction=direction,
        effect=Effect.AMPLIFICATION if address.how is How.QUOTE and direction is Direction.CB else None,
        actor_role=actor_role,
        addressee=to.account if to else "",
        addressee_role=to_role,
        indirect=address.how is How.QUOTE,
        adds_brand=(
            actor_role is Role.CUSTOMER
            and address.how in (How.REPLY, How.QUOTE)
            and not (address.how is How.REPLY and direction is Direction.CB)
            and any(party.brand == brand for party in address.newly_named)
        ),
        counts=actor_role is not Role.BOT and to_role is not Role.BOT,
    )


_ALONE = {Role.BRAND: Direction.BO, Role.CUSTOMER: Direction.CO, Role.BOT: Direction.CO}
"""Self-only chains address nobody, whomever they mention (end of section 3)."""


_BRANDS = {Role.OTHER_BRAND: Direction.BX, Role.BRAND: Direction.BO}
_CUSTOMERS = {Role.OTHER_BRAND: Direction.CX, Role.BRAND: Direction.CB}


def _edge(actor: Role, to: Role) -> Direction:
    """Rules 2 and 3: one party talks to another. A bot talks like a customer; it is left out of the sums."""
    if actor is Role.OTHER_BRAND:
        return Direction.BX if to in (Role.BRAND, Role.OTHER_BRAND) else Direction.CX
    if actor is Role.BRAND:
        return _BRANDS.get(to, Direction.BC)
    return _CUSTOMERS.get(to, Direction.CC)


def _opening(address: Address, brand: str) -> tuple[Direction, Party | None]:
    """Rules 4 and 6: a root addresses whom it names."""
    actor = address.writer.role(brand)
    ours = [party for party in address.newly_named if party.brand == brand]
    others = [party for party in address.newly_named if party.brand not in (None, brand)]
    people = [party for party in address.newly_named if party.brand is None and not party.bot]
    if actor is Role.BRAND:
        if people:
            return (Direction.BC, people[0]) if len(people) <= BLASTING else (Direction.BO, None)
        return (Direction.BX, others[0]) if others else (Direction.BO, None)
    if actor is Role.OTHER_BRAND:
        if ours or others or not people or len(people) > BLASTING:
            return Direction.BX, next(iter((*ours, *others)), None)
        return Direction.CX, people[0]
    for found, direction in ((ours, Direction.CB), (others, Direction.CX), (people, Direction.CC)):
        if found:
            return direction, found[0]
    return Direction.CO, None


def _acted_on(reaction: SocialEvent, conversation: Conversation, addresses: Addresses) -> Party | None:
    """Whose message, or which account, a reaction is about; none while that is not known."""
    if reaction.object is None:  # pragma: no cover - the schema requires it
        return None
    if reaction.activity in RELATIONS:
        return addresses.party(reaction, reaction.object.id)
    known = conversation.messages.get(reaction.object.id)
    if known is not None:
        return addresses.party(known, known.actor.id)
    return addresses.party(reaction, reaction.object.actor_id) if reaction.object.actor_id else None


def _reaction(
    reaction: SocialEvent, actor: Party, towards: Party | None, brand: str, scope: Scope
) -> Directed:
    actor_role = actor.role(brand)
    role = towards.role(brand) if towards else None
    return Directed(
        event=reaction,
        brand=brand,
        scope=scope,
        direction=None,
        effect=_effect(
            reaction.activity, actor_role, role, itself=towards is not None and towards.author == actor.author
        ),
        actor_role=actor_role,
        addressee=towards.account if towards else "",
        addressee_role=role,
        indirect=False,
        adds_brand=False,
        counts=False,
    )


def _effect(activity: Activity, actor: Role, to: Role | None, *, itself: bool) -> Effect:
    """Rules 7 and 8."""
    if activity in RELATIONS:
        return Effect.RELATION
    if itself:
        return Effect.OTHER
    if actor is Role.CUSTOMER and to is Role.BRAND:
        return {
            Activity.REPOST: Effect.AMPLIFICATION,
            Activity.LIKE: Effect.APPLAUSE,
        }.get(activity, Effect.DISAPPROVAL)
    if activity is not Activity.DISLIKE and to is Role.CUSTOMER:
        return {Role.BRAND: Effect.GIVE, Role.CUSTOMER: Effect.TRUST}.get(actor, Effect.OTHER)
    return Effect.OTHER
