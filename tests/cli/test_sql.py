from __future__ import annotations

import json

import pytest


@pytest.fixture
def rows(hubbub, replayed):
    def ask(query):
        done = hubbub("sql", query, "--data", replayed.data, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        return [json.loads(line) for line in done.stdout.splitlines()]

    return ask


def test_json_is_an_object_a_row(rows):
    found = rows("SELECT direction, count() AS n FROM interactions GROUP BY direction ORDER BY direction")
    assert found == [
        {"direction": "BC", "n": 1},
        {"direction": "BO", "n": 3},
        {"direction": "CB", "n": 1},
        {"direction": "CC", "n": 1},
        {"direction": "CO", "n": 1},
    ]


def test_json_of_every_type(rows):
    assert rows(
        """SELECT 18446744073709551615 AS big, nan AS nothing, inf AS endless,
        toDecimal64('1.25', 2) AS price,
        toDateTime('2026-01-05 11:00:00', 'Europe/Berlin') AS local, toDate('2026-01-05') AS day,
        toDateTime64('2026-01-05 10:00:00.25', 6, 'UTC') AS exact, unhex('41ff') AS bytes, NULL AS unknown,
        toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS uuid, ['a/b'] AS list, map('k', 1) AS dict"""
    ) == [
        {
            "big": 2**64 - 1,
            "nothing": None,
            "endless": None,
            "price": 1.25,
            "local": "2026-01-05T10:00:00Z",
            "day": "2026-01-05",
            "exact": "2026-01-05T10:00:00.250000Z",
            "bytes": "A�",
            "unknown": None,
            "uuid": "61f0c404-5cb3-11e7-907b-a6006ad3dba0",
            "list": ["a/b"],
            "dict": {"k": 1},
        }
    ]


def test_times_of_the_tables_are_utc(rows):
    assert rows("SELECT published FROM interactions WHERE id = 'p2'") == [
        {"published": "2026-01-05T10:01:00.250000Z"}
    ]


def test_no_rows_are_no_lines(rows):
    assert rows("SELECT 1 WHERE 0") == []


def test_a_pipe_gets_tabs(hubbub, replayed):
    done = hubbub("sql", "SELECT 1 AS one, NULL AS two; -- done", "--data", replayed.data)
    assert done.stdout == "one\ttwo\n1\t\\N\n"


def test_a_format_of_ones_own(hubbub, replayed):
    assert hubbub("sql", "SELECT 1 AS a, 2 AS b FORMAT CSV", "--data", replayed.data).stdout == "1,2\n"


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("SELECT nosuch", "sql: Unknown expression identifier `nosuch`"),
        ("SELEC", "sql: Syntax error"),
        ("SELECT 1; SELECT 2", "sql: one statement at a time"),
    ],
)
def test_what_clickhouse_refuses_is_one_line(refused, replayed, query, line):
    assert refused("sql", query, "--data", replayed.data).startswith(line)


def test_a_table_that_is_not_there_leads_to_those_that_are(refused, replayed):
    line = refused("sql", "SELECT * FROM nosuch", "--data", replayed.data)
    assert line.endswith("- hubbub sql 'SHOW TABLES' lists what is there")


def test_statements_without_rows_say_ok_and_only_the_newest_row_counts(hubbub, tmp_path):
    data = tmp_path / "data"
    assert hubbub("migrate", "--data", data).returncode == 0
    for statement in (
        "CREATE TABLE t (k Int8, v Int8) ENGINE = ReplacingMergeTree(v) ORDER BY k",
        "INSERT INTO t VALUES (1, 1)",
        "INSERT INTO t VALUES (1, 2)",
    ):
        done = hubbub("sql", statement, "--data", data)
        assert (done.returncode, done.stdout, done.stderr) == (0, "OK\n", "")
    assert hubbub("sql", "SELECT * FROM t", "--data", data, "--json").stdout == '{"k":1,"v":2}\n'
