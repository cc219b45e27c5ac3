"""What the alerts know of a brand's day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from streams.alerts.gaps import lost

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Counts:
    """One closed UTC day of one brand, on one platform or on all of them. All are counts, 0 or more."""

    bo: int = 0
    bc: int = 0
    decided: int = 0
    """Messages whose direction is known."""
    messages: int = 0
    """All messages, in every direction; with `decided` they make Q1."""
    inbound: int = 0
    """Messages of customers, to whomever."""
    due: int = 0
    """Exchanges whose promised time ended on that day: what R1 calls mature."""
    in_time: int = 0
    """Those of them that the brand answered in time."""
    posts: int = 0
    """Posts of the brand that became 24 hours old on that day."""
    answers: int = 0
    """Customers' messages under these posts, at any depth, within their 24 hours."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.bo + other.bo,
            self.bc + other.bc,
            self.decided + other.decided,
            self.messages + other.messages,
            self.inbound + other.inbound,
            self.due + other.due,
            self.in_time + other.in_time,
            self.posts + other.posts,
            self.answers + other.answers,
        )


@dataclass(frozen=True, slots=True)
class Day(Counts):
    """The same with its date, and whether a feed was lost that day."""

    date: date = date.min
    gap: bool = False

    @property
    def spoken(self) -> int:
        """What the brand wrote to customers or to nobody: the denominator of D1."""
        return self.bo + self.bc


def days_of(counts: Mapping[tuple[str, date], Counts], last: date) -> list[Day]:
    """A brand's days, from the first with any counts to the last closed one, without a hole.

    Args:
        counts: By platform and date; a day of which nothing is stored is not there.
        last: The last closed day; what is later is left out.

    Returns:
        The days over all platforms; none where nothing was stored up to then.
    """
    known = {key: value for key, value in counts.items() if key[1] <= last}
    if not known:
        return []
    first = min(day for _, day in known)
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    platforms = sorted({platform for platform, _ in known})
    nothing = Counts()
    by_platform = {name: [known.get((name, day), nothing) for day in dates] for name in platforms}
    silences = [lost([counts.inbound for counts in own]) for own in by_platform.values()]
    gaps = [any(silent) for silent in zip(*silences, strict=True)]
    return [
        _day(day, sum((by_platform[name][number] for name in platforms), nothing), gap=gaps[number])
        for number, day in enumerate(dates)
    ]


def _day(day: date, counts: Counts, *, gap: bool) -> Day:
    return Day(**{name: getattr(counts, name) for name in Counts.__slots__}, date=day, gap=gap)
