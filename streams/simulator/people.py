"""The accounts of the simulated world, with ids in the shape that each platform gives them."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.event import ActorKind

X, MASTODON, BLUESKY = "x", "mastodon", "bluesky"
PLATFORMS = (X, MASTODON, BLUESKY)

CUSTOMER, BOT = "customer", "bot"
"""Parties beside the brands, which go by their names."""

_FIRST = ("ada", "bo", "cleo", "dan", "eli", "fay", "gus", "hana", "ivo", "june", "kai", "lou", "mia", "ned")
_SECOND = ("bakes", "cycles", "draws", "gardens", "hikes", "knits", "paints", "reads", "rows", "sings")


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """An account and what it is while this record of it is in use."""

    platform: str
    id: str
    handle: str
    kind: ActorKind = ActorKind.PERSON
    brand: str = ""
    """The brand that it speaks for, or empty."""
    agent: str = ""
    """The human behind a brand's account, or empty."""
    followers: int = 0
    """At the start; 0 when its events do not say."""

    @property
    def party(self) -> str:
        """The brand's name, `customer` or `bot`: a brand stays a brand when it declares automation."""
        if self.brand:
            return self.brand
        return BOT if self.kind is ActorKind.SERVICE else CUSTOMER

    def is_same_side(self, other: Person) -> bool:
        """Whether a reply to the other is a reply to oneself: the same account, or the same brand's."""
        return self is other or (self.brand != "" and self.brand == other.brand)


def account_id(platform: str, handle: str, number: int) -> str:
    """An account's id: digits on X, an address on Mastodon, a DID on Bluesky."""
    if platform == X:
        return str(1_400_000_000 + number * 7919)
    if platform == MASTODON:
        return f"https://social.example/users/{handle}"
    return f"did:plc:{number * 104_729 + 10**6:024x}"


def message_id(author: Person, number: int) -> str:
    """An activity's id on the author's platform."""
    if author.platform == X:
        return str(1_930_000_000_000_000_000 + number * 4_194_304)
    if author.platform == MASTODON:
        return f"{author.id}/statuses/{115_000_000_000 + number}"
    return f"at://{author.id}/app.bsky.feed.post/3l{number:011x}"


def crowd(platform: str, size: int, *, first: int) -> list[Person]:
    """That many customers of a platform; `first` is the number of the first one's account."""
    people = []
    for number in range(first, first + size):
        handle = f"{_FIRST[number % len(_FIRST)]}_{_SECOND[number % len(_SECOND)]}_{number}"
        followers = 40 + number % 300 if number % 5 == 0 else 0
        people.append(Person(platform, account_id(platform, handle, number), handle, followers=followers))
    return people
