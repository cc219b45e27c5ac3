"""Which words fit a message: who writes, for whom, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.simulator.chatter import ASKING, BABBLE, CHATTING, HELPED, TELLING, chatter
from streams.simulator.copywriting import answer, broadcast
from streams.simulator.manners import MANNERS, START, WEEKS
from streams.simulator.people import BOT, CUSTOMER

if TYPE_CHECKING:
    from random import Random

    from streams.simulator.records import Message
    from streams.simulator.said import Said

_HOSTS = {manner.name: manner for manner in MANNERS}
_RISES_FROM = WEEKS - 2
"""The week from which on a hashtag rises."""
_RISEN = 0.3


def words(rng: Random, message: Message) -> Said:
    """What a message says."""
    author = message.author
    if author.brand:
        return _by_a_brand(rng, message)
    if author.party == BOT:
        return rng.choice(BABBLE)
    host = _HOSTS[message.thread.host]
    day = (message.time - START).days
    rising = _RISEN if host.trending and day >= _RISES_FROM * 7 else 0.0
    above = message.parent
    if above is None:
        mood = ASKING if message.parties - {CUSTOMER} else CHATTING if message.parties else TELLING
        return chatter(rng, mood, rising=rising)
    if above.author.brand:
        broadcasts = CUSTOMER not in above.parties
        sour = host.sour_on(day) if broadcasts and above.author.brand == host.name else 0.0
        return chatter(rng, CHATTING if broadcasts else HELPED, sour=sour, rising=rising)
    return chatter(rng, CHATTING, rising=rising)


def _by_a_brand(rng: Random, message: Message) -> Said:
    author, manner = message.author, _HOSTS[message.author.brand]
    day = (message.time - START).days
    signature = author.agent if rng.random() < manner.signs else ""
    if not author.agent and manner.desk and rng.random() < manner.signs:
        signature = rng.choice(manner.desk)
    if CUSTOMER in message.parties:
        return answer(rng, deflects=manner.deflects_on(day), ready=manner.ready_on(day), signature=signature)
    return broadcast(rng, manner.name, links=manner.links_on(day), tag=manner.campaign, signature=signature)
