"""What is written down of the pipeline itself: minutes of workers, parts of tables, runs of reconcile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sinks.answers import insert
from sinks.arrow import to_arrow
from sinks.faults import sorted_faults
from sinks.tables import RECONCILE_RUNS, STORAGE_MINUTES, WORKER_MINUTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

    from schemas.rows import ReconcileRow, WorkerMinuteRow

# system.tables needs no grant: it shows what its reader may see anyway.
_STORAGE = f"""INSERT INTO {STORAGE_MINUTES.name} ({", ".join(STORAGE_MINUTES.columns)})
    SELECT
        toStartOfMinute(fromUnixTimestamp64Micro({{now:Int64}}, 'UTC')), name,
        fromUnixTimestamp64Micro({{now:Int64}}, 'UTC'),
        ifNull(active_parts, 0), ifNull(total_rows, 0), ifNull(total_bytes, 0),
        toDateTime({{kept_until:UInt32}}, 'UTC')
    FROM system.tables WHERE database = currentDatabase() AND endsWith(engine, 'MergeTree')"""


class VitalsTables:
    """Writes down how workers and tables do. Beside a sink on the same client, from any thread.

    Args:
        client: A client of a database that is migrated.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def write(self, minutes: Sequence[WorkerMinuteRow]) -> None:
        """Store minutes of a worker, and how much the tables hold in the last of them.

        Writing the same minutes again, with as much or more in them, is harmless.

        Args:
            minutes: At least one, in order.

        Raises:
            RetryLater: The database cannot take them now.
            Stop: It never will: it lacks the tables, or we the right.
        """
        insert(self._client, WORKER_MINUTES.name, to_arrow(WORKER_MINUTES.row, minutes))
        newest = minutes[-1]
        with sorted_faults(f"writing to {STORAGE_MINUTES.name}"):
            self._client.command(
                _STORAGE,
                {
                    "now": round(newest.looked_at.timestamp() * 1_000_000),
                    "kept_until": int(newest.kept_until.timestamp()),
                },
            )


def record_reconcile(client: Client, run: ReconcileRow) -> None:
    """Store what a comparison has found.

    Raises:
        RetryLater: The database cannot take it now.
        Stop: It never will: it lacks the table, or we the right.
    """
    insert(client, RECONCILE_RUNS.name, to_arrow(RECONCILE_RUNS.row, [run]))
