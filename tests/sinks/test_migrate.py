from __future__ import annotations

import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import date, datetime
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args, get_origin
from zipfile import ZipFile

import pytest

from schemas.errors import Stop
from sinks.between import between
from sinks.migrate import Migration, migrate, migrations
from sinks.operations import operations
from sinks.tables import (
    ACTIVITIES,
    ALERT_HISTORY,
    ALERT_STATES,
    CONVERSATIONS,
    DEAD_LETTERS,
    EPOCHS,
    FORGOTTEN,
    INTERACTIONS,
    MINUTES,
    RECONCILE_RUNS,
    REGISTRIES,
    REGISTRY_CHANGES,
    STORAGE_MINUTES,
    WORKER_MINUTES,
    Table,
)
from sinks.views import views

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clickhouse_connect.driver.client import Client

    from sinks.engine import Engine

TABLES = (
    ALERT_HISTORY,
    ALERT_STATES,
    ACTIVITIES,
    CONVERSATIONS,
    DEAD_LETTERS,
    EPOCHS,
    FORGOTTEN,
    INTERACTIONS,
    MINUTES,
    RECONCILE_RUNS,
    REGISTRIES,
    REGISTRY_CHANGES,
    STORAGE_MINUTES,
    WORKER_MINUTES,
)


@pytest.fixture
def client(engine: Engine) -> Iterator[Client]:
    client = engine.client()
    yield client
    client.close()


@pytest.fixture
def fresh(client: Client) -> Iterator[str]:
    """A name, with a blank in it, of a database that is not there yet."""
    name = f"fresh {uuid.uuid4().hex}"
    yield name
    client.command(f"DROP DATABASE IF EXISTS `{name}`")


def recorded(client: Client, database: str) -> list[tuple[int, str]]:
    rows = client.query(f"SELECT number, name FROM `{database}`.migrations FINAL ORDER BY number").result_rows
    return [(row[0], row[1]) for row in rows]


def test_a_fresh_database_gets_everything_once(client: Client, fresh: str):
    names = [step.name for step in migrations()]
    assert migrate(client, fresh) == names
    assert migrate(client, fresh) == []
    assert recorded(client, fresh) == list(enumerate(names, start=1))
    there = {row[0] for row in client.query(f"SHOW TABLES FROM `{fresh}`").result_rows}
    shown = views(fresh).keys() | operations(fresh).keys() | between(fresh).keys()
    assert there == {"migrations"} | {table.name for table in TABLES} | shown


def test_only_what_is_missing_is_applied(client: Client, fresh: str):
    migrate(client, fresh)
    more = Migration(
        len(migrations()) + 1, "more.sql", "CREATE TABLE {database:Identifier}.more (a Int8) ORDER BY a"
    )
    assert migrate(client, fresh, [*migrations(), more]) == ["more.sql"]
    assert migrate(client, fresh, [*migrations(), more]) == []


def test_a_failed_migration_is_not_on_record_and_can_be_repeated(client: Client, fresh: str):
    number = len(migrations()) + 1
    broken = Migration(
        number, "broken.sql", "CREATE TABLE {database:Identifier}.more (a Nonsense) ORDER BY a"
    )
    with pytest.raises(Stop, match="Nonsense"):
        migrate(client, fresh, [*migrations(), broken])
    assert len(recorded(client, fresh)) == len(migrations())
    mended = replace(broken, sql="CREATE TABLE {database:Identifier}.more (a Int8) ORDER BY a")
    assert migrate(client, fresh, [*migrations(), mended]) == ["broken.sql"]


def test_epochs_begin_behind_those_that_were_counted_before_they_were_on_record(client: Client, fresh: str):
    client.command(f"CREATE DATABASE `{fresh}`")
    before = (step for step in migrations() if "epochs" not in step.name)
    for step in before:
        client.command(step.sql, {"database": fresh})
    client.command(f"INSERT INTO `{fresh}`.activities (thread, seen, source_epoch) VALUES ('t1', 1, 3)")
    migrate(client, fresh)
    assert client.query(f"SELECT epoch, topic_id FROM `{fresh}`.epochs").result_rows == [(3, "")]


def test_a_changed_migration_stops(client: Client, fresh: str):
    migrate(client, fresh)
    changed = [*migrations()]
    changed[2] = replace(changed[2], sql=changed[2].sql + " ")
    with pytest.raises(Stop, match=r"0003_interactions.sql was applied .* with another text"):
        migrate(client, fresh, changed)


def test_a_gap_stops_before_anything_happens(client: Client, fresh: str):
    with pytest.raises(Stop, match="without gaps"):
        migrate(client, fresh, [step for step in migrations() if step.number != 2])
    assert not client.command(f"EXISTS DATABASE `{fresh}`")


def test_a_database_of_a_newer_version_stops(client: Client, fresh: str):
    migrate(client, fresh)
    with pytest.raises(Stop, match="newer hubbub"):
        migrate(client, fresh, migrations()[:-1])


def test_views_follow_the_version(client: Client, fresh: str):
    migrate(client, fresh)
    client.command(f"CREATE OR REPLACE VIEW `{fresh}`.dialogue_hourly AS SELECT 1 AS old")
    migrate(client, fresh)
    assert "dialogue_ratio" in str(client.command(f"SHOW CREATE VIEW `{fresh}`.dialogue_hourly"))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_the_columns_of_its_rows(client: Client, fresh: str, table: Table[Any]):
    migrate(client, fresh)
    columns = client.query(f"DESCRIBE `{fresh}`.{table.name}").named_results()
    described = {column["name"]: column for column in columns if column["default_type"] != "MATERIALIZED"}
    assert tuple(described) == table.columns
    for name, field in table.row.model_fields.items():
        assert fits(field.annotation, described[name]["type"]), name
        assert described[name]["comment"], name
        assert not described[name]["default_type"], name


def fits(annotation: object, type_: str) -> bool:
    if get_origin(annotation) is tuple:
        return type_.startswith("Array(") and fits(get_args(annotation)[0], type_[len("Array(") : -1])
    options = get_args(annotation) or (annotation,)
    nullable = "Nullable(" in type_
    bare = type_.removeprefix("LowCardinality(").removeprefix("Nullable(").rstrip(")")
    kind: Any = next(option for option in options if option is not NoneType)
    if nullable != (NoneType in options):
        return False
    if kind is datetime:
        return type_.removeprefix("Nullable(").removesuffix(")" * nullable) in {
            "DateTime64(6, 'UTC')",
            "DateTime('UTC')",
        }
    if kind is date:
        return bare == "Date"
    plain = {bool: {"Bool"}, int: {"UInt16", "UInt32", "UInt64", "Int8", "Int32"}, float: {"Float64"}}
    return bare in plain[kind] if kind in plain else issubclass(kind, str | bytes) and bare == "String"


def test_the_package_ships_the_migrations(tmp_path: Path, pytestconfig: pytest.Config):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=pytestconfig.rootpath, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with ZipFile(wheel) as shipped:
        names = shipped.namelist()
    assert [f"sinks/migrations/{step.name}" in names for step in migrations()] == [True] * len(migrations())
