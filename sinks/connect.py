"""The client for the configured ClickHouse server."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

from schemas.errors import BadInput, Stop
from sinks.faults import ACCESS, in_short

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from schemas.settings import Settings

NEEDED = (26, 2)
"""The oldest version of ClickHouse that hubbub works with."""


def connect(settings: Settings) -> Client:
    """Open a client of the configured server, with the configured database as its own.

    The database need not exist yet: the first query that needs it tells. The client may be used by several
    threads, each query for itself.

    Raises:
        Stop: The server cannot be reached, does not let us in, or is too old. The message never shows the
            password.
    """
    url = urlsplit(settings.clickhouse.get_secret_value())
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise BadInput("is no address; it reads like http://127.0.0.1:8123", where="HUBBUB_CLICKHOUSE")
    place = settings.clickhouse_place
    try:
        client = clickhouse_connect.get_client(
            host=url.hostname,
            port=url.port or (8443 if url.scheme == "https" else 8123),
            secure=url.scheme == "https",
            username=unquote(url.username or "default"),
            password=unquote(url.password or ""),
            autogenerate_session_id=False,  # a session would let only one query run at a time
            connect_timeout=10,
            send_receive_timeout=120,
        )
    except ClickHouseError as error:
        if getattr(error, "code", None) in ACCESS:
            raise Stop(
                f"ClickHouse at {place} does not let us in: "
                f"put the right user and password into HUBBUB_CLICKHOUSE, http://user:password@host:port"
            ) from None
        if getattr(error, "code", None) is None:
            raise Stop(
                f"cannot reach ClickHouse at {place}: start it, set HUBBUB_CLICKHOUSE to where it is, "
                f"or use an embedded one with --data DIR"
            ) from None
        raise Stop(f"ClickHouse at {place} refuses to work: {in_short(error)}") from None
    try:
        check_version(client.server_version or "0", place)
    except Stop:
        client.close()
        raise
    client.database = settings.database
    return client


def check_version(version: str, place: str) -> None:
    """Check that a ClickHouse is new enough.

    Args:
        version: As the server tells it, such as `26.2.4.23`.
        place: Where it is, for the message.

    Raises:
        Stop: It is too old.
    """
    if tuple(int(part) for part in version.split(".")[:2]) < NEEDED:
        needed = ".".join(map(str, NEEDED))
        raise Stop(f"ClickHouse at {place} is version {version}: hubbub needs {needed} or newer")
