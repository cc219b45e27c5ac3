"""The alerts' tables, and the daily counts that they are judged from."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

from sinks.answers import insert, query
from sinks.arrow import to_arrow
from sinks.queries.days import COLUMNS, days
from sinks.queries.over import Over, newest
from sinks.tables import ALERT_HISTORY, ALERT_STATES
from sinks.windows import BUCKETS, SETTLED, STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from clickhouse_connect.driver.client import Client

    from schemas.rows import AlertHistoryRow, AlertStateRow
    from sinks.tables import Table

_LATE = "{late:DateTime64(6, 'UTC')}"


class AlertStore:
    """Reads and writes what the alerts need, in a database that `hubbub migrate` has prepared.

    Every method may be called again after an error, with the same arguments.

    Args:
        client: A client with that database as its own. One store is for one thread at a time.

    Raises:
        RetryLater: From every method, for a fault that may pass.
        Stop: From every method, for one that will not, such as a missing table.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def watermark(self) -> datetime | None:
        """The newest event time that is stored, over all brands; None where nothing is."""
        sql = f"SELECT if((SELECT count() FROM interactions) = 0, NULL, {newest('')}) AS newest"
        ((found,),) = self._rows(sql)
        return cast("datetime | None", found)

    def days(self, last: date) -> Iterator[tuple[str, str, date, dict[str, int]]]:
        """The counts of all days up to and including one.

        Args:
            last: A closed day, UTC.

        Yields:
            Brand, platform, day, and the counts by name; brand by brand.
        """
        late = datetime.combine(last + timedelta(days=1), time(), UTC)
        over = Over(BUCKETS["day"], ("brand", "platform"), _LATE, STEPS["day"], late=_LATE)
        columns = ", ".join(COLUMNS)
        sql = (
            f"SELECT brand, platform, toDate(at), {columns} FROM ({days(over)}) ORDER BY brand, platform, at"
        )
        for brand, platform, day, *counts in self._rows(f"{sql} SETTINGS {SETTLED}", {"late": late}):
            yield brand, platform, day, dict(zip(COLUMNS, counts, strict=True))

    def judged(self) -> date | None:
        """The newest day that was judged; None where none was."""
        ((day,),) = self._rows("SELECT maxOrNull(day) FROM alert_states FINAL")
        return cast("date | None", day)

    def states(self) -> list[AlertStateRow]:
        """What is known of each brand and alert, in their order."""
        return self._all(ALERT_STATES, "brand, alert")

    def history(self) -> list[AlertHistoryRow]:
        """Every change of a state, also those that were withdrawn, by brand, alert and day."""
        return self._all(ALERT_HISTORY, "brand, alert, day")

    def write(self, states: Sequence[AlertStateRow], history: Sequence[AlertHistoryRow]) -> None:
        """Store rows, the history first: a state whose change is not on record must not be there."""
        for table, rows in ((ALERT_HISTORY, history), (ALERT_STATES, states)):
            if rows:
                insert(self._client, table.name, to_arrow(table.row, rows))

    def _all(self, table: Table[Any], order: str) -> list[Any]:
        columns = ", ".join(table.columns)
        rows = self._rows(f"SELECT {columns} FROM {table.name} FINAL ORDER BY {order}")
        return [table.row(**dict(zip(table.columns, row, strict=True))) for row in rows]

    def _rows(self, sql: str, bound: dict[str, Any] | None = None) -> list[Any]:
        return list(query(self._client, sql, bound, what="reading for the alerts").result_rows)
