"""What customers say, sentence by sentence, each of them plain enough for anybody to tell what is meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from streams.simulator.said import Said

if TYPE_CHECKING:
    from random import Random

QUESTIONS = (
    Said("Does it come in a larger size?", question=True),
    Said("How do I change the filter?", question=True),
    Said("Which adapter do I need for the older model?", question=True),
    Said("What time does the shop open on Saturday?", question=True),
    Said("Where is my parcel?", question=True, topics=("delivery",)),
    Said("When does the courier come to our street?", question=True, topics=("delivery",)),
    Said("How long does the battery last on the road?", question=True, topics=("battery",)),
)
COMPLAINTS = (
    Said("This is terrible, the worst service I have seen.", sentiment=-1),
    Said("It is broken again. I am very disappointed and angry.", sentiment=-1),
    Said("Awful quality, a horrible waste of money.", sentiment=-1),
    Said("I hate this. Terrible, terrible, terrible.", sentiment=-1),
    Said("My parcel was lost again, this is awful.", sentiment=-1, topics=("delivery",)),
    Said("The battery is terrible, the worst of all.", sentiment=-1, topics=("battery",)),
)
THANKS = (
    Said("Thank you very much, that was a great answer!", thanks=True, sentiment=1),
    Said("Thanks, excellent service!", thanks=True, sentiment=1),
    Said("Thank you so much, you are great!", thanks=True, sentiment=1),
    Said("Problem solved, thanks, this was really good advice!", thanks=True, sentiment=1),
)
LOVE = (
    Said("I love it so much!", love=True, sentiment=1),
    Said("I absolutely love mine, it is wonderful!", love=True, sentiment=1),
    Said("So happy with it, I love the new one!", love=True, sentiment=1),
    Said("We love it, it brings us so much joy!", love=True, sentiment=1),
)
PRAISE = (
    Said("Excellent quality, very good indeed.", sentiment=1),
    Said("A great product, really excellent.", sentiment=1),
    Said("Very good work, an excellent design.", sentiment=1),
    Said("The battery is excellent, really good.", sentiment=1, topics=("battery",)),
)
REMARKS = (
    Said("Mine is the one from last year."),
    Said("The grey one is on the second shelf."),
    Said("It has two buttons and a lid."),
    Said("Mine arrived on Tuesday."),
    Said("I put the older filter in and turn it twice."),
    Said("The courier was here at noon.", topics=("delivery",)),
)
FOREIGN = (
    Said("Den ligger i hyllan bredvid datorn.", "sv"),
    Said("Vi har en likadan i köket hemma.", "sv"),
    Said("昨日届きました。", "ja"),
    Said("台所に置いてあります。", "ja"),
)
BABBLE = (Said("Deals of the day, all day long."), Said("Follow back for more deals."))
"""What bots say; nobody counts it."""

TAGS = ("weekend", "unboxing", "kitchen")
"""Hashtags that are always there."""
RISING = "filtergate"
"""A hashtag that comes up towards the end, around one brand."""


class Mood(NamedTuple):
    """How often each kind of thing is said, by weight."""

    question: float = 0
    complaint: float = 0
    thanks: float = 0
    love: float = 0
    praise: float = 0
    remark: float = 0


ASKING = Mood(question=50, complaint=20, love=4, praise=8, remark=18)
HELPED = Mood(question=12, complaint=8, thanks=50, praise=12, remark=18)
CHATTING = Mood(question=18, complaint=10, love=7, praise=20, remark=45)
TELLING = Mood(complaint=15, love=25, praise=25, remark=35)

KINDS = (QUESTIONS, COMPLAINTS, THANKS, LOVE, PRAISE, REMARKS)
_FOREIGN, _TAGGED = 0.05, 0.08


def chatter(rng: Random, mood: Mood, *, sour: float = 0.0, rising: float = 0.0) -> Said:
    """A customer's sentence.

    Args:
        rng: Where chance comes from.
        mood: What is likely to be said.
        sour: Share that complains, whatever the mood.
        rising: Share that takes up the hashtag of the day.
    """
    chance = rng.random()
    if chance < _FOREIGN:
        return rng.choice(FOREIGN)
    (kind,) = rng.choices(KINDS, mood)
    said = rng.choice(COMPLAINTS if rng.random() < sour else kind)
    tag = RISING if rng.random() < rising else rng.choice(TAGS) if chance > 1 - _TAGGED else ""
    return tagged(said, tag) if tag else said


def tagged(said: Said, tag: str) -> Said:
    """The same with a hashtag behind it."""
    return replace(
        said,
        text=f"{said.text} #{tag}",
        hashtags=(*said.hashtags, tag),
        topics=tuple(sorted({*said.topics, tag.lower()})),
    )
