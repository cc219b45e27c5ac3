"""What a browser asks a panel for: a time range, room for so many points, and values of the variables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from dashboards.macros import ALL
from dashboards.preview.interval import bucket, duration
from schemas.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

_VARIABLE = "var-"
_POINTS = 500
_MOST_POINTS = 4000
_MOST_VALUES = 200
_LONGEST_VALUE = 500


class Scope(NamedTuple):
    """What a query is expanded with."""

    start: datetime
    end: datetime
    points: int
    variables: Mapping[str, Sequence[str] | str]

    def of_panel(self, time_from: str) -> Scope:
        """The same in a panel with a time range of its own.

        Args:
            time_from: Its length, such as `28d`, up to the end of the dashboard's; empty: it has none.
        """
        length = duration(time_from.removeprefix("now-")) if time_from else None
        return self._replace(start=self.end - length) if length else self

    def interval(self, least: str = "") -> timedelta:
        """The width of a bucket, at the least the panel's own."""
        return bucket(self.end - self.start, self.points, least)


def read_scope(given: Sequence[tuple[str, str]]) -> Scope:
    """Read the parameters of a request: `from` and `to` in ms, `points`, and `var-NAME` once for each value.

    Raises:
        BadInput: One of them makes no sense.
    """
    plain = {name: value for name, value in given if not name.startswith(_VARIABLE)}
    start, end = (_moment(plain, name) for name in ("from", "to"))
    if start >= end:
        raise BadInput("is not before the end of the time range", where="from")
    chosen: dict[str, list[str]] = {}
    for name, value in given:
        if name.startswith(_VARIABLE):
            if len(value) > _LONGEST_VALUE:
                raise BadInput("is too long", where=name)
            chosen.setdefault(name.removeprefix(_VARIABLE), []).append(value)
    for name, values in chosen.items():
        if len(values) > _MOST_VALUES:
            raise BadInput(f"has more than {_MOST_VALUES} values", where=f"{_VARIABLE}{name}")
    points = min(max(_whole(plain, "points", _POINTS), 1), _MOST_POINTS)
    return Scope(start, end, points, {name: _value(values) for name, values in chosen.items()})


def _value(values: list[str]) -> Sequence[str] | str:
    if ALL in values:
        return ALL
    return values[0] if len(values) == 1 else values


def _moment(plain: Mapping[str, str], name: str) -> datetime:
    try:
        return datetime.fromtimestamp(_whole(plain, name) / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        raise BadInput("is no time", where=name) from None


def _whole(plain: Mapping[str, str], name: str, otherwise: int | None = None) -> int:
    try:
        return int(plain[name])
    except KeyError:
        if otherwise is None:
            raise BadInput("is missing", where=name) from None
        return otherwise
    except ValueError:
        raise BadInput("is no whole number", where=name) from None
