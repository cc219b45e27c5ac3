"""The alerts judged: what is read, what is made of it, what is written. Only this knows the store."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.alerts.closing import last_closed
from streams.alerts.course import RULES, course
from streams.alerts.days import Counts, days_of
from streams.alerts.ledger import entries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from schemas.rows import AlertHistoryRow, AlertStateRow
    from sinks.alerts import AlertStore
    from streams.alerts.course import Course
    from streams.alerts.days import Day
    from streams.alerts.ledger import Entries


@dataclass(frozen=True)
class Found:
    """What was read for one day's evaluation."""

    day: date
    """The last closed day."""
    brands: Mapping[str, Sequence[Day]]
    states: Sequence[AlertStateRow]
    history: Sequence[AlertHistoryRow]
    """What is stored."""


def closed_day(store: AlertStore, now: datetime) -> date | None:
    """The last day that can be judged; None where nothing is stored."""
    return last_closed(store.watermark(), now)


def find(store: AlertStore, day: date) -> Found:
    """Read what is needed to judge the days up to one.

    Args:
        store: The database.
        day: A closed day.

    Raises:
        RetryLater: It cannot be read now.
    """
    counts: defaultdict[str, dict[tuple[str, date], Counts]] = defaultdict(dict)
    for brand, platform, at, told in store.days(day):
        counts[brand][platform, at] = Counts(**told)
    brands = {brand: days_of(own, day) for brand, own in counts.items()}
    return Found(
        day, {brand: days for brand, days in brands.items() if days}, store.states(), store.history()
    )


def courses(found: Found) -> dict[tuple[str, str], Course]:
    """What every alert said of every brand, by brand and alert. Takes 0.1 ms a day, brand and alert."""
    return {
        (brand, rule.alert.id): course(days, rule) for brand, days in found.brands.items() for rule in RULES
    }


def judge(found: Found, now: datetime) -> Entries:
    """The rows that differ from what is stored.

    Args:
        found: What was read.
        now: Wall-clock time.
    """
    return entries(courses(found), found.states, found.history, now)


def evaluate(store: AlertStore, day: date, now: datetime) -> Entries:
    """Judge all days up to one, and store what is new. Doing so twice does nothing more.

    Args:
        store: The database.
        day: The last closed day.
        now: Wall-clock time.

    Returns:
        What was written.

    Raises:
        RetryLater: The database does not answer now.
    """
    told = judge(find(store, day), now)
    store.write(*told)
    return told
