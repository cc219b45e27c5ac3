"""What docker-compose.yml relies on, run for real where that needs no Docker.

The embedded engine knows no users, so their rights are held against the statements that hubbub makes, and
`readonly` against everything that Grafana may read; constraints in users.xml are only read.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from support.apache_kafka import CHOSEN, JARS
from support.storing import store
from support.watch import free_address
from support.workers import WorkerProcess

from schemas.event import Activity
from schemas.rows import ReconcileRow
from schemas.settings import Settings
from sinks.operations import operations
from sinks.views import views
from sinks.vitals import record_reconcile
from streams.broker import create_topics, listens
from streams.kafka import Producer
from streams.simulator import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clickhouse_connect.driver.client import Client

    from sinks.engine import Engine

ROOT = Path(__file__).parent.parent
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
USERS = ET.parse(ROOT / "deploy/clickhouse/users.xml").getroot()
GRANTS = {
    user.tag: [query.text for query in user.iter("query")]
    for user in USERS.find("users")
    if user.tag != "default"
}
NEEDS = {"SELECT": "SELECT", "INSERT": "INSERT", "UPDATE": "ALTER UPDATE"}
"""The privilege that a statement needs, by its first word."""


@pytest.fixture
def client(engine: Engine, tables: str) -> Iterator[Client]:
    client = engine.client(database=tables)
    yield client
    client.close()


def granted(user: str) -> set[str]:
    (grant,) = GRANTS[user]
    privileges, place = re.fullmatch(r"GRANT (.+) ON (\S+)", grant).groups()
    assert place == "hubbub.*"
    return set(privileges.split(", "))


@pytest.mark.parametrize("user", GRANTS)
def test_the_engine_knows_what_is_granted(client: Client, user: str):
    (grant,) = GRANTS[user]
    assert "GrantQuery" in str(client.command(f"EXPLAIN AST {grant} TO {user}"))
    known = {row[0] for row in client.query("SELECT toString(privilege) FROM system.privileges").result_rows}
    assert granted(user) <= known


class Listening:
    """A client that remembers with which words statements began."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.words: set[str] = set()

    def insert_arrow(self, *args: Any, **named: Any) -> Any:
        self.words.add("INSERT")
        return self._client.insert_arrow(*args, **named)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if name not in {"query", "command", "raw_query"}:
            return method

        def call(sql: str, *args: Any, **named: Any) -> Any:
            self.words.add(sql.split(maxsplit=1)[0].upper())
            return method(sql, *args, **named)

        return call


def test_who_stores_does_nothing_that_the_writer_may_not(client: Client):
    listening = Listening(client)
    world = simulate(3, 3)
    assert any(event.activity is Activity.DELETE for event in world.events), "something is to be erased"
    # In many flushes: what is erased has to be stored by then.
    store(listening, world.events, world.registry, datetime.now(UTC), size=300)
    run = ReconcileRow(
        ended_at=datetime.now(UTC),
        period_from=None,
        period_to=None,
        rows_compared=0,
        values_compared=0,
        differences=0,
        seconds=0.0,
        first_differences=(),
    )
    record_reconcile(listening, run)
    assert listening.words == {"SELECT", "INSERT", "UPDATE"}
    assert {NEEDS[word] for word in listening.words} == granted("hubbub_writer")


def test_the_reader_reads_everything_that_it_may_and_changes_nothing(engine: Engine, tables: str):
    assert granted("grafana_reader") == {"SELECT"}
    profile = USERS.find("profiles/grafana_reader")
    assert profile.findtext("readonly") == "1"
    assert profile.find("constraints/max_execution_time/changeable_in_readonly") is not None
    assert USERS.findtext("users/grafana_reader/profile") == profile.tag
    with closing(engine.handle()) as handle:
        handle.query(f"USE {tables}")
        handle.query("SET readonly = 1")
        for name in (*views(tables), *operations(tables), "alert_states", "alert_history", "interactions"):
            handle.query(f"SELECT * FROM {name}")
        for statement in (
            "INSERT INTO reconcile_runs (differences) VALUES (1)",
            "DROP VIEW reconciles",
            "SET readonly = 0",
        ):
            with pytest.raises(RuntimeError, match="readonly"):
                handle.query(statement)


def health_command(address: str, command: list[str]) -> int:
    """Run a health check as it stands, but for the address."""
    code = command[-1].replace("127.0.0.1:8088", address)
    return subprocess.run([sys.executable, *command[1:-1], code], check=False, capture_output=True).returncode


def test_health_checks_tell_a_worker_that_works_from_one_that_does_not(
    broker, new_topic, front, tables, tmp_path
):
    kind, *ready = SERVICES["worker-1"]["healthcheck"]["test"]
    assert (kind, ready[0]) == ("CMD", "python")
    live = yaml.safe_load(re.search(r"CMD (\[\"python\".*\])", (ROOT / "Dockerfile").read_text())[1])
    topic, address = new_topic(1), free_address()
    settings = Settings(
        kafka=broker.bootstrap,
        clickhouse=front.address,
        database=tables,
        topic=topic,
        group=topic,
        dead_letter_topic=new_topic(1),
        session_timeout=3.0,
        health=address,
    )
    assert health_command(address, ready) != 0
    worker = WorkerProcess(settings, tmp_path / "worker.log")
    try:
        deadline = time.monotonic() + 30
        while health_command(address, ready) != 0:
            assert time.monotonic() < deadline, worker.lines
        assert health_command(address, live) == 0
    finally:
        worker.kill()
    assert health_command(address, live) != 0


@pytest.mark.skipif(not (CHOSEN and JARS.is_dir()), reason="needs Apache Kafka: make test-kafka")
@pytest.mark.kafka
def test_apache_kafka_starts_with_these_variables_and_takes_messages(tmp_path: Path):
    inside, outside, controller = (free_address().rpartition(":")[2] for _ in range(3))
    ports = {"19092": inside, "9092": outside, "9093": controller}
    properties = {"log.dirs": str(tmp_path / "data")}
    for name, value in SERVICES["kafka"]["environment"].items():
        # The image makes a property of each variable in this way.
        key = name.removeprefix("KAFKA_").lower().replace("_", ".")
        placed = re.sub(r":(\d{4,5})\b", lambda found: f":{ports[found[1]]}", str(value))
        properties.setdefault(key, placed.replace("//kafka:", "//127.0.0.1:"))
    file = tmp_path / "properties"
    file.write_text("".join(f"{name}={value}\n" for name, value in properties.items()))
    java = ["java", "-Xmx384m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{JARS}/*"]
    cluster = base64.urlsafe_b64encode(os.urandom(16)).decode().rstrip("=")
    form = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(file)]
    subprocess.run([*java, *form], check=True, capture_output=True)
    with (tmp_path / "log").open("wb") as log:
        broker = subprocess.Popen([*java, "kafka.Kafka", str(file)], stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not listens(f"127.0.0.1:{outside}", 1.0):
            assert broker.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.05)
        for port in (outside, inside):
            address = f"127.0.0.1:{port}"
            create_topics(address, {"social.events": 8}, timeout=60.0)
            producer = Producer(address)
            producer.send("social.events", b"1", b"{}")
            producer.flush("social.events")
            producer.close()
    finally:
        broker.terminate()
        broker.wait(30)
