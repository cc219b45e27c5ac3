"""Dead letters as they are looked through, on the embedded engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from schemas.errors import Stop
from schemas.rows import DeadLetterRow
from sinks.clickhouse import ClickHouseSink
from sinks.letters import Place, Wanted, groups, letters, letters_at
from sinks.migrate import migrate
from sinks.sink import Flush

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clickhouse_connect.driver.client import Client

    from sinks.engine import Engine

NOW = datetime.now(UTC)  # the table forgets what is old


def _letter(offset: int, reason: str = "missing", **more: Any) -> DeadLetterRow:
    told = {"reason": reason, "field": "id", "detail": f"no {offset}", "body": b"\x00\xff'"}
    place = {"source_topic": "a'b", "source_epoch": 1, "source_partition": 0, "source_offset": offset}
    return DeadLetterRow(**(told | place | {"refused_at": NOW - timedelta(hours=offset)} | more))


STORED = [
    *(_letter(offset) for offset in range(5)),
    _letter(2, source_epoch=3),
    _letter(8, "unreadable", field="", replayed_at=NOW),
    _letter(9, "unreadable", field="", control=True),
]


@pytest.fixture
def client(engine: Engine, database: str) -> Iterator[Client]:
    client = engine.client(database=database)
    migrate(client, database)
    ClickHouseSink(client).write(Flush(dead_letters=tuple(STORED)))
    yield client
    client.close()


def test_groups_have_counts_times_and_examples(client: Client) -> None:
    missing, unreadable = groups(client, Wanted())
    assert (missing.reason, missing.field, missing.count, missing.detail) == ("missing", "id", 6, "no 0")
    assert (missing.first, missing.last) == (NOW - timedelta(hours=4), NOW)
    assert missing.examples == tuple(Place("a'b", 1, 0, offset) for offset in range(3))
    assert (unreadable.count, unreadable.examples) == (1, (Place("a'b", 1, 0, 9),))


def test_letters_are_chosen_by_reason_and_time_and_those_that_were_sent_on_are_left_out(
    client: Client,
) -> None:
    def offsets(**wanted: Any) -> list[int]:
        found = letters(client, Wanted(**wanted))
        assert all(letter in STORED for letter in found)
        return [letter.source_offset for letter in found]

    assert offsets() == [0, 1, 2, 3, 4, 9, 2]
    assert offsets(reason="unreadable", replayed=True) == [8, 9]
    assert offsets(since=NOW - timedelta(hours=1)) == [0, 1]
    assert offsets(reason="' OR 1 --") == []


def test_a_place_has_a_letter_for_each_epoch(client: Client) -> None:
    assert letters_at(client, "a'b", 0, 2) == [STORED[2], STORED[5]]
    assert letters_at(client, "a'b", 1, 2) == []


def test_tables_of_an_older_version_are_told(engine: Engine, database: str) -> None:
    client = engine.client(database=database)
    with pytest.raises(Stop, match="run `hubbub migrate`"):
        letters(client, Wanted())
    client.close()
