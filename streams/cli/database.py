"""The database that a command works on: embedded in a folder, or the configured server."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clickhouse_connect.driver.client import Client

    from schemas.settings import Settings
    from sinks.engine import Engine


@contextmanager
def open_client(settings: Settings, data: Path | None, *, create: bool = False) -> Iterator[Client]:
    """A client whose own database is the configured one.

    Args:
        settings: Names the server and the database.
        data: Folder of an embedded database; served by a `hubbub up` or not. None for the server.
        create: Whether the folder is made when it is not there; the database in it may be missing then.

    Raises:
        Stop: The database is not there, cannot be reached, or another process holds its folder.
    """
    from sinks.connect import connect

    if data is None:
        with closing(connect(settings)) as client:
            yield client
    elif served := serving(settings, data):
        with closing(connect(served)) as client:
            yield client
    else:
        with _embedded(settings, data, create=create) as client:
            yield client


def serving(settings: Settings, data: Path) -> Settings | None:
    """Settings that point at the `hubbub up` which serves a folder; None when there is none."""
    from pydantic import SecretStr

    from sinks.holder import running_front

    address = running_front(data)
    return settings.model_copy(update={"clickhouse": SecretStr(address)}) if address else None


def with_kafka_of(settings: Settings, data: Path | None, *, needed: bool = True) -> Settings:
    """Settings that point at the Kafka of the `hubbub up` on a folder, where one is named.

    Args:
        settings: They name the Kafka that is used otherwise.
        data: The folder.
        needed: Whether one must be running there.

    Raises:
        Stop: None is running there.
    """
    from streams.stack import EMBEDDED_SESSION, running_stack

    kafka = running_stack(data) if data else None
    if kafka is None:
        if data is None or not needed:
            return settings
        raise Stop(
            f"nothing runs on {data}: start it with hubbub up --data {data}, "
            f"or bring the file in without Kafka: hubbub replay"
        )
    return settings.model_copy(update={"kafka": kafka, "session_timeout": EMBEDDED_SESSION})


@contextmanager
def shared(settings: Settings, data: Path | None) -> Iterator[Settings]:
    """Settings that point at a server whose database several threads and commands may use at a time.

    Args:
        settings: Name the server and the database.
        data: Folder of an embedded database, which is served as long as this lasts. None for the server.

    Raises:
        Stop: The database is not there, or another process holds its folder.
    """
    if data is None:
        yield settings
    elif served := serving(settings, data):
        yield served
    else:
        from pydantic import SecretStr

        from sinks.front import Front

        with _engine(settings, data, create=False) as engine, Front(engine, port=0) as front:
            yield settings.model_copy(update={"clickhouse": SecretStr(front.address)})


@contextmanager
def _embedded(settings: Settings, data: Path, *, create: bool) -> Iterator[Client]:
    with _engine(settings, data, create=create) as engine:
        client = engine.client()
        client.database = settings.database
        yield client


@contextmanager
def _engine(settings: Settings, data: Path, *, create: bool) -> Iterator[Engine]:
    from sinks.engine import Engine

    if not create and not (data / "clickhouse").is_dir():
        raise Stop(
            f"no database in {data}: hubbub replay --data {data} ... or hubbub demo --data {data} makes one"
        )
    with Engine(data) as engine:
        exists = "EXISTS DATABASE {database:Identifier}"
        if not create and not engine.client().command(exists, {"database": settings.database}):
            raise Stop(
                f"no database {settings.database} in {data}: "
                f"run hubbub migrate --data {data}, or set HUBBUB_DATABASE to the one that is there"
            )
        yield engine
