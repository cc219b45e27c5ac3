"""Who the brands are and how they behave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from schemas.event import ActorKind
from schemas.registry import Topic
from streams.simulator.people import BLUESKY, MASTODON, X

START = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday."""
WEEKS = 8
"""How long the drift takes."""

WEEKDAYS = (1.1, 1.15, 1.15, 1.1, 1.0, 0.75, 0.7)
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 12, 12, 11, 10, 10, 11, 13, 14, 12, 8, 4, 2)

Pair: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a brand behaves. A pair is the value in the first and in the last week, with a line between."""

    name: str
    platforms: tuple[str, str]
    posts: Pair
    """Posts a day, over both platforms."""
    answers: Pair
    """Share of what customers say to it that it answers."""
    median: float
    """Median seconds to an answer."""
    interest: float
    """Customers who answer a post."""
    openings: float
    """Customers' posts about it a day, over both platforms."""
    followers: int
    """Of each main account at the start."""
    sour: Pair
    """Share of the customers' answers to its posts that complain."""
    deflects: Pair
    """Share of its answers that only send to a direct message."""
    ready: Pair
    """Share of the others that are ready-made."""
    links: Pair
    """Share of its posts with a link; half as many have the campaign's tag."""
    gives: Pair
    """Share of the customers' messages that it likes or passes on."""
    generators: tuple[str | None, ...]
    """Programs with which it writes; none: the platform does not say."""
    campaign: str
    """The hashtag of its campaign."""
    signs: float = 0.0
    """Share of its messages that are signed."""
    desk: tuple[str, ...] = ()
    """Who signs for the main account."""
    trending: bool = False
    """Whether a hashtag rises around it towards the end."""
    kind: ActorKind = ActorKind.ORGANIZATION

    def posts_on(self, day: int) -> float:
        """Posts on a day, before the weekly rhythm."""
        return _between(self.posts, day)

    def answers_on(self, day: int) -> float:
        """Share answered on a day."""
        return _between(self.answers, day)

    def sour_on(self, day: int) -> float:
        """Share of complaints on a day."""
        return _between(self.sour, day)

    def deflects_on(self, day: int) -> float:
        """Share of deflections on a day."""
        return _between(self.deflects, day)

    def ready_on(self, day: int) -> float:
        """Share of ready-made answers on a day."""
        return _between(self.ready, day)

    def links_on(self, day: int) -> float:
        """Share of posts with a link on a day."""
        return _between(self.links, day)

    def gives_on(self, day: int) -> float:
        """Share of customers' messages that it likes or passes on, on a day."""
        return _between(self.gives, day)


def _between(pair: Pair, day: int) -> float:
    first, last = pair
    return first + (last - first) * max(0, min(day // 7, WEEKS - 1)) / (WEEKS - 1)


BROADCASTER = Manner(
    "clarion",
    (X, MASTODON),
    posts=(13, 13),
    answers=(0.09, 0.09),
    median=6 * 3600,
    interest=1.0,
    openings=8,
    followers=12_000,
    sour=(0.3, 0.3),
    deflects=(0.5, 0.5),
    ready=(0.7, 0.7),
    links=(0.5, 0.5),
    gives=(0.01, 0.01),
    generators=("SocialSuite", "Hootsuite Inc.", "Buffer"),
    campaign="ClarionDays",
    kind=ActorKind.SERVICE,
)
CONVERSATIONALIST = Manner(
    "hearth",
    (X, BLUESKY),
    posts=(6, 6),
    answers=(0.99, 0.99),
    median=600,
    interest=3.0,
    openings=13,
    followers=5_000,
    sour=(0.05, 0.05),
    deflects=(0.02, 0.02),
    ready=(0.08, 0.08),
    links=(0.15, 0.15),
    gives=(0.15, 0.15),
    generators=("Twitter Web App", "Twitter for iPhone", None),
    campaign="AtTheHearth",
    signs=0.6,
    desk=("Ida", "Max"),
    trending=True,
)
DRIFTER = Manner(
    "ember",
    (MASTODON, BLUESKY),
    posts=(6, 15),
    answers=(0.75, 0.05),
    median=1800,
    interest=1.6,
    openings=9,
    followers=3_000,
    sour=(0.08, 0.45),
    deflects=(0.05, 0.4),
    ready=(0.1, 0.5),
    links=(0.2, 0.6),
    gives=(0.1, 0.01),
    generators=("Web", "Buffer", None),
    campaign="EmberSale",
    signs=0.3,
    desk=("Zoe", "Tom"),
)
SKILLS = {"Ann": 0.75, "Noor": 0.3, "Ida": 0.5, "Max": 0.2, "Zoe": 0.6, "Tom": 0.25}
"""How often a customer whom one of them answers comes back."""
TOPICS = (
    Topic(name="delivery", words=("parcel", "courier")),
    Topic(name="battery", words=("battery",)),
)
"""What all brands want to hear of."""
MANNERS = (BROADCASTER, CONVERSATIONALIST, DRIFTER)
"""Every two of them meet on one platform."""
