"""The front as clickhouse-connect sees it, many at once, and how it starts and stops."""

from __future__ import annotations

import gzip
import threading
import urllib.error
import urllib.request

import clickhouse_connect
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError
from support.asking import Reply, ask

from schemas.errors import Stop
from sinks.engine import running_front
from sinks.front import Front


def test_rows_go_in_and_come_out(table_client):
    summary = table_client.insert("t", [[1, "one"], [2, "zwei 🎉"]], column_names=["a", "b"])

    assert summary.written_rows == 2
    assert table_client.query("SELECT * FROM t ORDER BY a").result_rows == [(1, "one"), (2, "zwei 🎉")]
    assert table_client.query("SELECT a FROM t ORDER BY a").summary["read_rows"] == "2"


@pytest.mark.parametrize("codec", ["lz4", "zstd", "gzip"])
@pytest.mark.usefixtures("table_client")
def test_inserts_may_be_compressed(front, database, codec):
    with clickhouse_connect.get_client(
        host="localhost", port=front.port, database=database, compress=codec
    ) as sender:
        sender.insert("t", [[number, "x" * 100] for number in range(10_000)], column_names=["a", "b"])

        assert sender.query("SELECT count(), sum(a), max(length(b)) FROM t").result_rows == [
            (10_000, 49_995_000, 100)
        ]


def test_arrow_tables_and_frames(table_client):
    table = pa.table({"a": pa.array([1, 2], pa.uint32()), "b": ["x", "y"]})
    assert table_client.insert_arrow("t", table).written_rows == 2
    table_client.insert_df("t", pd.DataFrame({"a": [3], "b": ["z"]}))

    assert table_client.query_arrow("SELECT * FROM t ORDER BY a").to_pydict() == {
        "a": [1, 2, 3],
        "b": ["x", "y", "z"],
    }
    assert table_client.query_df("SELECT * FROM t ORDER BY a")["b"].tolist() == ["x", "y", "z"]
    assert np.array_equal(table_client.query_np("SELECT a FROM t ORDER BY a").ravel(), [1, 2, 3])


def test_large_results_are_streamed(table_client):
    with table_client.query_rows_stream("SELECT number FROM numbers(1000000)") as rows:
        assert sum(number for (number,) in rows) == 499_999_500_000
    with table_client.query_column_block_stream("SELECT number FROM numbers(1000000)") as blocks:
        assert sum(len(block[0]) for block in blocks) == 1_000_000


def test_a_stream_may_be_left_early(table_client):
    for _ in range(20):  # more often than there are workers
        with table_client.query_rows_stream("SELECT number FROM numbers(1000000)") as rows:
            assert next(iter(rows)) == (0,)

    assert table_client.command("SELECT 1") == 1


def test_raw_queries_and_inserts(table_client):
    table_client.raw_insert("t", ["a", "b"], "1,x\n2,y\n", fmt="CSV")
    table_client.raw_insert("t", ["a", "b"], gzip.compress(b"3,z\n"), fmt="CSV", compression="gzip")
    table_client.raw_insert("t", ["a", "b"], iter([b"4,", b"q\n"]), fmt="CSV")

    assert table_client.raw_query("SELECT * FROM t ORDER BY a", fmt="CSV") == b'1,"x"\n2,"y"\n3,"z"\n4,"q"\n'
    with table_client.raw_stream("SELECT a FROM t ORDER BY a", fmt="TSV") as stream:
        assert stream.read() == b"1\n2\n3\n4\n"


@pytest.mark.parametrize("text", ["", "it's", "a\tb\nc\\d", "ünï 🎉", "x" * 100_000])
def test_parameters_are_bound_by_the_engine(table_client, text):
    assert table_client.query("SELECT {x:String}, {n:UInt8}", parameters={"x": text, "n": 3}).result_rows == [
        (text, 3)
    ]


def test_settings_hold_for_their_query_only(table_client):
    table_client.command("CREATE TABLE r (a UInt8, v UInt8) ENGINE = ReplacingMergeTree(v) ORDER BY a")
    table_client.command("SYSTEM STOP MERGES")
    for version in (1, 2):
        table_client.insert("r", [[1, version]], column_names=["a", "v"])

    assert table_client.query("SELECT v FROM r", settings={"final": 1}).result_rows == [(2,)]
    assert len(table_client.query("SELECT v FROM r").result_rows) == 2
    table_client.command("SYSTEM START MERGES")


def test_commands_say_what_a_server_says(table_client, database):
    assert table_client.command("SELECT currentDatabase()") == database
    assert table_client.command("SELECT 'a', 'b'") == ["a", "b"]
    assert table_client.command("SELECT a FROM t") == ""
    assert table_client.command("INSERT INTO t VALUES (1, 'x'), (2, 'y')").written_rows == 2
    assert table_client.command("INSERT INTO t SELECT number, 'z' FROM numbers(3)").written_rows == 3
    assert table_client.query("SELECT a FROM t LIMIT 0").column_names == ("a",)
    assert table_client.ping()


@pytest.mark.parametrize(
    ("sql", "code", "name"),
    [
        ("SELECT * FROM nowhere", 60, "UNKNOWN_TABLE"),
        ("SELECT nothing", 47, "UNKNOWN_IDENTIFIER"),
        ("SELECT FROM WHERE", 62, "SYNTAX_ERROR"),
        ("SELECT throwIf(number = 90000) FROM numbers(100000)", 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"),
    ],
)
def test_errors_keep_their_code_and_name(table_client, sql, code, name):
    with pytest.raises(DatabaseError, match=name) as caught:
        table_client.query(sql)

    assert (caught.value.code, caught.value.name) == (code, name)
    assert table_client.query("SELECT 1").result_rows == [(1,)]


def test_an_insert_that_fails_stores_nothing(table_client):
    with pytest.raises(DatabaseError, match="CANNOT_PARSE") as caught:
        table_client.raw_insert("t", ["a", "b"], "1,x\nnot a number,y\n", fmt="CSV")

    assert caught.value.code == 27
    assert table_client.command("SELECT count() FROM t") == 0


def test_a_failure_in_the_middle_of_a_stream_is_told(table_client):
    with (
        pytest.raises(StreamFailureError, match="THROW_IF"),
        table_client.query_rows_stream("SELECT throwIf(number = 2900000) FROM numbers(3000000)") as rows,
    ):
        for _ in rows:
            pass

    assert table_client.command("SELECT 1") == 1


async def test_the_async_client_works_too(front, table_client, database):
    del table_client
    async with await clickhouse_connect.get_async_client(
        host="127.0.0.1", port=front.port, database=database
    ) as other:
        await other.insert("t", [[1, "x"]], column_names=["a", "b"])
        assert (await other.query("SELECT * FROM t")).result_rows == [(1, "x")]


INSERTER = """
import sys
import clickhouse_connect
port, database, start = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with clickhouse_connect.get_client(host="127.0.0.1", port=port, database=database) as table_client:
    for row in range(start, start + 1000, 50):
        table_client.insert("t", [[number, "p"] for number in range(row, row + 50)], column_names=["a", "b"])
        seen = f"SELECT count() FROM t WHERE a >= {start} AND a < {start + 1000}"
        assert table_client.command(seen) == row + 50 - start
"""


def test_processes_and_threads_insert_and_query_at_once(front, table_client, database, python):
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
    assert table_client.query("SELECT count(), uniqExact(a), sum(a) FROM t").result_rows == [
        (12000, 12000, 71_994_000)
    ]


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
