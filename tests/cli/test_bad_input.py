"""Whatever is wrong with what is given: one line that says what to do, and nothing half-written."""

from __future__ import annotations

import socket

import pytest

JSONL = ("--format", "jsonl")
HEADER = (
    "the header of a twcs file is "
    "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"
)
MORE = "(and 1 more: hubbub brands check mistakes.toml)"
TIMES = "2026-01-31, 2026-01-31T12:00 (UTC) or 2026-01-31T12:00+01:00"
STORED = "from 2026-01-05 10:00 to 2026-01-15 10:01"


@pytest.fixture
def nobody():
    """An address where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{unused.getsockname()[1]}"


@pytest.mark.parametrize("command", ["replay", "ingest"])
@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([*JSONL, "nosuch.jsonl"], "nosuch.jsonl: cannot be read: No such file or directory"),
        ([*JSONL, "."], ".: is a folder; name a file in it"),
        (
            [*JSONL, "broken.jsonl"],
            "broken.jsonl, line 3: is not one JSON object a line: EOF while parsing a value, column 17",
        ),
        (
            ["--format", "twcs", "column.csv"],
            f"column.csv, line 1: no column author_id, in_response_to_tweet_id; {HEADER}",
        ),
        (["--format", "xml", "events.jsonl"], "--format: there is no format xml; there are jsonl, twcs"),
        (
            [*JSONL, "--brands", "mistakes.toml", "events.jsonl"],
            f"mistakes.toml, line 3: brand.1.colour: this key is not known {MORE}",
        ),
        (
            [*JSONL, "--brands", "nosuch.toml", "events.jsonl"],
            "nosuch.toml: cannot be read: No such file or directory",
        ),
        (
            [*JSONL, "--brands", "auto", "events.jsonl"],
            "--brands: only a twcs file tells brands by their names; name a file",
        ),
    ],
)
def test_a_file_that_is_no_good_leaves_no_trace(refused, tmp_path, command, arguments, line):
    data = tmp_path / "data"
    assert refused(command, *arguments, "--data", data) == line
    assert not data.exists()


def test_a_replay_without_any_brand_would_count_nothing(refused, tmp_path):
    data = tmp_path / "data"
    line = refused("replay", *JSONL, "events.jsonl", "--data", data)
    assert line.startswith("--brands: no brand is known")
    assert not data.exists()


@pytest.mark.parametrize(
    "command", [["report"], ["sql", "SELECT 1"], ["worker"]], ids=lambda command: command[0]
)
def test_reading_does_not_make_a_database(refused, tmp_path, broker, command):
    data = tmp_path / "data"
    line = refused(*command, "--data", data, HUBBUB_KAFKA=broker.bootstrap)
    assert line.startswith(f"no database in {data}: hubbub replay --data {data} ")
    assert not data.exists()


@pytest.mark.parametrize(
    "command",
    [["report"], ["sql", "SELECT 1"], ["migrate"], ["replay", *JSONL, "events.jsonl"]],
    ids=lambda command: command[0],
)
def test_a_database_that_is_not_there(refused, nobody, command):
    line = refused(*command, HUBBUB_CLICKHOUSE=f"http://ann:hidden@{nobody}")
    assert line.startswith(f"cannot reach ClickHouse at http://{nobody}: start it, set HUBBUB_CLICKHOUSE")
    assert "hidden" not in line


@pytest.mark.parametrize("command", [["worker"], ["ingest", *JSONL, "events.jsonl"]], ids=lambda it: it[0])
def test_a_broker_that_is_not_there(refused, nobody, command):
    assert refused(*command, HUBBUB_KAFKA=nobody).startswith(f"no Kafka broker answers at {nobody}; ")


def test_ingesting_where_nothing_runs(refused, tmp_path):
    data = tmp_path / "data"
    line = refused("ingest", *JSONL, "events.jsonl", "--data", data)
    assert line.startswith(f"nothing runs on {data}: start it with hubbub up --data {data}, ")
    assert not data.exists()


def test_a_registry_is_not_announced_when_it_cannot_be_kept(refused, nobody, broker):
    line = refused(
        *("ingest", *JSONL, "--brands", "brands.toml", "events.jsonl"),
        HUBBUB_KAFKA=broker.bootstrap,
        HUBBUB_CLICKHOUSE=f"http://{nobody}",
        HUBBUB_TOPIC="never-sent",
    )
    assert line.startswith("cannot reach ClickHouse")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--brand", "acne"], "--brand: no brand acne; do you mean acme?"),
        (["--brand", "zzz"], "--brand: no brand zzz; there are acme"),
        (
            ["--from", "yesterday"],
            f"--from: yesterday is no time; write {TIMES}",
        ),
        (["--to", "1066-10-14"], "--to: 1066-10-14 is not between 1970 and 2106"),
        (
            ["--from", "2026-02-01", "--to", "2026-02-01"],
            "--from: 2026-02-01 is not before --to 2026-02-01",
        ),
        (
            ["--from", "2026-02-01"],
            f"nothing is stored in that time, only {STORED}: change --from and --to",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_report_of_what_is_not_there(refused, replayed, arguments, line):
    assert refused("report", *arguments, "--data", replayed.data) == line


def test_a_setting_that_is_no_good(refused):
    line = refused("report", HUBBUB_CLICKHOUSE="me:hidden@nowhere")
    assert line == "HUBBUB_CLICKHOUSE: is no address; it reads like http://127.0.0.1:8123"
    assert refused("report", HUBBUB_PARTITIONS="many").startswith("HUBBUB_PARTITIONS: ")


def test_a_demo_wants_a_folder_of_its_own(refused, tmp_path):
    (tmp_path / "mine").touch()
    assert refused("demo", "--data", tmp_path).startswith(f"{tmp_path} is not empty: ")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_folder_that_somebody_holds(refused, replayed, start, until):
    start("sql", "SELECT count() FROM numbers(1e12) WHERE sipHash64(number) = 1", "--data", replayed.data)
    until((replayed.data / "hubbub.json").exists)
    line = refused("report", "--data", replayed.data)
    assert line.startswith(f"data folder {replayed.data} is held by process ")
