"""What they say: a few plain sentences, enough to tell the kinds of message apart by eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.simulator.people import CUSTOMER

if TYPE_CHECKING:
    from random import Random

    from streams.simulator.records import Message

_NEWS = ("Our spring range is here.", "Only this week: a quarter off.", "New in the shop today.")
_ANSWERS = (
    "Thanks for asking! It ships on Monday.",
    "Sorry about that. Which model is it?",
    "Glad that it works now.",
)
_QUESTIONS = (
    "Does it come in green?",
    "Mine stopped working after the update, what can I do?",
    "Where is my parcel?",
)
_CHAT = (
    "Same here, a restart helped.",
    "Try the older filter, it fits.",
    "Thanks, that solved it!",
    "I like the old one better.",
)
_ASIDES = ("Third day with mine, still happy.", "Not sure that it is worth the price.")
_EDITED = " (edited)"


def words(rng: Random, message: Message) -> str:
    """A text that fits who writes and for whom."""
    parties, author = message.parties, message.author
    if author.brand:
        text = rng.choice(_ANSWERS if CUSTOMER in parties else _NEWS)
        return f"{text} ^{author.agent}" if author.agent else text
    if parties - {CUSTOMER}:
        return rng.choice(_QUESTIONS)
    return rng.choice(_CHAT if parties else _ASIDES)


def edited(text: str | None) -> str:
    """The same text, touched up."""
    return (text or "") + _EDITED
