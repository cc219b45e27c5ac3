"""The front as curl and browsers see it."""

from __future__ import annotations

import bz2
import gzip
import json
import zlib

import lz4.frame
import pytest
from support.asking import ask


def test_it_says_that_it_is_there(front):
    assert ask(front).body == b"Ok.\n"
    assert ask(front, path="/ping").body == b"Ok.\n"
    assert ask(front, path="/nowhere").status == 404


def test_a_query_in_the_address(front):
    reply = ask(front, query="SELECT 1 AS a, 'x' AS b", query_id="mine")

    assert (reply.status, reply.body) == (200, b"1\tx\n")
    assert reply.headers["X-ClickHouse-Format"] == "TabSeparated"
    assert reply.headers["X-ClickHouse-Query-Id"] == "mine"
    assert reply.headers["X-ClickHouse-Server-Display-Name"] == "hubbub"
    assert reply.headers["X-ClickHouse-Timezone"]
    assert json.loads(reply.headers["X-ClickHouse-Summary"])["result_rows"] == "1"
    assert reply.headers["Content-Type"] == "text/tab-separated-values; charset=UTF-8"


def test_a_query_id_that_would_break_the_header_is_replaced(front):
    reply = ask(front, query="SELECT 1", query_id="a\r\nb: c")

    assert (reply.status, reply.headers["b"], len(reply.headers["X-ClickHouse-Query-Id"])) == (200, None, 36)


def test_a_query_in_the_body(front):
    assert ask(front, b"SELECT 1").body == b"1\n"
    assert ask(front, b"+ 1", query="SELECT 1").body == b"2\n"
    assert ask(front, gzip.compress(b"SELECT 1"), {"Content-Encoding": "gzip"}).body == b"1\n"


@pytest.mark.parametrize(
    ("sql", "options", "headers", "body"),
    [
        ("SELECT 1 AS a FORMAT JSONEachRow", {}, {}, b'{"a":1}\n'),
        ("SELECT 1 AS a", {"default_format": "CSVWithNames"}, {}, b'"a"\n1\n'),
        ("SELECT 1 AS a", {}, {"X-ClickHouse-Format": "JSONEachRow"}, b'{"a":1}\n'),
        ("SELECT 1 AS a FORMAT CSV", {"default_format": "JSON"}, {}, b"1\n"),
        ("SELECT number FROM numbers(200000) LIMIT 199999, 1 FORMAT Values", {}, {}, b"(199999)"),
        ("SELECT 1 WHERE 0", {}, {}, b""),
        ("SELECT {x:String}", {"param_x": "a\\tb"}, {}, b"a\\tb\n"),
        ("SELECT currentDatabase()", {"database": "system"}, {}, b"system\n"),
        ("SELECT currentDatabase()", {}, {"X-ClickHouse-Database": "system"}, b"system\n"),
        ("SELECT getSetting('max_threads')", {"max_threads": "3"}, {}, b"3\n"),
        ("SELECT getSetting('log_comment') LIKE '%mine'", {"log_comment": "mine"}, {}, b"1\n"),
        (
            "SELECT 1",
            {"user": "someone", "password": "wrong", "session_id": "s", "session_timeout": "9"},
            {},
            b"1\n",
        ),
        ("SELECT 1", {}, {"Authorization": "Basic eDp5", "X-ClickHouse-User": "x"}, b"1\n"),
        ("SELECT 1;", {}, {}, b"1\n"),
    ],
)
def test_formats_settings_and_parameters(front, sql, options, headers, body):
    assert ask(front, headers=headers, query=sql, **options).body == body
    assert ask(front, sql.encode(), headers, **options).body == body


def test_json_in_many_blocks_is_one_document(front):
    reply = ask(front, b"SELECT number FROM numbers(300000) FORMAT JSON")

    assert len(json.loads(reply.body)["data"]) == 300_000
    assert reply.headers["Content-Type"] == "application/json; charset=UTF-8"


