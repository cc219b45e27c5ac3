"""The sink on ClickHouse, over clickhouse-connect: the same for a server and for the embedded engine."""

from __future__ import annotations

import json
from itertools import compress
from typing import TYPE_CHECKING, Any, TypeVar

from schemas.event import ABOUT_OTHERS
from schemas.rows import ColumnarRows, Row
from sinks.answers import insert, query
from sinks.arrow import to_arrow
from sinks.erase import LETTERS, PURGE, erase, held, threads_with
from sinks.faults import sorted_faults
from sinks.sink import Held
from sinks.tables import (
    ACTIVITIES,
    CONVERSATIONS,
    DEAD_LETTERS,
    EPOCHS,
    FORGOTTEN,
    INTERACTIONS,
    MINUTES,
    REGISTRIES,
    REGISTRY_CHANGES,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    import pyarrow as pa
    from clickhouse_connect.driver.client import Client

    from schemas.rows import ActivityRow, EpochRow, MinuteRow, RegistryRow
    from sinks.sink import Erased, Flush

R = TypeVar("R", bound=Row)

_KEPT = (EPOCHS, FORGOTTEN, REGISTRIES)
"""What does not come from a source: a rebuild shares it with what is served."""
_READING = "reading back"
_CHUNK = 100_000
"""Bytes of keys in one query: even escaped they stay below ClickHouse's `max_query_size`, 256 KiB."""

_to_json = json.JSONEncoder(ensure_ascii=False).encode


class ClickHouseSink:
    """A `Sink` on a database that `hubbub migrate` has prepared.

    Args:
        client: A client with that database as its own.
        suffix: Stands behind the names of the tables whose rows come from a source, while they are rebuilt.
    """

    def __init__(self, client: Client, *, suffix: str = "") -> None:
        self._client = client
        self._suffix = suffix

    def write(self, flush: Flush) -> None:
        """Store the rows: one insert a table, the activities last."""
        # All of them before the first insert: a row that does not fit must not leave half a flush behind.
        converted = [
            *self._converted(FORGOTTEN, flush.forgotten),
            *self._converted(DEAD_LETTERS, flush.dead_letters),
            *self._converted(REGISTRY_CHANGES, flush.registry_changes),
            *self._converted(MINUTES, flush.minutes),
            *self._converted(CONVERSATIONS, flush.conversations),
            *self._converted(INTERACTIONS, flush.interactions),
        ]
        activities = self._converted(ACTIVITIES, flush.activities)
        for name, rows in converted:
            self._insert(name, rows)
        self._erase(flush.erased)
        for name, rows in activities:
            self._insert(name, rows)

    def threads(self, keys: Collection[tuple[str, str]]) -> Sequence[ActivityRow]:
        """All activities of some threads."""
        wanted = set(keys)
        columns = self._activities("thread", (thread for _, thread in wanted), ACTIVITIES.columns)
        is_wanted = [key in wanted for key in zip(columns["platform"], columns["thread"], strict=True)]
        if not all(is_wanted):  # another platform has a thread of that name
            columns = {name: list(compress(column, is_wanted)) for name, column in columns.items()}
        return ColumnarRows(ACTIVITIES.row, columns)

    def find(self, ids: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Which threads hold some activities."""
        wanted = set(ids)
        # Only columns of the projection: then ClickHouse reads it instead of the table.
        columns = ("seen", "thread", "platform", "id", "activity", "removed")
        # The patches of what was erased change none of them; with patches, the projection is not read.
        told = self._activities("id", (identity for _, identity in wanted), columns, patches=False)
        found = {
            (platform, identity): thread
            for _, thread, platform, identity, activity, removed in sorted(
                zip(*(told[name] for name in columns), strict=True)
            )
            if not removed and activity not in ABOUT_OTHERS
        }
        return {key: thread for key, thread in found.items() if key in wanted}

    def minutes(
        self, keys: Collection[tuple[datetime, str, str]], epoch: int, partition: int
    ) -> list[MinuteRow]:
        """Sums of some minutes as one source partition saw them."""
        pairs = ((int(minute.timestamp()), brand, platform) for minute, brand, platform in set(keys))
        where = """(minute, brand, platform) IN (
                SELECT toDateTime(k.1, 'UTC'), k.2, k.3
                FROM (SELECT arrayJoin(JSONExtract(%(keys)s, 'Array(Tuple(UInt32, String, String))')) AS k)
            ) AND source_epoch = %(epoch)s AND source_partition = %(partition)s"""
        latest = _latest(MINUTES.columns, self._name(MINUTES), where, "minute, brand, platform", "applied")
        return [
            MINUTES.row(**row)
            for chunk in _chunks(pairs)
            for row in self._read(latest, {"keys": chunk, "epoch": epoch, "partition": partition})
        ]

    def waiting(self, limit: int) -> set[tuple[str, str]] | None:
        """All threads that are named for what has not come, if they are not too many."""
        # The inner query finds the few threads that ever waited; only those are worth the FINAL.
        rows = self._read(
            f"""SELECT DISTINCT platform, thread FROM {self._name(ACTIVITIES)} FINAL
            WHERE waiting
            AND cityHash64(thread) IN (SELECT cityHash64(thread) FROM {self._name(ACTIVITIES)} WHERE waiting)
            LIMIT %(limit)s + 1""",
            {"limit": limit},
        )
        return {(row["platform"], row["thread"]) for row in rows} if len(rows) <= limit else None

    def waiting_among(self, ids: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Which ids are waited for."""
        wanted = set(ids)
        columns = ("platform", "thread", "waiting", "removed")
        told = self._activities("thread", (identity for _, identity in wanted), columns)
        rows = zip(*(told[name] for name in columns), strict=True)
        waited = {
            (platform, thread) for platform, thread, waiting, removed in rows if waiting and not removed
        }
        return waited & wanted

    def applied_marks(self, epoch: int, partition: int, after: int) -> list[int]:
        """Where earlier flushes of a partition ended."""
        rows = self._read(
            f"""SELECT DISTINCT applied FROM {self._name(MINUTES)} FINAL
            WHERE source_epoch = %(epoch)s AND source_partition = %(partition)s AND applied > %(after)s
            AND minute IN (
                SELECT minute FROM {self._name(MINUTES)}
                WHERE source_epoch = %(epoch)s AND source_partition = %(partition)s AND applied > %(after)s
            ) ORDER BY applied""",
            {"epoch": epoch, "partition": partition, "after": after},
        )
        return [row["applied"] for row in rows]

    def due(self, before: datetime, epoch: int, partition: int | None) -> list[tuple[str, str, datetime]]:
        """Threads of a partition with undecided replies that have waited long enough."""
        here = "source_epoch = %(epoch)s AND source_partition = %(partition)s"
        elsewhere = "source_epoch != %(epoch)s"
        rows = self._read(
            f"""SELECT platform, conversation, max(published) AS until FROM {self._name(INTERACTIONS)} FINAL
            WHERE direction = 'undecided' AND addressee != ''
            AND published <= fromUnixTimestamp64Micro(%(before)s)
            AND {elsewhere if partition is None else here}
            GROUP BY platform, conversation""",
            {"before": round(before.timestamp() * 1_000_000), "epoch": epoch, "partition": partition},
        )
        return [(row["platform"], row["conversation"], row["until"]) for row in rows]

    def registry_in_force(self, epoch: int, partition: int, offset: int) -> int | None:
        """The version of the registry that an offset is seen with, or None."""
        rows = self._read(
            f"""SELECT version FROM {self._name(REGISTRY_CHANGES)} FINAL
            WHERE source_epoch = %(epoch)s AND source_partition = %(partition)s
            AND source_offset <= %(offset)s
            ORDER BY source_offset DESC LIMIT 1""",
            {"epoch": epoch, "partition": partition, "offset": offset},
        )
        return next((row["version"] for row in rows), None)

    def epochs(self) -> list[EpochRow]:
        """All epochs that have begun."""
        return [EPOCHS.row(**row) for row in self._read("SELECT * FROM epochs FINAL")]

    def store_epoch(self, row: EpochRow) -> None:
        """Keep an epoch."""
        for name, rows in self._converted(EPOCHS, (row,)):
            self._insert(name, rows)

    def forgotten(self, epoch: int, partition: int, offset: int | None) -> dict[tuple[str, str], datetime]:
        """Which accounts are forgotten at an offset."""
        where = (
            "source_epoch = %(epoch)s AND source_partition = %(partition)s AND source_offset <= %(offset)s"
        )
        rows = self._read(
            f"""SELECT platform, account, max(forgotten_accounts.until) AS until FROM forgotten_accounts
            WHERE {"true" if offset is None else where} GROUP BY platform, account""",
            {"epoch": epoch, "partition": partition, "offset": offset or 0},
        )
        return {(row["platform"], row["account"]): row["until"] for row in rows}

    def held(self, platform: str, account: str, until: datetime) -> list[Held]:
        """What an account did, as far as it is not forgotten yet."""
        rows = self._read(held(self._name(ACTIVITIES)), _account(platform, account, until))
        return [Held(**row) for row in rows]

    def purge(self, platform: str, account: str, until: datetime) -> None:
        """Take what describes an account out of everything that is stored, on disk too."""
        with sorted_faults("forgetting an account"):
            for statement in PURGE:
                self._client.command(
                    statement, _account(platform, account, until), settings={"mutations_sync": 2}
                )

    def letters(self, platform: str, account: str) -> int:
        """Count the dead letters with a body that names an account as their actor."""
        (row,) = self._read(LETTERS, {"platform": platform, "account": account})
        return int(row["letters"])

    def newest_registry(self) -> RegistryRow | None:
        """The registry with the highest version, or None."""
        rows = self._read("SELECT * FROM registries FINAL ORDER BY version DESC LIMIT 1")
        return next((REGISTRIES.row(**row) for row in rows), None)

    def registry(self, version: int) -> RegistryRow | None:
        """The registry of one version, or None."""
        rows = self._read("SELECT * FROM registries FINAL WHERE version = %(version)s", {"version": version})
        return next((REGISTRIES.row(**row) for row in rows), None)

    def store_registry(self, row: RegistryRow) -> None:
        """Keep a registry."""
        for name, rows in self._converted(REGISTRIES, (row,)):
            self._insert(name, rows)

    def _activities(
        self, column: str, keys: Iterable[str], columns: Sequence[str], *, patches: bool = True
    ) -> dict[str, list[Any]]:
        where = (
            f"cityHash64({column}) IN (SELECT cityHash64(arrayJoin(JSONExtract(%(keys)s, 'Array(String)'))))"
        )
        latest = _latest(
            columns, self._name(ACTIVITIES), where, "thread, platform, id, activity, version", "seen"
        )
        latest += f" SETTINGS apply_patch_parts = {patches:d}"
        found: dict[str, list[Any]] = {name: [] for name in columns}
        for chunk in _chunks(keys):
            # The driver takes as long to quote so many keys as ClickHouse takes to find them.
            answer = query(self._client, latest % {"keys": _quoted(chunk)}, what=_READING)
            for name, values in zip(answer.column_names, answer.result_columns, strict=True):
                found[name] += values
        return found

    def _erase(self, ids: Sequence[Erased]) -> None:
        activities = self._name(ACTIVITIES)
        for keys in _chunks(ids):
            found = self._read(threads_with(activities), {"keys": keys})
            for threads in _chunks(row["thread"] for row in found):
                with sorted_faults(f"erasing from {activities}"):
                    self._client.command(erase(activities), {"threads": threads, "keys": keys})

    def read_rows(self, table: Table[R], sql: str) -> list[R]:
        """Rows of a table that a query of one's own gives.

        Args:
            table: The table.
            sql: A query for all of its columns.
        """
        return [table.row(**row) for row in self._read(sql)]

    def _name(self, table: Table[Any]) -> str:
        return table.name if table in _KEPT else table.name + self._suffix

    def _converted(self, table: Table[R], rows: Sequence[R]) -> list[tuple[str, pa.Table]]:
        """A table's name and rows as they are inserted; nothing where there are none."""
        return [(self._name(table), to_arrow(table.row, rows))] if rows else []

    def _insert(self, name: str, rows: pa.Table) -> None:
        insert(self._client, name, rows)

    def _read(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        return list(query(self._client, sql, parameters, what=_READING).named_results())


def _account(platform: str, account: str, until: datetime) -> dict[str, object]:
    return {"platform": platform, "account": account, "until": round(until.timestamp() * 1_000_000)}


def _latest(columns: Sequence[str], table: str, where: str, key: str, version: str) -> str:
    """SQL for the newest row of each key, a third cheaper than FINAL; of equals the one written last."""
    return f"""SELECT {", ".join(columns)} FROM (
            SELECT {", ".join(columns)}, _block_number FROM {table} WHERE {where}
            ORDER BY {version} DESC, _block_number DESC LIMIT 1 BY {key}
        )"""


def _chunks(keys: Iterable[object]) -> Iterator[str]:
    """Keys as JSON arrays of at most `_CHUNK` bytes: one literal, fast to parse."""
    chunk: list[str] = []
    size = 0
    for key in keys:
        text = _to_json(key)
        size += len(text.encode()) + 1
        if chunk and size > _CHUNK:
            yield f"[{','.join(chunk)}]"
            chunk, size = [], len(text.encode()) + 1
        chunk.append(text)
    if chunk:
        yield f"[{','.join(chunk)}]"


def _quoted(text: str) -> str:
    """A string literal of SQL."""
    return "'" + text.replace("\\", r"\\").replace("'", r"\'") + "'"
