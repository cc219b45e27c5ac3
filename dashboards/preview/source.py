"""Where the preview's numbers come from: whoever starts it brings one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

Cell = str | int | float | bool | None


class Table(NamedTuple):
    """What a query gives, ready for JSON.

    Times are text, ISO 8601 in UTC; what is no number is None.
    """

    columns: Sequence[tuple[str, str]]
    """Name and ClickHouse's type of each."""
    rows: Sequence[Sequence[Cell]]


class Source(Protocol):
    """A database that can only be read, and by several threads at a time."""

    def table(self, sql: str) -> Table:
        """Run a query, within limits of time and rows.

        Raises:
            HubbubError: It cannot be run; the message is one line for the user, without secrets.
        """

    def newest(self) -> datetime | None:
        """When the newest message was written, aware; None while there is none.

        Raises:
            HubbubError: The database cannot tell.
        """

    def looked_at(self) -> datetime | None:
        """When a worker last wrote down how it does, aware; None while none has.

        Raises:
            HubbubError: The database cannot tell.
        """
