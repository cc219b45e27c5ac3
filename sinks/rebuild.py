"""The tables of a rebuild: filled beside those that are served, and then put in their place.

Everything that comes from a source is counted anew, in tables of the same name with a suffix. Workers go on
with those that are served. For the change-over these are closed first, by a constraint that no row meets;
what a worker has not stored by then it folds again afterwards. The new tables refuse rows of earlier epochs
for ever: not even a worker that was stalled since can write into them what it once saw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.errors import BadInput
from schemas.rows import FENCE_MARK, FORGET_MARK, SETTLE_MARK
from sinks.clickhouse import ClickHouseSink
from sinks.faults import sorted_faults
from sinks.tables import ACTIVITIES, CONVERSATIONS, DEAD_LETTERS, INTERACTIONS, MINUTES, REGISTRY_CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clickhouse_connect.driver.client import Client

    from schemas.rows import ActivityRow

_SUFFIX = "_rebuilt"
_TABLES = tuple(
    table.name
    # The activities first: whatever an interrupted change-over leaves can be rebuilt from them.
    for table in (ACTIVITIES, INTERACTIONS, CONVERSATIONS, MINUTES, REGISTRY_CHANGES, DEAD_LETTERS)
)
_BUCKET = 100_000
"""Stored activities, about, that are compared with the rebuilt ones at a time: memory is bounded by it."""
_UNDER_WAY = "another rebuild is under way; if it runs no more, begin again: hubbub rebuild --restart"


class RebuiltTables:
    """The tables of one rebuild, beside those that are served.

    Args:
        client: A client of the database.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.sink = ClickHouseSink(client, suffix=_SUFFIX)
        """Writes to them, and reads them."""

    def prepare(self) -> None:
        """Make them, empty.

        Raises:
            BadInput: They are there: another rebuild is under way, or was cut off.
        """
        with sorted_faults("preparing a rebuild"):
            if any(self._client.command(f"EXISTS TABLE {table}{_SUFFIX}") for table in _TABLES):
                raise BadInput(_UNDER_WAY, where="rebuild")
            for table in _TABLES:
                self._client.command(f"CREATE TABLE {table}{_SUFFIX} AS {table}")
                self._client.command(f"ALTER TABLE {table}{_SUFFIX} DROP CONSTRAINT IF EXISTS superseded")

    def lacking(self, size: int) -> Iterator[list[ActivityRow]]:
        """What is stored in the served tables and not in these.

        Args:
            size: Rows at a time, at the most.
        """
        identity = f"(platform, id, activity, version, if(activity = '{SETTLE_MARK}', thread, ''))"
        with sorted_faults("reading what is stored"):
            count = int(str(self._client.command("SELECT count() FROM activities")))
        buckets = 1 + count // _BUCKET
        for bucket in range(buckets):
            here = f"cityHash64(id) % {buckets} = {bucket}"
            rows = self.sink.read_rows(
                ACTIVITIES,
                f"""SELECT * FROM activities FINAL
                WHERE {here} AND activity NOT IN ('{FENCE_MARK}', '{FORGET_MARK}') AND {identity} NOT IN (
                    SELECT {identity} FROM activities{_SUFFIX} WHERE {here} AND NOT removed
                ) ORDER BY thread, id, activity, version""",
            )
            for start in range(0, len(rows), size):
                yield rows[start : start + size]

    def begin_as(self, epoch: int, anew: int) -> None:
        """Let what a topic was seen with in one epoch, registries and the forgotten, hold in another one."""
        with sorted_faults("keeping what the topic was seen with"):
            self._client.command(
                f"""INSERT INTO forgotten_accounts
                (platform, account, until, source_epoch, source_partition, source_offset)
                SELECT platform, account, until, {anew}, source_partition, source_offset
                FROM forgotten_accounts FINAL WHERE source_epoch = {epoch}"""
            )
            self._client.command(
                f"""INSERT INTO registry_changes{_SUFFIX}
                SELECT version, {anew}, source_partition, source_offset
                FROM registry_changes FINAL WHERE source_epoch = {epoch}"""
            )

    def keep_dead_letters(self, epoch: int | None, first: Mapping[int, int]) -> None:
        """Take over what was refused, but for what was read again.

        Args:
            epoch: The epoch that was read again; None when none was.
            first: The first offset of each partition that was read again.
        """
        again = " OR ".join(
            f"(source_partition = {partition} AND source_offset >= {offset})"
            for partition, offset in first.items()
        )
        with sorted_faults("keeping the dead letters"):
            self._client.command(
                f"""INSERT INTO dead_letters{_SUFFIX} SELECT * FROM dead_letters FINAL
                WHERE NOT (source_epoch = {epoch or 0} AND ({again or "false"}))"""
            )

    def close_served(self) -> None:
        """Close the tables that are served: nothing is written to them from now on."""
        with sorted_faults("closing the tables for the change-over"):
            for table in _TABLES:
                self._client.command(f"ALTER TABLE {table} ADD CONSTRAINT closed CHECK source_epoch > 65535")

    def change_over(self, epoch: int) -> None:
        """Serve these tables in place of the others.

        Args:
            epoch: The epoch of the rebuilt rows; earlier ones are refused from now on. Files have 0.
        """
        with sorted_faults("putting the rebuilt tables in place"):
            for table in _TABLES:
                self._client.command(
                    f"ALTER TABLE {table}{_SUFFIX} "
                    f"ADD CONSTRAINT superseded CHECK source_epoch = 0 OR source_epoch >= {epoch}"
                )
            for table in _TABLES:
                self._client.command(f"EXCHANGE TABLES {table} AND {table}{_SUFFIX}")

    def drop(self) -> None:
        """Drop what has the suffix - after the change-over, what was served - and open what is served."""
        with sorted_faults("dropping the tables of a rebuild"):
            for table in _TABLES:
                self._client.command(f"DROP TABLE IF EXISTS {table}{_SUFFIX}")
                self._client.command(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS closed")