def test_the_data_of_an_insert_in_the_body(front, table_client, database):
    rows = b'{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n'

    reply = ask(front, rows, query="INSERT INTO t FORMAT JSONEachRow", database=database)
    ask(front, b"INSERT INTO t FORMAT JSONEachRow\n" + rows, database=database)
    ask(front, b"(5, 'v')", query="INSERT INTO t VALUES", database=database)
    ask(
        front, b"INSERT INTO t VALUES ({n:UInt8}, {s:String})", database=database, param_n="6", param_s="it's"
    )

    assert json.loads(reply.headers["X-ClickHouse-Summary"])["written_rows"] == "2"
    assert reply.headers["X-ClickHouse-Format"] is None
    expected = [(1, "x"), (1, "x"), (2, "y"), (2, "y"), (5, "v"), (6, "it's")]
    assert table_client.query("SELECT a, b FROM t ORDER BY a").result_rows == expected


def test_settings_within_an_insert_count(front, table_client, database):
    sql = b"INSERT INTO t (a, b) SETTINGS format_csv_delimiter = ';' FORMAT CSV\n1;x\n"

    assert ask(front, sql, database=database).status == 200
    assert table_client.query("SELECT a, b FROM t").result_rows == [(1, "x")]


@pytest.mark.parametrize(
    ("setting", "code"),
    [("parts_to_throw_insert=1", "252"), (f"min_free_disk_bytes_to_perform_insert={10**17}", "243")],
)
def test_rows_that_the_table_refuses_are_not_said_to_be_written(front, table_client, database, setting, code):
    options = {"query": "INSERT INTO t FORMAT CSV", "database": database}
    for row in (b"1,x\n", b"2,y\n"):
        ask(front, row, **options)
    table_client.command(f"ALTER TABLE t MODIFY SETTING {setting}")

    assert ask(front, b"3,z\n", **options).code == code
    assert table_client.command("SELECT count() FROM t") == 2


def test_an_insert_larger_than_memory_allows_for_bodies(front, table_client, database):
    line = b"7," + b"x" * 1000 + b"\n"

    ask(front, line * 40_000, query="INSERT INTO t FORMAT CSV", database=database)

    assert table_client.query("SELECT count(), min(length(b)) FROM t").result_rows == [(40_000, 1000)]


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("lz4", lz4.frame.compress), ("bz2", bz2.compress)],
)
def test_a_compressed_body_is_read_to_its_end_or_refused(front, table_client, database, encoding, compress):
    body = compress(b"1,x\n" * 1000)
    headers = {"Content-Encoding": encoding}
    options = {"query": "INSERT INTO t FORMAT CSV", "database": database}

    for broken in (body[:-6], b"no " + body, b"\xff" * 99):
        assert ask(front, broken, headers, **options).code == "271"
    assert table_client.command("SELECT count() FROM t") == 0
    assert ask(front, body, headers, **options).status == 200
    assert table_client.command("SELECT count() FROM t") == 1000


@pytest.mark.parametrize(
    "sql", ["CREATE DATABASE x", "DROP DATABASE system", "SET readonly = 0", "SYSTEM FLUSH LOGS"]
)
def test_a_get_only_reads(front, sql):
    assert ask(front, query=sql).code == "164"
    assert ask(front, query=sql, readonly="0").code == "164"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:8123"}, 403),
        ({"Host": ""}, 403),
        ({"Host": "[::1"}, 403),
        ({"Host": "localhost"}, 200),
        ({"Host": "[::1]:8123"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "localhost:9", "Origin": "http://localhost:9"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
    ],
)
def test_only_this_machine_and_no_other_site_may_ask(front, headers, status):
    for reply in (ask(front, b"SELECT 1", headers), ask(front, None, headers, query="SELECT 1")):
        assert reply.status == status
        assert reply.code == (None if status == 200 else "497")
