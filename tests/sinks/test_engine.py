from __future__ import annotations

import signal
import threading

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from schemas.errors import Stop
from sinks.engine import Engine, running_front
from sinks.holder import CARD, LOCK

HOLD = """
import sys
from sinks.engine import Engine
with Engine(sys.argv[1]) as engine:
    if len(sys.argv) > 2:
        engine.announce(sys.argv[2])
    print("held", flush=True)
    sys.stdin.read()
"""
OPEN = """
import sys
from schemas.errors import Stop
from sinks.engine import Engine
try:
    with Engine(sys.argv[1]):
        print("opened")
except Stop as stop:
    print(stop)
    sys.exit(2)
"""


def test_clients_share_tables_but_not_their_database(engine, database):
    here, elsewhere = engine.client(database), engine.client()

    here.command("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a")
    here.insert("t", [[1], [2]], column_names=["a"])

    assert elsewhere.query(f"SELECT sum(a) FROM {database}.t").result_rows == [(3,)]
    with pytest.raises(DatabaseError, match="UNKNOWN_TABLE"):
        elsewhere.query("SELECT sum(a) FROM t")


def test_a_failed_query_leaves_no_rows_for_the_next_one(engine):
    client = engine.client()

    with pytest.raises(DatabaseError, match="THROW_IF"):
        client.query("SELECT throwIf(number = 90000) FROM numbers(100000)")

    assert client.query("SELECT 7").result_rows == [(7,)]


def test_threads_insert_at_once_with_a_client_each(engine, database):
    engine.client(database).command("CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a")

    def work(number: int) -> None:
        client = engine.client(database)
        for block in range(5):
            client.insert(
                "t", [[number * 1000 + block * 100 + row] for row in range(100)], column_names=["a"]
            )
        client.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert engine.client(database).query("SELECT count(), uniqExact(a) FROM t").result_rows == [(3000, 3000)]


@pytest.mark.usefixtures("engine")
def test_a_second_folder_in_one_process_is_refused_and_let_go(tmp_path, capfd):
    with pytest.raises(Stop, match="cannot open the embedded engine"), Engine(tmp_path):
        pass

    assert not (tmp_path / CARD).exists()
    assert running_front(tmp_path) is None
    assert capfd.readouterr().err == ""


def test_a_closed_engine_gives_no_clients(tmp_path):
    with pytest.raises(Stop, match="not open"):
        Engine(tmp_path).client()


def test_a_held_folder_is_refused_in_one_line_that_names_the_holder(python, tmp_path):
    holder = python(HOLD, tmp_path, "http://127.0.0.1:4711")
    assert holder.stdout.readline() == "held\n"

    second = python(OPEN, tmp_path)
    out, err = second.communicate(timeout=30)

    assert second.returncode == 2
    assert out.count("\n") == 1
    assert str(tmp_path) in out
    assert f"process {holder.pid}" in out
    assert "http://127.0.0.1:4711" in out
    assert err == ""


def test_the_folder_of_a_killed_process_is_free_again(python, tmp_path):
    holder = python(HOLD, tmp_path, "http://127.0.0.1:4711")
    assert holder.stdout.readline() == "held\n"
    assert running_front(tmp_path) == "http://127.0.0.1:4711"

    holder.send_signal(signal.SIGKILL)
    holder.wait(timeout=10)

    assert (tmp_path / CARD).exists()
    assert running_front(tmp_path) is None
    assert python(OPEN, tmp_path).communicate(timeout=30) == ("opened\n", "")


def test_a_folder_that_is_held_but_not_served_has_no_front(python, tmp_path):
    holder = python(HOLD, tmp_path)
    assert holder.stdout.readline() == "held\n"

    assert running_front(tmp_path) is None

    _, err = holder.communicate(timeout=30)
    assert err == ""
    assert not (tmp_path / CARD).exists()


def test_the_front_of_this_engine_is_found_by_its_folder(engine, front):
    assert running_front(engine.data_dir) == front.address


@pytest.mark.parametrize("card", ["", "no json", "[]", '{"pid": "x", "address": 3}', '{"pid": 1}'])
def test_a_card_without_a_lock_is_ignored(tmp_path, card):
    (tmp_path / CARD).write_text(card)
    (tmp_path / LOCK).touch()

    assert running_front(tmp_path) is None


def test_no_folder_has_no_front(tmp_path):
    assert running_front(tmp_path / "nowhere") is None


@pytest.mark.parametrize("where", ["file", "file/below"])
def test_a_file_in_the_way_is_one_clear_line(tmp_path, where):
    (tmp_path / "file").touch()

    with pytest.raises(Stop, match=r"cannot keep data in .*: name a folder that you may write to"):
        Engine(tmp_path / where).__enter__()


def test_without_chdb_the_line_says_what_to_install(python, tmp_path):
    code = "import sys\nsys.modules['chdb'] = None\n" + OPEN

    out, err = python(code, tmp_path).communicate(timeout=30)

    assert out == "the embedded engine is not installed: pip install 'hubbub[embedded]'\n"
    assert err == ""


def test_what_was_stored_is_there_when_the_folder_is_opened_again(python, tmp_path):
    code = """
import sys
from sinks.engine import Engine
create = "CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a"
for step in (create, "INSERT INTO t VALUES (7)", "SELECT a FROM t"):
    with Engine(sys.argv[1]) as engine:
        print(engine.client().command(step))
"""
    out, err = python(code, tmp_path).communicate(timeout=60)

    assert out.splitlines()[-1] == "7"
    assert err == ""
