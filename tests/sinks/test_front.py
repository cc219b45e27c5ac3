from __future__ import annotations

import bz2
import gzip
import json
import socket
import threading
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import clickhouse_connect
import lz4.frame
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import Stop
from sinks.engine import running_front
from sinks.front import Front

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from clickhouse_connect.driver.client import Client


@dataclass
class Reply:
    status: int
    headers: Message
    body: bytes

    @property
    def code(self) -> str | None:
        return self.headers["X-ClickHouse-Exception-Code"]


def ask(
    front: Front,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    path: str = "/",
    **options: str,
) -> Reply:
    """What curl would get: a GET without a body, a POST with one."""
    url = front.address + path + ("?" + urlencode(options) if options else "")
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=30) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())


@pytest.fixture
def client(front, database) -> Iterator[Client]:
    with clickhouse_connect.get_client(host="127.0.0.1", port=front.port, database=database) as client:
        client.command("CREATE TABLE t (a UInt32, b String) ENGINE = MergeTree ORDER BY a")
        yield client


# --- clickhouse-connect ---


def test_rows_go_in_and_come_out(client):
    summary = client.insert("t", [[1, "one"], [2, "zwei 🎉"]], column_names=["a", "b"])

    assert summary.written_rows == 2
    assert client.query("SELECT * FROM t ORDER BY a").result_rows == [(1, "one"), (2, "zwei 🎉")]
    assert client.query("SELECT a FROM t ORDER BY a").summary["read_rows"] == "2"


@pytest.mark.parametrize("codec", ["lz4", "zstd", "gzip"])
@pytest.mark.usefixtures("client")
def test_inserts_may_be_compressed(front, database, codec):
    with clickhouse_connect.get_client(
        host="localhost", port=front.port, database=database, compress=codec
    ) as sender:
        sender.insert("t", [[number, "x" * 100] for number in range(10_000)], column_names=["a", "b"])

        assert sender.query("SELECT count(), sum(a), max(length(b)) FROM t").result_rows == [
            (10_000, 49_995_000, 100)
        ]


def test_arrow_tables_and_frames(client):
    table = pa.table({"a": pa.array([1, 2], pa.uint32()), "b": ["x", "y"]})
    assert client.insert_arrow("t", table).written_rows == 2
    client.insert_df("t", pd.DataFrame({"a": [3], "b": ["z"]}))

    assert client.query_arrow("SELECT * FROM t ORDER BY a").to_pydict() == {
        "a": [1, 2, 3],
        "b": ["x", "y", "z"],
    }
    assert client.query_df("SELECT * FROM t ORDER BY a")["b"].tolist() == ["x", "y", "z"]
    assert np.array_equal(client.query_np("SELECT a FROM t ORDER BY a").ravel(), [1, 2, 3])


def test_large_results_are_streamed(client):
    with client.query_rows_stream("SELECT number FROM numbers(1000000)") as rows:
        assert sum(number for (number,) in rows) == 499_999_500_000
    with client.query_column_block_stream("SELECT number FROM numbers(1000000)") as blocks:
        assert sum(len(block[0]) for block in blocks) == 1_000_000


def test_a_stream_may_be_left_early(client):
    for _ in range(20):  # more often than there are workers
        with client.query_rows_stream("SELECT number FROM numbers(1000000)") as rows:
            assert next(iter(rows)) == (0,)

    assert client.command("SELECT 1") == 1


def test_raw_queries_and_inserts(client):
    client.raw_insert("t", ["a", "b"], "1,x\n2,y\n", fmt="CSV")
    client.raw_insert("t", ["a", "b"], gzip.compress(b"3,z\n"), fmt="CSV", compression="gzip")
    client.raw_insert("t", ["a", "b"], iter([b"4,", b"q\n"]), fmt="CSV")

    assert client.raw_query("SELECT * FROM t ORDER BY a", fmt="CSV") == b'1,"x"\n2,"y"\n3,"z"\n4,"q"\n'
    with client.raw_stream("SELECT a FROM t ORDER BY a", fmt="TSV") as stream:
        assert stream.read() == b"1\n2\n3\n4\n"


@pytest.mark.parametrize("text", ["", "it's", "a\tb\nc\\d", "ünï 🎉", "x" * 100_000])
def test_parameters_are_bound_by_the_engine(client, text):
    assert client.query("SELECT {x:String}, {n:UInt8}", parameters={"x": text, "n": 3}).result_rows == [
        (text, 3)
    ]


