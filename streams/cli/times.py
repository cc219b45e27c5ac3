"""Times on the command line, and the windows between two of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from schemas.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

By = Literal["hour", "day", "week"]

STEPS: dict[By, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
MOST = 31
"""Windows of a drawing at the most, unless they are asked for."""

_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2106, 1, 1, tzinfo=UTC)


def read_time(text: str, option: str) -> datetime:
    """A time that somebody has typed: ISO 8601, UTC unless it says otherwise.

    Raises:
        BadInput: It is none, or outside of what the database can tell apart.
    """
    try:
        time = datetime.fromisoformat(text.strip())
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        problem = f"{text} is no time; write 2026-01-31, 2026-01-31T12:00 (UTC) or 2026-01-31T12:00+01:00"
        raise BadInput(problem, where=option) from None
    if not _EARLIEST <= time < _LATEST:
        raise BadInput(f"{text} is not between {_EARLIEST:%Y} and {_LATEST:%Y}", where=option)
    return time


def read_period(from_: str | None, to: str | None) -> tuple[datetime | None, datetime | None]:
    """The period between --from and --to; None where it is open.

    Raises:
        BadInput: One is no time, or the first is not before the second.
    """
    early = read_time(from_, "--from") if from_ else None
    late = read_time(to, "--to") if to else None
    if early and late and early >= late:
        raise BadInput(f"{from_} is not before --to {to}", where="--from")
    return early, late


def clipped(
    early: datetime | None, late: datetime | None, stored: tuple[datetime, datetime]
) -> tuple[datetime, datetime]:
    """The period that was asked for; an open end is where what is stored ends."""
    first = early or min(stored[0], late or stored[0])
    return first, late or max(stored[1], first)


def span(early: datetime, late: datetime) -> str:
    """A period in words."""
    return f"from {early:%Y-%m-%d %H:%M} to {late:%Y-%m-%d %H:%M}"


def fitting(early: datetime, late: datetime) -> By:
    """The shortest windows that make a short drawing of a period."""
    return next((by for by, step in STEPS.items() if (late - early) / step <= MOST), "week")


def starts(early: datetime, late: datetime, by: By) -> Iterator[datetime]:
    """Starts of the windows, UTC, that a period touches; weeks start on Monday."""
    at = early.replace(minute=0, second=0, microsecond=0)
    if by != "hour":
        at = at.replace(hour=0)
    if by == "week":
        at -= timedelta(days=at.weekday())
    while at < late:
        yield at
        at += STEPS[by]
