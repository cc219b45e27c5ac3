"""ClickHouse's errors, sorted by what to do about them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from clickhouse_connect.driver.exceptions import ClickHouseError
from urllib3.exceptions import HTTPError, MaxRetryError

from schemas.errors import RetryLater, Stop, Superseded

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEMA = frozenset({8, 16, 36, 47, 53, 60, 70, 81})
"""No such column, table or database, or one of another type."""
ACCESS = frozenset({192, 193, 194, 497, 516})
"""Unknown user, wrong or missing password, no right to do it."""
_CROWDED = frozenset({201, 202, 203, 241, 243, 252, 439, 473, 745})
"""Too much of something: quota, queries, connections, memory, disk, parts, threads, locks, load. It lasts."""
_VIOLATED = 469
"""A constraint: the tables are closed for a change-over, or were rebuilt since."""
_MISTAKE = frozenset({46, 50, 62, 115})
"""Unknown function, type or setting, syntax error: the same statement fails for ever."""

NOT_CLICKHOUSE = "NOT_CLICKHOUSE"
"""The cause when something else answers, such as a proxy that has lost its server."""
_NETWORK = "NETWORK"

_LONGEST = 300
"""Characters of ClickHouse's own words that are passed on."""


@contextmanager
def sorted_faults(what: str) -> Iterator[None]:
    """Turn ClickHouse's errors into the reaction that they ask for.

    What is not known to be permanent is taken as passing: waiting loses nothing.

    Args:
        what: What is being done, such as `writing to interactions`; it begins the message.

    Raises:
        RetryLater: The fault may pass.
        Superseded: What is to be written is out of date.
        Stop: It will not.
    """
    try:
        yield
    except (OSError, HTTPError) as error:
        raise RetryLater(f"{what}: {in_short(error)}", cause=_NETWORK) from error
    except ClickHouseError as error:
        code = getattr(error, "code", None)
        message = f"{what}: {in_short(error)}"
        if code == _VIOLATED:
            raise Superseded(f"{what}: the tables are being rebuilt, or were since this was read") from error
        if code in _SCHEMA:
            raise Stop(f"{message} - the tables do not fit this version: run `hubbub migrate`") from error
        if code in ACCESS:
            raise Stop(f"{message} - check user, password and rights in HUBBUB_CLICKHOUSE") from error
        if code in _MISTAKE:
            raise Stop(f"{message} - this ClickHouse does not understand hubbub") from error
        raise RetryLater(
            message, retry_after=10.0 if code in _CROWDED else 1.0, cause=_cause(error)
        ) from error


def _cause(error: ClickHouseError) -> str:
    """ClickHouse's own name for it, or where it comes from."""
    if code := getattr(error, "code", None):
        return str(getattr(error, "name", None) or f"CODE_{code}")
    return _NETWORK if isinstance(error.__cause__, HTTPError) else NOT_CLICKHOUSE


def in_short(error: BaseException) -> str:
    """An error of ClickHouse in one short line, without its version and stack, and without the request."""
    told = getattr(error.__cause__, "reason", None) if isinstance(error.__cause__, MaxRetryError) else None
    first = str(told or error).strip().partition("\n")[0].partition(" (version ")[0]
    return first if len(first) <= _LONGEST else first[:_LONGEST] + "..."