def test_settings_hold_for_their_query_only(client):
    client.command("CREATE TABLE r (a UInt8, v UInt8) ENGINE = ReplacingMergeTree(v) ORDER BY a")
    client.command("SYSTEM STOP MERGES")
    for version in (1, 2):
        client.insert("r", [[1, version]], column_names=["a", "v"])

    assert client.query("SELECT v FROM r", settings={"final": 1}).result_rows == [(2,)]
    assert len(client.query("SELECT v FROM r").result_rows) == 2
    client.command("SYSTEM START MERGES")


def test_commands_say_what_a_server_says(client, database):
    assert client.command("SELECT currentDatabase()") == database
    assert client.command("SELECT 'a', 'b'") == ["a", "b"]
    assert client.command("SELECT a FROM t") == ""
    assert client.command("INSERT INTO t VALUES (1, 'x'), (2, 'y')").written_rows == 2
    assert client.command("INSERT INTO t SELECT number, 'z' FROM numbers(3)").written_rows == 3
    assert client.query("SELECT a FROM t LIMIT 0").column_names == ("a",)
    assert client.ping()


@pytest.mark.parametrize(
    ("sql", "code", "name"),
    [
        ("SELECT * FROM nowhere", 60, "UNKNOWN_TABLE"),
        ("SELECT nothing", 47, "UNKNOWN_IDENTIFIER"),
        ("SELECT FROM WHERE", 62, "SYNTAX_ERROR"),
        ("SELECT throwIf(number = 90000) FROM numbers(100000)", 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"),
    ],
)
def test_errors_keep_their_code_and_name(client, sql, code, name):
    with pytest.raises(DatabaseError, match=name) as caught:
        client.query(sql)

    assert (caught.value.code, caught.value.name) == (code, name)
    assert client.query("SELECT 1").result_rows == [(1,)]


def test_an_insert_that_fails_stores_nothing(client):
    with pytest.raises(DatabaseError, match="CANNOT_PARSE") as caught:
        client.raw_insert("t", ["a", "b"], "1,x\nnot a number,y\n", fmt="CSV")

    assert caught.value.code == 27
    assert client.command("SELECT count() FROM t") == 0


def test_a_failure_in_the_middle_of_a_stream_is_told(client):
    with (
        pytest.raises(StreamFailureError, match="THROW_IF"),
        client.query_rows_stream("SELECT throwIf(number = 2900000) FROM numbers(3000000)") as rows,
    ):
        for _ in rows:
            pass

    assert client.command("SELECT 1") == 1


async def test_the_async_client_works_too(front, client, database):
    del client
    async with await clickhouse_connect.get_async_client(
        host="127.0.0.1", port=front.port, database=database
    ) as other:
        await other.insert("t", [[1, "x"]], column_names=["a", "b"])
        assert (await other.query("SELECT * FROM t")).result_rows == [(1, "x")]


# --- curl and browsers ---


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


def test_the_data_of_an_insert_in_the_body(front, client, database):
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
    assert client.query("SELECT a, b FROM t ORDER BY a").result_rows == expected


def test_settings_within_an_insert_count(front, client, database):
    sql = b"INSERT INTO t (a, b) SETTINGS format_csv_delimiter = ';' FORMAT CSV\n1;x\n"

    assert ask(front, sql, database=database).status == 200
    assert client.query("SELECT a, b FROM t").result_rows == [(1, "x")]


@pytest.mark.parametrize(
    ("setting", "code"),
    [("parts_to_throw_insert=1", "252"), (f"min_free_disk_bytes_to_perform_insert={10**17}", "243")],
)
def test_rows_that_the_table_refuses_are_not_said_to_be_written(front, client, database, setting, code):
    options = {"query": "INSERT INTO t FORMAT CSV", "database": database}
    for row in (b"1,x\n", b"2,y\n"):
        ask(front, row, **options)
    client.command(f"ALTER TABLE t MODIFY SETTING {setting}")

    assert ask(front, b"3,z\n", **options).code == code
    assert client.command("SELECT count() FROM t") == 2


def test_an_insert_larger_than_memory_allows_for_bodies(front, client, database):
    line = b"7," + b"x" * 1000 + b"\n"

    ask(front, line * 40_000, query="INSERT INTO t FORMAT CSV", database=database)

    assert client.query("SELECT count(), min(length(b)) FROM t").result_rows == [(40_000, 1000)]


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("lz4", lz4.frame.compress), ("bz2", bz2.compress)],
)
def test_a_compressed_body_is_read_to_its_end_or_refused(front, client, database, encoding, compress):
    body = compress(b"1,x\n" * 1000)
    headers = {"Content-Encoding": encoding}
    options = {"query": "INSERT INTO t FORMAT CSV", "database": database}

    for broken in (body[:-6], b"no " + body, b"\xff" * 99):
        assert ask(front, broken, headers, **options).code == "271"
    assert client.command("SELECT count() FROM t") == 0
    assert ask(front, body, headers, **options).status == 200
    assert client.command("SELECT count() FROM t") == 1000


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


