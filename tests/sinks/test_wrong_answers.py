"""The sink on a network and a server that cannot be trusted: nothing wrong is taken for an answer."""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from support.fickle import Fickle

from schemas.errors import RetryLater
from schemas.rows import DeadLetterRow, ReconcileRow
from schemas.settings import Settings
from sinks.alerts import AlertStore
from sinks.clickhouse import ClickHouseSink
from sinks.connect import connect
from sinks.letters import letters_at
from sinks.migrate import migrate
from sinks.sink import Flush
from sinks.vitals import record_reconcile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clickhouse_connect.driver.client import Client

    from sinks.engine import Engine
    from sinks.front import Front

NOW = datetime.now(UTC)  # what was refused long ago is dropped
FLUSH = Flush(
    dead_letters=tuple(
        DeadLetterRow(
            reason="unreadable",
            field="",
            detail="",
            body=b"\xff" * 1000,
            source_topic="social.events",
            source_epoch=1,
            source_partition=0,
            source_offset=offset,
            refused_at=NOW,
        )
        for offset in range(100)
    )
)
PAGES = (b"", b"ok\n", b"<html>all is well</html>", b"\xff" * 100, b"\x01\x01\x01a\x06Strzng\x01z")


class Place:
    """A database behind a fickle proxy, and the way around it."""

    def __init__(self, fickle: Fickle, behind: Client, database: str) -> None:
        self.fickle = fickle
        self._behind = behind
        self.database = database

    @property
    def stored(self) -> int:
        return self._behind.query("SELECT count() FROM dead_letters FINAL").result_rows[0][0]

    @contextmanager
    def altered(self, setting: str) -> Iterator[None]:
        """The table refuses rows, as the engine itself does it."""
        self._behind.command(f"ALTER TABLE dead_letters MODIFY SETTING {setting}")
        try:
            yield
        finally:
            self._behind.command(f"ALTER TABLE dead_letters RESET SETTING {setting.partition('=')[0]}")


@pytest.fixture(scope="module")
def place(engine: Engine, front: Front) -> Iterator[Place]:
    with Fickle(front.port) as fickle, closing(engine.client()) as client:
        migrate(client, "fickle")
        client.database = "fickle"
        yield Place(fickle, client, "fickle")
        client.command("DROP DATABASE fickle SYNC")


@pytest.fixture
def client(place: Place) -> Iterator[Client]:
    address = SecretStr(f"http://127.0.0.1:{place.fickle.port}")
    with closing(connect(Settings(clickhouse=address, database=place.database))) as client:
        client.command("TRUNCATE TABLE dead_letters")
        yield client


@pytest.fixture
def sink(client: Client) -> ClickHouseSink:
    return ClickHouseSink(client)


TROUBLES = {
    "NETWORK": lambda place: place.fickle.gone(),
    "NETWORK, cut": lambda place: place.fickle.cutting(0),
    "NOT_CLICKHOUSE, 503": lambda place: place.fickle.answering(503, b"busy"),
    "NOT_CLICKHOUSE, 404": lambda place: place.fickle.answering(404, b"nobody of that name"),
    "READONLY": lambda place: place.fickle.with_settings(readonly=1),
    "MEMORY_LIMIT_EXCEEDED": lambda place: place.fickle.with_settings(
        max_memory_usage=1000, max_untracked_memory=0
    ),
    "TOO_MANY_PARTS": lambda place: place.altered("parts_to_throw_insert=1"),
    "NOT_ENOUGH_SPACE": lambda place: place.altered(f"min_free_disk_bytes_to_perform_insert={10**17}"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_is_refused_is_tried_again_and_then_there_once(place: Place, sink: ClickHouseSink, trouble: str):
    for part in (slice(0, 1), slice(1, 2)):  # two parts, where one is too many
        sink.write(Flush(dead_letters=FLUSH.dead_letters[part]))
    with TROUBLES[trouble](place), pytest.raises(RetryLater) as later:
        sink.write(FLUSH)
    assert later.value.cause == trouble.partition(",")[0]
    sink.write(FLUSH)
    assert place.stored == len(FLUSH.dead_letters)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_not_taken_for_a_confirmation(place: Place, sink: ClickHouseSink, page: bytes):
    with place.fickle.answering(200, page), pytest.raises(RetryLater, match="not ClickHouse"):
        sink.write(FLUSH)
    assert place.stored == 0


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_not_taken_for_rows(place: Place, sink: ClickHouseSink, page: bytes):
    with place.fickle.answering(200, page), pytest.raises(RetryLater):
        sink.applied_marks(1, 0, 0)


RUN = ReconcileRow(
    ended_at=NOW,
    period_from=None,
    period_to=None,
    rows_compared=1,
    values_compared=1,
    differences=0,
    seconds=0.1,
    first_differences=(),
)
OTHERS = {
    "the states of the alerts": lambda client: AlertStore(client).states(),
    "the newest event": lambda client: AlertStore(client).watermark(),
    "the dead letters": lambda client: letters_at(client, "social.events", 0, 0),
    "what reconciling has found": lambda client: record_reconcile(client, RUN),
}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("page", PAGES)
def test_nor_is_it_by_those_beside_the_sink(place: Place, client: Client, page: bytes, other: str):
    with place.fickle.answering(200, page), pytest.raises(RetryLater) as later:
        OTHERS[other](client)
    assert later.value.cause == "NOT_CLICKHOUSE"
    OTHERS[other](client)


@pytest.mark.parametrize("kept", [0, 1, 10])
def test_an_answer_that_is_cut_is_none(place: Place, sink: ClickHouseSink, kept: int):
    with place.fickle.cutting(kept), pytest.raises(RetryLater):
        sink.newest_registry()


def test_a_slow_answer_is_one(place: Place, sink: ClickHouseSink):
    with place.fickle.slow(0.2):
        sink.write(FLUSH)
    assert place.stored == len(FLUSH.dead_letters)
