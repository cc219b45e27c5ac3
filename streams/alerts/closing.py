"""Which day is over: the last one of which everything that is to come in time has come."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

GRACE = timedelta(minutes=15)
"""How long after its end a day is left open for stragglers."""
PATIENCE = timedelta(hours=6)
"""How long after its end a day is left open if nothing newer is stored: what is stored may be behind."""
_DAY = timedelta(days=1)


def last_closed(watermark: datetime | None, now: datetime) -> date | None:
    """The last day, UTC, that can be judged.

    A day is closed once it is over since `GRACE` and a later event is stored. If none comes, it is closed
    after `PATIENCE`, and the days after it are not: of these, nothing is known.

    Args:
        watermark: The newest stored event time; None where there is none.
        now: Wall-clock time.

    Returns:
        The day; None where nothing is stored.
    """
    if watermark is None:
        return None
    newest = watermark.astimezone(UTC).date()
    over = datetime.combine(newest + _DAY, time(), UTC)
    last = newest if now >= over + PATIENCE else newest - _DAY
    return min(last, (now - GRACE).astimezone(UTC).date() - _DAY)
