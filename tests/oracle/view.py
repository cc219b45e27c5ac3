"""Everything that one brand's metrics are computed from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from oracle.frames import Window, framed, within

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import polars as pl
    from oracle.seen import Seen

    from schemas.registry import Brand


@dataclass
class View:
    """One brand's rows, of all times, and the window that is asked for."""

    brand: Brand
    rows: list[Seen]
    """In order of event time and id."""
    window: Window
    watermark: datetime
    """The newest event time of all that is stored, or the end of the window if that is earlier."""

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The rows, as a dataframe."""
        return framed(self.rows)

    @cached_property
    def counted(self) -> pl.DataFrame:
        """The messages that count, of all times."""
        return self.frame.filter("counts")

    @cached_property
    def here(self) -> pl.DataFrame:
        """The messages of the window that count."""
        return self.counted.filter(within("at", self.window))

    @cached_property
    def messages(self) -> list[Seen]:
        """The messages that count, of all times."""
        return [row for row in self.rows if row.counts]

    def holds(self, time: datetime) -> bool:
        """Whether a time is in the window."""
        return self.window[0] <= time < self.window[1]

    def without(self, platforms: Iterable[str]) -> View:
        """The same with nothing of some platforms."""
        hidden = set(platforms)
        return replace(self, rows=[row for row in self.rows if row.platform not in hidden])
