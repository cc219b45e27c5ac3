"""Whatever is wrong with a request is told, and harms nothing."""

from __future__ import annotations

import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.asking import ask


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
def test_an_insert_that_breaks_off_stores_nothing(front, table_client, database, rest, caplog):
    head = f"POST /?database={database}&query=INSERT+INTO+t+FORMAT+CSV HTTP/1.1\r\nHost: localhost\r\n"
    for _ in range(10):  # more often than there are workers
        with socket.create_connection(("127.0.0.1", front.port), timeout=10) as connection:
            connection.sendall(head.encode() + rest)

    assert table_client.command("SELECT count() FROM t") == 0
    assert caplog.records == []


def test_a_stream_that_nobody_reads_any_more_ends(front, table_client, until, caplog):
    for _ in range(10):
        with socket.create_connection(("127.0.0.1", front.port), timeout=10) as connection:
            connection.sendall(
                b"GET /?query=SELECT+number+FROM+system.numbers HTTP/1.1\r\nHost: localhost\r\n\r\n"
            )
            assert connection.recv(5) == b"HTTP/"

    running = "SELECT count() FROM system.processes WHERE query LIKE '%system.numbers'"
    until(lambda: table_client.command(running) == 0)
    assert caplog.records == []
