"""Views of a time range, for dashboards: the catalogue's metrics over it, by brand and platform.

They take two parameters, seconds since 1970: `since`, and `until`, which does not belong to it any more.

    SELECT * FROM pairs_between(since = 1767571200, until = 1770249600) WHERE brand = 'hearth'

`cohorts_between` has L6 of the months that begin in the range, as the view `retention` has of all.

Sums of minutes have views without parameters too, which add up each minute first: over a month of all brands
`dialogue_minutes_between` is several times as fast, and so is `dialogue_minutes_stepped_between`, which has
a row for each `step` seconds.

Neither metric nor definition is theirs: each is the query of one source of the catalogue, which the report
asks too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from clickhouse_connect.driver.binding import quote_identifier

from sinks.queries import Over, query
from sinks.queries.over import newest
from sinks.queries.retention import cohorts
from sinks.windows import BUCKETS, SETTLED, STEPS

if TYPE_CHECKING:
    from schemas.metrics import Source

WHOLE: Final[tuple[Source, ...]] = (
    "dialogue_minutes",
    "exchanges",
    "first_responses",
    "backlog",
    "pairs",
    "bonds",
    "graph",
    "crowd",
    "canned",
    "push",
    "conversations",
)
"""Sources with a view of one row a brand and platform for the whole range."""
DAILY: Final[tuple[Source, ...]] = ("exchanges", "first_responses", "backlog", "graph", "push")
"""Sources with a view of one row a brand, platform and day (UTC) in the range."""

_SINCE = "toDateTime64({since:UInt32}, 6, 'UTC')"
_UNTIL = "toDateTime64({until:UInt32}, 6, 'UTC')"
_STEPPED = "toStartOfInterval({}, toIntervalSecond({{step:UInt32}}))".format


def between(database: str) -> dict[str, str]:
    """The views' names and what each selects.

    Args:
        database: Its name, as it is.
    """
    place = f"{quote_identifier(database)}."
    whole = {f"{source}_between": query(source, _over(place)) for source in WHOLE}
    daily = {f"{source}_daily_between": query(source, _over(place, daily=True)) for source in DAILY}
    stepped = query("dialogue_minutes", replace(_over(place), bucket=_STEPPED))
    months = f"SELECT *, people / cohort_people AS rate FROM ({cohorts(_over(place, 'brand'))})"
    named = whole | daily | {"dialogue_minutes_stepped_between": stepped, "cohorts_between": months}
    return {name: f"{select} SETTINGS join_use_nulls = 1, {SETTLED}" for name, select in named.items()}


def _over(place: str, *keys: str, daily: bool = False) -> Over:
    return Over(
        bucket=BUCKETS["day"] if daily else lambda _: f"toDateTime({_SINCE}, 'UTC')",
        keys=keys or ("brand", "platform"),
        watermark=f"least({newest(place)}, {_UNTIL})",
        step=STEPS["day"] if daily else "",
        early=_SINCE,
        late=_UNTIL,
        place=place,
    )
