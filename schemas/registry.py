"""The brand registry: which accounts are a brand's, and from when to when.

Written by people as `brands.toml`:

    [[brand]]
    name = "acme"
    reply_sla_minutes = 60
    link_domains = ["acme.example"]

    [[brand.account]]
    platform = "x"
    id = "4711"
    valid_from = 2020-01-01

    [[brand.agent]]
    name = "Ann"
    platform = "x"
    id = "4712"

    [[brand.topic]]
    name = "delivery"
    words = ["parcel", "late", "courier"]
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.event import Identifier, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ALWAYS = datetime.min.replace(tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)


class _Entry(BaseModel):
    # Unlike an event, a registry is written by hand: a key that we do not know is a typing error.
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Account(_Entry):
    """An account that speaks for a brand on one platform, from `valid_from` until before `valid_to`."""

    platform: Annotated[str, Field(min_length=1, max_length=64)]
    id: Identifier
    """The account's id, as the events name it."""
    valid_from: Moment | None = None
    valid_to: Moment | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to <= self.valid_from:
            raise PydanticCustomError(
                "empty_period", "valid_to is not later than valid_from", {"at": ("valid_to",)}
            )
        return self

    @property
    def period(self) -> tuple[datetime, datetime]:
        """Start and end, open ends filled in."""
        return self.valid_from or ALWAYS, self.valid_to or FOREVER


class Agent(Account):
    """A person with an account of their own who speaks for the brand."""

    name: Annotated[str, Field(min_length=1)]
    """The name that customers see."""


class Topic(_Entry):
    """Something that a brand wants to hear of."""

    name: Annotated[str, Field(min_length=1, max_length=256)]
    words: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]
    """Words and phrases that tell of it; case does not matter."""


class Brand(_Entry):
    """One brand, the accounts that are it, and what it promises."""

    name: Annotated[str, Field(min_length=1, max_length=256)]
    reply_sla_minutes: Annotated[int, Field(gt=0)] = 60
    """Minutes within which a customer is to be answered."""
    link_domains: tuple[str, ...] = ()
    """Domains that are the brand's own."""
    campaign_tags: tuple[str, ...] = ()
    """Hashtags of the brand's campaigns, without the #: a broadcast that carries one asks for something."""
    account: tuple[Account, ...] = ()
    agent: tuple[Agent, ...] = ()
    topic: tuple[Topic, ...] = ()

    @cached_property
    def topic_words(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What tells of each topic, by the topic's name."""
        return tuple((topic.name, topic.words) for topic in self.topic)

    def voices(self) -> Iterator[Account]:
        """Accounts and agents alike."""
        yield from self.account
        yield from self.agent

    def placed_voices(self) -> Iterator[tuple[tuple[str, int], Account]]:
        """Accounts and agents alike, each with where it stands within the brand."""
        yield from ((("account", number), account) for number, account in enumerate(self.account))
        yield from ((("agent", number), agent) for number, agent in enumerate(self.agent))


class Registry(_Entry):
    """All brands that are tracked."""

    brand: tuple[Brand, ...] = ()

    @model_validator(mode="after")
    def _names_and_accounts_are_told_apart(self) -> Self:
        names: set[str] = set()
        taken: dict[tuple[str, str], list[tuple[datetime, datetime, str]]] = defaultdict(list)
        for number, brand in enumerate(self.brand):
            if brand.name in names:
                raise PydanticCustomError(
                    "twice",
                    "the brand {name} is there twice",
                    {"name": brand.name, "at": ("brand", number, "name")},
                )
            names.add(brand.name)
            for place, voice in brand.placed_voices():
                start, end = voice.period
                for other_start, other_end, owner in taken[voice.platform, voice.id]:
                    if start < other_end and other_start < end:
                        raise PydanticCustomError(
                            "twice",
                            "the account {account} on {platform} is {one}'s and {other}'s at the same time",
                            {
                                "account": voice.id,
                                "platform": voice.platform,
                                "one": owner,
                                "other": brand.name,
                                "at": ("brand", number, *place, "id"),
                            },
                        )
                taken[voice.platform, voice.id].append((start, end, brand.name))
        return self

    @cached_property
    def _periods(self) -> dict[tuple[str, str], list[tuple[datetime, datetime, str, str]]]:
        periods: dict[tuple[str, str], list[tuple[datetime, datetime, str, str]]] = defaultdict(list)
        for brand in self.brand:
            for voice in brand.voices():
                agent = voice.name if isinstance(voice, Agent) else ""
                periods[voice.platform, voice.id].append((*voice.period, brand.name, agent))
        return dict(periods)

    @cached_property
    def by_name(self) -> Mapping[str, Brand]:
        """All brands, by their names."""
        return {brand.name: brand for brand in self.brand}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all brands."""
        return frozenset(brand.name for brand in self.brand)

    def knows(self, platform: str, account: str) -> bool:
        """Whether an account speaks for a brand at any time."""
        return (platform, account) in self._periods

    def voice(self, platform: str, account: str, at: datetime) -> tuple[str, str] | None:
        """The brand that an account speaks for at a time, and its agent's name or an empty string."""
        for start, end, brand, agent in self._periods.get((platform, account), ()):
            if start <= at < end:
                return brand, agent
        return None

    def brand_of(self, platform: str, account: str, at: datetime) -> str | None:
        """The name of the brand that an account speaks for at a time, if any."""
        voice = self.voice(platform, account, at)
        return voice[0] if voice else None

    def merged(self, other: Registry) -> Registry:
        """This registry with the other's brands added; of a brand that both have, the other's is taken."""
        kept = (brand for brand in self.brand if brand.name not in other.names)
        return Registry(brand=tuple(sorted((*kept, *other.brand), key=lambda brand: brand.name)))

    def to_json(self) -> str:
        """As JSON, the same text for the same registry."""
        return self.model_dump_json(exclude_defaults=True)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the JSON, hex."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def of_names(cls, platform: str, names: Iterable[str]) -> Registry:
        """One brand a name, with an account of that id: for sources that tell brands by their names."""
        return cls(
            brand=tuple(
                Brand(name=name, account=(Account(platform=platform, id=name),))
                for name in sorted(set(names))
            )
        )