# --- what is wrong is told, and harms nothing ---


@pytest.mark.parametrize(
    ("body", "headers", "options", "expected"),
    [
        (b"", {}, {}, (400, 62)),
        (b"-- nothing", {}, {}, (400, 62)),
        (b"SELECT 1; SELECT 2", {}, {}, (400, 62)),
        (b"1 + 1", {}, {}, (400, 62)),
        (b"SELECT 'open", {}, {}, (400, 62)),
        (b"SELECT \xff\xfe", {}, {}, (400, 62)),
        (b"SELECT 1 \x00 2", {}, {}, (400, 62)),
        (b"SELECT 1 FORMAT Nonsense", {}, {}, (404, 73)),
        (b"SELECT 1", {}, {"default_format": "DataFrame"}, (404, 73)),
        (b"SELECT 1", {}, {"default_format": "x; DROP"}, (404, 73)),
        (b"SELECT 1", {}, {"database": "no'`where"}, (404, 81)),
        (b"SELECT 1", {}, {"no_such_setting": "1"}, (404, 115)),
        (b"SELECT 1", {}, {"x = 1, y": "1"}, (404, 115)),
        (b"SELECT 1", {}, {"max_threads": "many'"}, (400, 27)),
        (b"SELECT {x:UInt8}", {}, {}, (500, 456)),
        (b"SELECT {x:UInt8}", {}, {"param_x": "many"}, (500, 457)),
        (b"SELECT 1", {}, {"compress": "1"}, (501, 48)),
        (b"SELECT 1", {}, {"decompress": "1"}, (501, 48)),
        (b"SELECT 1", {"Content-Encoding": "snappy"}, {}, (501, 48)),
        (b"SELECT 1", {"Content-Encoding": "gzip"}, {}, (500, 271)),
        (b"SELECT 1 INTO OUTFILE 'x'", {}, {}, (500, 358)),
        (b"INSERT INTO t FROM INFILE 'x' FORMAT CSV", {}, {}, (500, 358)),
        (b"INSERT INTO t SELECT a FROM input('a UInt8') FORMAT CSV\n1", {}, {}, (501, 48)),
        (b"INSERT INTO nowhere FORMAT CSV\n1", {}, {}, (404, 60)),
        (b"INSERT INTO nowhere VALUES (1)", {}, {}, (404, 60)),
        (b"INSERT INTO nowhere FORMAT DataFrame\n1", {}, {}, (404, 73)),
        (b"no form", {"Content-Type": "multipart/form-data"}, {}, (400, 36)),
        (b"no form", {"Content-Type": "multipart/form-data; boundary=x"}, {}, (400, 36)),
        (
            b"SELECT throwIf(number = 2900000) FROM numbers(3000000)",
            {},
            {"wait_end_of_query": "1"},
            (500, 395),
        ),
    ],
)
def test_errors_have_a_code_a_status_and_a_text(front, body, headers, options, expected):
    status, code = expected
    reply = ask(front, body, headers, **options)

    assert (reply.status, reply.code) == (status, str(code))
    assert reply.body.startswith(f"Code: {code}. DB::Exception: ".encode())
    assert ask(front, b"SELECT 1").body == b"1\n"


