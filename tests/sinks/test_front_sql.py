from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.front_sql import calls_input, read_statement


@pytest.mark.parametrize(
    "sql", [b"", b"  \n", b"-- nothing", b"/* nothing */", b"/* open", b"# nothing", b";", b";;"]
)
def test_nothing_is_no_statement(sql):
    assert read_statement(sql).verb == ""


@pytest.mark.parametrize(
    ("sql", "verb", "streams", "has_result"),
    [
        (b"SELECT 1", "SELECT", True, True),
        (b"-- first\n  select 1", "SELECT", True, True),
        (b"(SELECT 1) UNION ALL (SELECT 2)", "SELECT", True, True),
        (b"WITH 1 AS x SELECT x", "WITH", True, True),
        (b"FROM t SELECT a", "FROM", True, True),
        (b"SHOW TABLES", "SHOW", False, True),
        (b"EXPLAIN SELECT 1", "EXPLAIN", False, True),
        (b"WITH 1 AS x INSERT INTO t SELECT x", "WITH", False, False),
        (b"INSERT INTO t SELECT 1", "INSERT", False, False),
        (b"CREATE TABLE t AS SELECT 1", "CREATE", False, False),
        (b"'text'", "?", False, False),
    ],
)
def test_the_verb_tells_how_to_run_it(sql, verb, streams, has_result):
    statement = read_statement(sql)

    assert (statement.verb, statement.streams, statement.has_result) == (verb, streams, has_result)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (b"SELECT 1 FORMAT JSON", "JSON"),
        (b"SELECT 1 format jsonEachRow;", "jsonEachRow"),
        (b"SELECT 1 FORMAT CSV SETTINGS max_threads = 1 -- fast", "CSV"),
        (b"(SELECT 1) FORMAT CSV", "CSV"),
        (b"SELECT 'FORMAT CSV'", None),
        (b"SELECT 1 -- FORMAT CSV", None),
        (b"SELECT * FROM (SELECT 1 FORMAT CSV)", None),
        (b"SELECT format FROM t", None),
        (b"SELECT format FROM t FORMAT TSV", "TSV"),
        (b"SELECT 1 AS format, 2", None),
        (b"SELECT $tag$ FORMAT CSV $tag$", None),
    ],
)
def test_the_format_is_the_clause_at_the_end(sql, expected):
    assert read_statement(sql).format == expected


@pytest.mark.parametrize(
    ("sql", "head", "expected_format", "data"),
    [
        (b"INSERT INTO t FORMAT CSV\n1,2\n", b"INSERT INTO t ", "CSV", b"1,2\n"),
        (b"INSERT INTO t FORMAT CSV 1,2", b"INSERT INTO t ", "CSV", b"1,2"),
        (
            b"insert into t (a, format) format Native\r\n\x00\xff",
            b"insert into t (a, format) ",
            "Native",
            b"\x00\xff",
        ),
        (b"INSERT INTO t SETTINGS a = 1 FORMAT TSV\n\n1", b"INSERT INTO t SETTINGS a = 1 ", "TSV", b"\n1"),
        (b"INSERT INTO `a FORMAT b` FORMAT TSV", b"INSERT INTO `a FORMAT b` ", "TSV", b""),
        (b"/* ' */ INSERT INTO t FORMAT TSV\n'; FORMAT", b"/* ' */ INSERT INTO t ", "TSV", b"'; FORMAT"),
    ],
)
def test_the_data_of_an_insert_begins_after_its_format(sql, head, expected_format, data):
    statement = read_statement(sql)

    assert sql[: statement.head_end] == head
    assert statement.format == expected_format
    assert sql[statement.data_start :] == data


@pytest.mark.parametrize(
    ("sql", "before"),
    [
        (b"INSERT INTO t (a) FORMAT CSV\n1", b"INSERT INTO t (a) "),
        (b"INSERT INTO t SETTINGS a = 1 FORMAT TSV\n1", b"INSERT INTO t "),
        (b"INSERT INTO `t` (a) SETTINGS a = 1, b = 2 FORMAT TSV\n1", b"INSERT INTO `t` (a) "),
        (b"INSERT INTO settings FORMAT TSV\n1", b"INSERT INTO settings "),
        (b"INSERT INTO TABLE settings SETTINGS a = 1 FORMAT TSV\n1", b"INSERT INTO TABLE settings "),
        (b"INSERT INTO d.settings FORMAT TSV\n1", b"INSERT INTO d.settings "),
    ],
)
def test_the_file_of_an_insert_is_named_before_its_settings(sql, before):
    assert sql[: read_statement(sql).file_at] == before


@pytest.mark.parametrize(
    "sql", [b"INSERT INTO t VALUES (1)", b"INSERT INTO t SELECT 1 FORMAT CSV", b"SELECT 1 FORMAT CSV\n1"]
)
def test_other_statements_have_no_data_apart(sql):
    assert read_statement(sql).data_start is None


@pytest.mark.parametrize(
    ("sql", "several"),
    [
        (b"SELECT 1;", False),
        (b"SELECT 1; -- end", False),
        (b"SELECT ';'", False),
        (b"SELECT 1; SELECT 2", True),
    ],
)
def test_a_second_statement_is_noticed(sql, several):
    assert read_statement(sql).several is several


@pytest.mark.parametrize(
    ("sql", "clause"),
    [
        (b"SELECT 1 INTO OUTFILE 'x' FORMAT CSV", "INTO OUTFILE"),
        (b"INSERT INTO t FROM INFILE 'x' FORMAT CSV", "FROM INFILE"),
        (b"SELECT 'INTO OUTFILE'", None),
        (b"CREATE TABLE outfile (infile UInt8) ENGINE = Memory", None),
    ],
)
def test_files_where_the_client_runs_are_noticed(sql, clause):
    assert read_statement(sql).names_file == clause


def test_a_call_of_input_is_noticed():
    assert calls_input(b"INSERT INTO t SELECT a FROM (SELECT * FROM Input ('a UInt8')) FORMAT CSV\n1")
    assert not calls_input(b"INSERT INTO t SELECT input, 'input()' FROM input WHERE (1)")


@given(st.binary(max_size=200) | st.text("'\"`\\$;()/*-# \nINSERTFORMAT", max_size=200).map(str.encode))
def test_any_bytes_can_be_read(sql):
    statement = read_statement(sql)

    assert (statement.data_start is None) == (statement.head_end is None)


@pytest.mark.parametrize("unit", [b"/*", b"'", b"`\\", b"'\\'", b"$a", b"$$a", b"(", b"-", b"a$", b"\"'`"])
def test_nothing_takes_long_to_read(unit):
    started = time.process_time()

    read_statement(unit * (1 << 17))

    assert time.process_time() - started < 5
