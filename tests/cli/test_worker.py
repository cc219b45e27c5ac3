from __future__ import annotations

import json
import signal
import socket

import pytest

from schemas.settings import Settings
from streams.lag import lag

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")


@pytest.fixture
def settings(broker, new_topic):
    topic = new_topic(2)
    return {
        "HUBBUB_KAFKA": broker.bootstrap,
        "HUBBUB_TOPIC": topic,
        "HUBBUB_GROUP": topic,
        "HUBBUB_SESSION_TIMEOUT": "3",
    }


def test_it_stores_what_is_in_the_topic_until_it_is_told_to_stop(hubbub, start, until, tmp_path, settings):
    data = tmp_path / "data"
    assert hubbub("migrate", "--data", data).returncode == 0
    assert hubbub("ingest", "--format", "jsonl", "events.jsonl", **settings).returncode == 0
    worker = start("worker", "--brands", "brands.toml", "--data", data, **settings)
    names = {name.removeprefix("HUBBUB_").lower(): value for name, value in settings.items()}
    until((data / "hubbub.json").exists)
    until(lambda: lag(Settings(**names)) == 0)
    worker.send_signal(signal.SIGTERM)
    assert worker.communicate(timeout=60) == ("", "")
    assert worker.returncode == 0
    count = hubbub("sql", "SELECT count() AS n FROM interactions", "--data", data, "--json")
    assert json.loads(count.stdout) == {"n": 7}


def test_without_tables_it_does_not_even_join(hubbub, refused, tmp_path, settings):
    data = tmp_path / "data"
    assert hubbub("migrate", "--data", data).returncode == 0
    line = refused("worker", "--data", data, HUBBUB_DATABASE="other", **settings)
    assert line.startswith(f"no database other in {data}: run hubbub migrate --data {data}")


def test_what_makes_it_give_up_is_the_last_line(hubbub, start, tmp_path, settings):
    data = tmp_path / "data"
    assert hubbub("migrate", "--data", data).returncode == 0
    assert hubbub("sql", "DROP TABLE activities SYNC", "--data", data).returncode == 0
    assert hubbub("ingest", "--format", "jsonl", "events.jsonl", **settings).returncode == 0
    worker = start("worker", "--data", data, **settings)
    output, errors = worker.communicate(timeout=60)
    assert (worker.returncode, output) == (2, "")
    assert errors.splitlines()[-1].startswith("hubbub: ")
    assert errors.splitlines()[-1].endswith("run `hubbub migrate`")
    assert "Traceback" not in errors


def test_a_health_address_that_is_taken_is_one_line(hubbub, refused, tmp_path, settings):
    data = tmp_path / "data"
    assert hubbub("migrate", "--data", data).returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        line = refused("worker", "--brands", "brands.toml", "--data", data, HUBBUB_HEALTH=address, **settings)
    assert line.startswith(f"HUBBUB_HEALTH: {address} cannot be listened on")


def test_a_database_that_is_not_there_at_the_start_is_one_line(refused, settings):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        line = refused("worker", HUBBUB_CLICKHOUSE=address, **settings)
    assert line.startswith(f"cannot reach ClickHouse at {address}: start it")