PIECES = st.sampled_from(
    [
        b"SELECT ",
        b"1",
        b"'",
        b"\\",
        b"(",
        b")",
        b";",
        b"INSERT INTO t ",
        b"FORMAT ",
        b"CSV",
        b"\n",
        b"\x00",
        b"\xff",
    ]
)
ENCODINGS = st.sampled_from(
    ["", "identity", "gzip", "deflate", "lz4", "zstd", "br", "bz2", "snappy", "nonsense"]
)


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.lists(PIECES, max_size=12).map(b"".join) | st.binary(max_size=64), encoding=ENCODINGS)
def test_whatever_is_sent_gets_an_answer(front, body, encoding):
    reply = ask(front, body, {"Content-Encoding": encoding} if encoding else {}, database="system")

    assert reply.status == 200 or reply.body.startswith(f"Code: {reply.code}. DB::Exception: ".encode())
    assert reply.status < 500 or reply.code != "1002", reply.body


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 100\r\n\r\n1,x\n",
        b"Transfer-Encoding: chunked\r\n\r\n4\r\n1,x\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n4\r\n1,x\n\r\nnonsense",
        b"",
    ],
)
def test_an_insert_that_breaks_off_stores_nothing(front, client, database, rest, caplog):
    head = f"POST /?database={database}&query=INSERT+INTO+t+FORMAT+CSV HTTP/1.1\r\nHost: localhost\r\n"
    for _ in range(10):  # more often than there are workers
        with socket.create_connection(("127.0.0.1", front.port), timeout=10) as connection:
            connection.sendall(head.encode() + rest)

    assert client.command("SELECT count() FROM t") == 0
    assert caplog.records == []


def test_a_stream_that_nobody_reads_any_more_ends(front, client, until, caplog):
    for _ in range(10):
        with socket.create_connection(("127.0.0.1", front.port), timeout=10) as connection:
            connection.sendall(
                b"GET /?query=SELECT+number+FROM+system.numbers HTTP/1.1\r\nHost: localhost\r\n\r\n"
            )
            assert connection.recv(5) == b"HTTP/"

    running = "SELECT count() FROM system.processes WHERE query LIKE '%system.numbers'"
    until(lambda: client.command(running) == 0)
    assert caplog.records == []


# --- many at once ---

INSERTER = """
import sys
import clickhouse_connect
port, database, start = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with clickhouse_connect.get_client(host="127.0.0.1", port=port, database=database) as client:
    for row in range(start, start + 1000, 50):
        client.insert("t", [[number, "p"] for number in range(row, row + 50)], column_names=["a", "b"])
        seen = f"SELECT count() FROM t WHERE a >= {start} AND a < {start + 1000}"
        assert client.command(seen) == row + 50 - start
"""


def test_processes_and_threads_insert_and_query_at_once(front, client, database, python):
    processes = [python(INSERTER, front.port, database, start) for start in (0, 1000)]
    failures: list[BaseException] = []

    def work(start: int) -> None:
        try:
            with clickhouse_connect.get_client(host="127.0.0.1", port=front.port, database=database) as mine:
                for row in range(start, start + 1000, 50):
                    mine.insert(
                        "t", [[number, "t"] for number in range(row, row + 50)], column_names=["a", "b"]
                    )
                    seen = f"SELECT count() FROM t WHERE a >= {start} AND a < {start + 1000}"
                    assert mine.command(seen) == row + 50 - start
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(2000, 12000, 1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [process.communicate(timeout=60) for process in processes] == [("", ""), ("", "")]
    assert failures == []
    assert client.query("SELECT count(), uniqExact(a), sum(a) FROM t").result_rows == [
        (12000, 12000, 71_994_000)
    ]


# --- starting and stopping ---


def test_a_taken_port_is_one_clear_line(engine, front):
    with pytest.raises(Stop, match=rf"port {front.port} on 127.0.0.1 is taken: .* choose another port"):
        Front(engine, port=front.port).start()

    assert running_front(engine.data_dir) == front.address


def test_it_can_be_stopped_and_started_again(engine):
    other = Front(engine, port=0)
    for _ in range(2):
        with other:
            assert ask(other, b"SELECT 1").body == b"1\n"
        other.stop()

    with pytest.raises(urllib.error.URLError):
        ask(other)


def test_a_stop_ends_what_runs_for_too_long(engine, front, until):
    replies: list[Reply] = []
    forever = b"SELECT count() FROM numbers(1000000000000) WHERE sin(number) > 2"
    with Front(engine, port=0) as other:
        thread = threading.Thread(target=lambda: replies.append(ask(other, forever, log_comment="forever")))
        thread.start()
        running = b"SELECT count() FROM system.processes WHERE Settings['log_comment'] LIKE '% forever'"
        until(lambda: ask(front, running).body == b"1\n")
    thread.join()

    assert [reply.code for reply in replies] == ["394"]
