"""The database for the preview of the dashboards: only for reading, and within limits."""

from __future__ import annotations

import json
import re
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dashboards.preview.source import Table
from schemas.errors import HubbubError, Stop
from sinks.faults import sorted_faults

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clickhouse_connect.driver.client import Client

    from schemas.settings import Settings

LIMITS = {
    "readonly": "2",  # a query may bring settings, and change nothing else
    "max_execution_time": "20",
    "max_result_rows": "20000",
    "max_result_bytes": "50000000",
    "result_overflow_mode": "throw",
}
_FORM = {
    "date_time_output_format": "iso",
    "session_timezone": "UTC",
    "output_format_json_quote_64bit_integers": "0",
    "output_format_json_quote_denormals": "0",  # NaN is null
    "output_format_json_quote_decimals": "0",
}

_NEWEST = """
    SELECT toUnixTimestamp(maxOrNull(published)) FROM interaction_facts
    WHERE published >= (SELECT max(published) FROM interactions) - INTERVAL 7 DAY"""
"""Within a week of the newest row that may have been taken back, so that no more than that is read."""
_LOOKED_AT = "SELECT toUnixTimestamp(maxOrNull(looked_at)) FROM pipeline_minutely"

_AROUND = re.compile(
    r"Received ClickHouse exception, code: \d+, server response: "
    r"|Code: \d+\. DB::Exception: "
    r"| \(for url [^)]*\)"
)
"""What the driver and the server wrap around what is wrong."""


class ReadOnly:
    """A database to look at, for `dashboards.preview`.

    Args:
        client: Of a server, or of the HTTP front of the embedded engine; threads may share it.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        fixed = {name for name, setting in client.server_settings.items() if setting.readonly}
        # Who may only read anyway cannot set these: then its profile says how long a query may take.
        self._settings = {name: value for name, value in (_FORM | LIMITS).items() if name not in fixed}

    def table(self, sql: str) -> Table:
        """Run a query.

        Raises:
            HubbubError: It cannot be run, takes too long or gives too much.
        """
        try:
            with sorted_faults("the query failed"):
                said = self._client.raw_query(sql, fmt="JSONCompact", settings=self._settings)
        except HubbubError as error:
            raise type(error)(_AROUND.sub("", str(error))) from None
        try:
            answer = json.loads(said)
            columns = [(column["name"], column["type"]) for column in answer["meta"]]
        except (ValueError, KeyError, TypeError):
            raise Stop("the query gives no table") from None
        return Table(columns, answer["data"])

    def newest(self) -> datetime | None:
        """When the newest message was written."""
        return self._moment(_NEWEST)

    def looked_at(self) -> datetime | None:
        """When a worker last wrote down how it does."""
        return self._moment(_LOOKED_AT)

    def _moment(self, sql: str) -> datetime | None:
        ((seconds,),) = self.table(sql).rows
        return None if seconds is None else datetime.fromtimestamp(int(str(seconds)), UTC)


@contextmanager
def open_read_only(settings: Settings, data: Path | None) -> Iterator[ReadOnly]:
    """The configured server, or what is in a folder; other commands may use the folder meanwhile.

    Args:
        settings: Name the server and the database.
        data: Folder of an embedded database; served by a `hubbub up` or not. None for the server.

    Raises:
        Stop: The database is not there, cannot be reached, or another process holds its folder.
    """
    from sinks.connect import connect
    from streams.cli.database import shared

    with shared(settings, data) as there, closing(connect(there)) as client:
        yield ReadOnly(client)
