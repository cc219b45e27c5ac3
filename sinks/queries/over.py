"""What a query of metrics is asked for: which windows, of which brands, as of when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

Bucket = Callable[[str], str]

_DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True)
class Over:
    """The windows that a query has one row for.

    Args:
        bucket: Makes the SQL for the start of the window of that for a time.
        keys: Columns that tell the rows of one window apart: `brand`, and `platform` where it is asked for.
        watermark: SQL for how far the events are known.
        step: SQL for how long a window is; empty for one window from `early` on.
        early: SQL for when the first window starts; empty for no bound.
        late: SQL for when the last window ends; empty for no bound.
        own: Condition on the rows that are read at all, such as that of one brand.
        place: What stands before the names of tables: a quoted database and a dot, or nothing.
    """

    bucket: Bucket
    keys: tuple[str, ...]
    watermark: str
    step: str = ""
    early: str = ""
    late: str = ""
    own: str = "true"
    place: str = ""

    @property
    def by(self) -> str:
        """SQL for the keys."""
        return ", ".join(self.keys)

    @property
    def interactions(self) -> str:
        """SQL for the rows of that table."""
        return f"{self.place}interactions FINAL"

    def within(self, time: str, *, since: str = "", past: str = "") -> str:
        """SQL for whether a row is to be read that lies in the windows.

        Args:
            time: SQL for its time.
            since: SQL for an interval to read before the first window.
            past: SQL for an interval to read after the last.
        """
        return f"{self.after(time, since=since)}{self._until(time, past)}"

    def after(self, time: str, *, since: str = "") -> str:
        """SQL for whether a row is to be read that lies after the start of the windows."""
        early = f" AND {time} >= {self.early}{since and f' - {since}'}" if self.early else ""
        return f"{self.own}{early}"

    def before(self, time: str) -> str:
        """SQL for whether a row is to be read that lies before the end of the windows."""
        return f"{self.own}{self._until(time)}"

    def _until(self, time: str, past: str = "") -> str:
        return f" AND {time} < {self.late}{past and f' + {past}'}" if self.late else ""

    def inside(self, time: str) -> str:
        """SQL for whether a time lies in the windows."""
        return replace(self, own="true").within(time)

    def start(self, at: str) -> str:
        """SQL for when a window starts of which `at` is told."""
        return f"greatest({at}, {self.early})" if self.early else at

    def end(self, at: str) -> str:
        """SQL for when a window ends of which `at` is told."""
        ends = [f"{at} + {self.step}"] if self.step else []
        ends += [self.late] if self.late else []
        return f"least({', '.join(ends)})" if len(ends) > 1 else ends[0]

    def without(self, platforms: Sequence[str]) -> Self:
        """The same without the rows of some platforms."""
        return replace(self, own=f"{self.own} AND {can(platforms)}")


def can(platforms: Sequence[str]) -> str:
    """SQL for whether the platform is none of these."""
    return f"platform NOT IN ({', '.join(repr(name) for name in platforms)})" if platforms else "true"


def newest(place: str) -> str:
    """SQL for the newest event time that is stored and was not taken back, over all brands.

    Within a week of the newest row at all, so that no more than that is read.
    """
    last = f"(SELECT max(published) FROM {place}interactions)"
    return f"""assumeNotNull((
        SELECT ifNull(maxOrNull(published), {last})
        FROM {place}interactions FINAL WHERE published >= {last} - INTERVAL 7 DAY))"""


def seconds(early: str, late: str) -> str:
    """SQL for the seconds between two times, to the microsecond."""
    return f"dateDiff('microsecond', {early}, {late}) / 1e6"


def days(early: str, late: str) -> str:
    """SQL for the days between two times, to the microsecond."""
    return f"dateDiff('microsecond', toDateTime64({early}, 6), toDateTime64({late}, 6)) / {_DAY}"


COUNTS = "actor_role != 'bot' AND ifNull(addressee_role, '') != 'bot'"
"""SQL for whether a message goes into the sums: no bot is a party to it."""
OF_CUSTOMER = f"actor_role = 'customer' AND direction IS NOT NULL AND {COUNTS}"
"""SQL for a customer's message that does."""
