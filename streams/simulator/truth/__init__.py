"""What is true of the simulated world, told from what the generator meant. No code of the pipeline is used.

records ─▶ seen (what each brand sees) ─┬─▶ sums, by the day ─▶ ratios
                                        └─▶ community, care, pairs, shares, voices, market
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from streams.simulator.measures import Values, over, ratios
from streams.simulator.truth.care import care
from streams.simulator.truth.community import community
from streams.simulator.truth.market import leaving, market, share_of_voice
from streams.simulator.truth.pairs import bonds
from streams.simulator.truth.seen import View, direction, look, moment
from streams.simulator.truth.shares import shares
from streams.simulator.truth.span import Span
from streams.simulator.truth.sums import SUMS, book
from streams.simulator.truth.voices import canned, social_marketers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.simulator.records import Reaction, Thread

__all__ = ["SUMS", "Account", "Span", "direction", "tell"]

SLA = timedelta(hours=1)
_EARLY, _LATE = (datetime(year, 1, 1, tzinfo=UTC) for year in (2004, 2100))


@dataclass
class Account:
    """What is known of one brand over a window."""

    view: View
    span: Span
    sla: timedelta
    voice: float | None
    """Its share among all brands."""
    sums: Counter[str] = field(default_factory=Counter)
    by_day: defaultdict[date, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Of all days, before the window too."""

    def __post_init__(self) -> None:
        for what, time, count in book(self.view):
            self.by_day[time.date()][what] += count
            if time in self.span:
                self.sums[what] += count

    def values(self) -> Values:
        """Every metric over the window."""
        return {
            **ratios(self.sums),
            **self._participation(),
            **community(self.view, self.span),
            **care(self.view, self.span, self.sla),
            **bonds(self.view, self.span),
            **shares(self.view, self.span),
            **canned(self.view, self.span),
            **social_marketers(self.view, self.span),
            **market(self.view, self.span),
            **leaving(self.view, self.span, self._followers()),
            "share_of_voice": self.voice,
            # No platform of this world tells how often something was shown.
            "engagement_rate": None,
        }

    def _participation(self) -> Values:
        messages = [message for message in self.view.by_customers() if message.time in self.span]
        people = {(message.author.platform, message.author.id) for message in messages}
        followers = self._followers()
        known = {platform for platform, _ in people} <= set(followers)
        return {
            "participants": float(len(people)),
            "participation_rate": over(len(people), sum(followers.values())) if known else None,
        }

    def _followers(self) -> dict[str, int]:
        """By platform: what was last told of each of the brand's accounts. Messages to bots tell it too."""
        told = {}
        messages = [message for room in self.view.rooms for message in room.live]
        for message in sorted(messages, key=moment):
            own = message.author.brand == self.view.brand and message.time < self.span.end
            if own and message.followers is not None:
                told[message.author.platform, message.author.id] = message.followers
        followers: Counter[str] = Counter()
        for (platform, _), count in told.items():
            followers[platform] += count
        return dict(followers)


def tell(
    brands: Iterable[str],
    threads: Iterable[Thread],
    reactions: Iterable[Reaction] = (),
    window: tuple[datetime, datetime] = (_EARLY, _LATE),
    sla: timedelta = SLA,
) -> dict[str, Account]:
    """The account of each brand.

    Args:
        brands: Their names.
        threads: All that was said.
        reactions: All that was done beside.
        window: From when until before when.
        sla: Within which time each of them promises an answer.
    """
    views = look(brands, threads, reactions)
    times = [message.time for view in views.values() for room in view.rooms for message in room.live]
    times += [reaction.time for view in views.values() for reaction in view.reactions]
    span = Span(*window, min(max(times, default=window[0]), window[1]))
    voices = share_of_voice(views, span)
    return {name: Account(view, span, sla, voices[name]) for name, view in views.items()}
