"""The window in which something is looked for, and up to when anything is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)
SNAPSHOT = timedelta(days=28)
"""What the domain calls a period: earlier ones end where a window begins."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until before `end`; nothing later than `watermark` is known."""

    start: datetime
    end: datetime
    watermark: datetime

    def __contains__(self, time: datetime) -> bool:
        return self.start <= time < self.end

    @property
    def days(self) -> float:
        """Its length."""
        return (self.end - self.start) / DAY
