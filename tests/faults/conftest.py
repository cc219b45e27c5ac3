"""Worlds on a real broker, real worker processes, and one clean pass to hold them to.

`make test` runs a short round; `HUBBUB_FAULTS=full`, which `make test-faults` sets, runs all of it. Where
that comes next, as in CI, `HUBBUB_FAULTS=later` leaves the short round out.
"""

from __future__ import annotations

import os
import uuid
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from support.proof import fresh_database, one_clean_pass
from support.scene import Scene
from support.world import make_world

from schemas.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUND = os.environ.get("HUBBUB_FAULTS", "short")
FULL = ROUND == "full"
SESSION = 2.0 if os.environ.get("HUBBUB_TEST_KAFKA") == "apache" else 1.0
"""Seconds after which a silent worker is taken for dead; Apache Kafka is told to accept 2 s."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            if ROUND == "later":
                item.add_marker(pytest.mark.skip(reason="HUBBUB_FAULTS=later: make test-faults runs it"))
            # As for all that use the broker: some have a Kafka of their own.
            item.add_marker(
                pytest.mark.filterwarnings(
                    "ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"
                )
            )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not FULL:
        terminalreporter.write_line("tests/faults: a short round; make test-faults runs all of it")


@pytest.fixture(scope="session")
def full() -> bool:
    """Whether all is to run, and not a short round."""
    return FULL


@pytest.fixture
def place(broker, front) -> dict[str, object]:
    """Where the servers are, as settings."""
    return {"kafka": broker.bootstrap, "clickhouse": SecretStr(front.address)}


@pytest.fixture(scope="session")
def told(engine):
    """A world by seed and days, and what a clean pass makes of it; each made once."""

    @cache
    def tell(seed: int, days: int):
        world = make_world(seed, days)
        return world, one_clean_pass(world, engine)

    return tell


@pytest.fixture
def stage(place, new_topic, engine, told, tmp_path) -> Iterator[Callable[..., Scene]]:
    """Set a scene: a world, a topic with some partitions, and an empty database of its own."""
    with ExitStack() as exits:

        def make(days: int, *, seed: int = 1, partitions: int = 3, **changes: object) -> Scene:
            topic = new_topic(partitions)
            name = f"faults_{uuid.uuid4().hex}"
            settings = Settings(
                **place,
                database=name,
                topic=topic,
                dead_letter_topic=new_topic(1),
                group=topic,
                session_timeout=SESSION,
                flush_seconds=0.2,
                flush_events=300,
                settle_seconds=2.0,
            ).model_copy(update=changes)
            client = exits.enter_context(fresh_database(engine, name))
            return exits.enter_context(Scene(*told(seed, days), settings, client, tmp_path))

        yield make
