"""The metrics of brands over a period, read from the database."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from schemas.errors import BadInput
from schemas.metrics import CATALOGUE
from schemas.rows import SUMS
from sinks.clickhouse import ClickHouseSink
from sinks.faults import sorted_faults
from sinks.report import read_report
from streams.registries import newest_registry

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from streams.cli.times import By

_TIMES = {"dialogue_minutes": "minute", "interactions": "published", "conversations": "started_at"}
_LISTED = 10


@dataclass(frozen=True)
class Figures:
    """One brand over one window."""

    brand: str
    at: datetime
    """Start of the window."""
    metrics: dict[str, float | None]
    """By column, in the order of the catalogue."""
    sums: dict[str, int]

    @property
    def messages(self) -> int:
        """All messages, decided or not."""
        return sum(self.sums[name] for name in ("bo", "bc", "cb", "cc", "co", "bx", "cx", "undecided"))


def read_figures(
    client: Client, period: tuple[datetime, datetime], by: By | None = None, brand: str = ""
) -> list[Figures]:
    """Figures of each brand, by brand and time.

    Args:
        client: The database.
        period: From when until before when.
        by: The windows; None for one over the whole period.
        brand: Of this brand only.
    """
    with sorted_faults("reading the metrics"):
        rows = read_report(client, period, by, brand)
    return [
        Figures(
            brand=row["brand"],
            at=row["at"],
            metrics={metric.column: _known(row[metric.column]) for metric in CATALOGUE},
            sums={name: int(row[name]) for name in SUMS},
        )
        for row in rows
    ]


def stored_period(client: Client, brand: str = "") -> tuple[datetime, datetime] | None:
    """From the first stored minute, of a brand or of all, to the end of the last; None when there is none."""
    parts = " UNION ALL ".join(
        f"SELECT min({time}) AS early, max({time}) AS late, count() AS rows "
        f"FROM {table} FINAL WHERE {{brand:String}} IN ('', brand)"
        for table, time in _TIMES.items()
    )
    with sorted_faults("looking what is stored"):
        result = client.query(
            f"SELECT min(early), max(late), count() FROM ({parts}) WHERE rows > 0",
            {"brand": brand},
            tz_mode="aware",
        )
    early, late, tables = result.result_rows[0]
    if not tables:
        return None
    early, late = (time.replace(tzinfo=UTC, second=0, microsecond=0) for time in (early, late))
    return early, late + timedelta(minutes=1)


def check_brand(client: Client, brand: str) -> None:
    """See whether a brand is known.

    Raises:
        BadInput: It is neither in the registry nor in the tables.
    """
    with sorted_faults("looking which brands there are"):
        stored = client.query("SELECT DISTINCT brand FROM dialogue_minutes").result_rows
    known = {row[0] for row in stored} | newest_registry(ClickHouseSink(client)).names
    if brand in known:
        return
    like = get_close_matches(brand, known, n=1) or [name for name in known if name.lower() == brand.lower()]
    some = ", ".join(sorted(known)[:_LISTED]) + (", ..." if len(known) > _LISTED else "")
    advice = f"do you mean {like[0]}?" if like else f"there are {some}" if known else "there are none yet"
    raise BadInput(f"no brand {brand}; {advice}", where="--brand")


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)
