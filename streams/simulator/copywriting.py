"""What brands say: broadcasts, ready-made answers, and answers that somebody wrote for one customer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streams.simulator.chatter import tagged
from streams.simulator.said import Said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

MANNERS = (" ^{}", " - {}", " /{}")
"""How people sign."""
_NEWS = ("Our spring range is here.", "New in the shop today: the tall one.", "We have painted the old mill.")
_STORIES = (
    "This is the bench on which it is made.",
    "Monday morning in the workshop.",
    "Nine years of lids.",
)
_READY = {
    "hours": "Our shop on the market square is open from Monday to Saturday between {0} and {1} every week.",
    "update": "Hold the grey button for {0} seconds until the lamp turns blue and then start it once more.",
    "returns": "Put the box with its label {0} onto the counter and the clerk prints a slip for the drawer.",
}
_DEFLECTIONS = {
    "number": "Please send us a DM with your order number, reference {0}.",
    "details": "Please DM us your email address and ticket {0}.",
}
_SHORT = ("You are welcome!", "Noted.", "See you then!")
_FOREIGN = (Said("Det står på baksidan.", "sv"), Said("裏面に書いてあります。", "ja"))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_VERBS = _words("turn lift push slide press wipe hold move fold roll twist pull shift place drop")
_THINGS = _words(
    "lid valve hose hinge drawer knob spring gasket spout dial lever tray rail bracket latch nozzle plug "
    "sieve shaft washer panel sleeve funnel clip wheel socket handle frame"
)
_WAYS = _words("sideways upward inward outward backward twice gently halfway fully slowly downward evenly")
_COLOURS = _words("grey blue white brown yellow silver orange violet beige purple")


def broadcast(rng: Random, brand: str, *, links: float, tag: str, signature: str) -> Said:
    """A post to nobody.

    Args:
        rng: Where chance comes from.
        brand: Whose it is.
        links: Share with a link; half as many have the campaign's tag.
        tag: The campaign's tag.
        signature: Who signs it, or empty.
    """
    chance = rng.random()
    if chance < links:
        url = f"https://{brand}.example/news/{rng.randint(1, 99)}"
        said = Said(f"{rng.choice(_NEWS)} {url}", asks=True, urls=(url,) if rng.random() < 0.8 else ())  # noqa: PLR2004
    elif chance < links * 1.5:
        said = replace(tagged(Said(rng.choice(_NEWS)), tag), asks=True)
    else:
        said = Said(rng.choice(_STORIES))
    # Behind a link or a tag the other manners are easily taken for a part of it.
    return signed(rng, said, signature, (" ^{}",))


def answer(rng: Random, *, deflects: float, ready: float, signature: str) -> Said:
    """What a brand says to a customer.

    Args:
        rng: Where chance comes from.
        deflects: Share that only sends to a direct message.
        ready: Share of the rest that is ready-made.
        signature: Who signs it, or empty.
    """
    chance = rng.random()
    number = rng.randint(2, 9)
    if rng.random() < deflects:
        name = rng.choice(list(_DEFLECTIONS))
        text = _DEFLECTIONS[name].format(rng.randint(1000, 99_999))
        said = Said(text, deflects=True, template=name)
    elif rng.random() < ready:
        name = rng.choice(list(_READY))
        said = Said(_READY[name].format(number, number + rng.randint(1, 9)), template=name)
    elif chance < 0.03:  # noqa: PLR2004
        return rng.choice(_FOREIGN)
    elif chance < 0.12:  # noqa: PLR2004
        said = Said(rng.choice(_SHORT))
    else:
        said = Said(_advice(rng))
    return signed(rng, said, signature)


def signed(rng: Random, said: Said, signature: str, manners: Sequence[str] = MANNERS) -> Said:
    """The same with a signature, if there is one, in one of some manners."""
    if not signature:
        return said
    form = rng.choice(manners)
    return replace(said, text=said.text + form.format(signature), signature=signature)


def _advice(rng: Random) -> str:
    """So many words are drawn that no two of them are nearly the same."""
    verbs, things = rng.sample(_VERBS, 3), rng.sample(_THINGS, 5)
    ways, colours = rng.sample(_WAYS, 3), rng.sample(_COLOURS, 2)
    return (
        f"It is the {colours[0]} {things[0]}: {verbs[0]} {things[1]} {ways[0]}, {verbs[1]} the {colours[1]} "
        f"{things[2]} {ways[1]}, then {verbs[2]} {things[3]} {ways[2]} against the {things[4]}."
    )
