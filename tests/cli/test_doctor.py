from __future__ import annotations

import json
import socket

import pytest


@pytest.fixture
def nobody():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{unused.getsockname()[1]}"


def states(done):
    return {check["what"]: check["state"] for check in json.loads(done.stdout)["checks"]}


def test_without_servers_it_says_what_to_do(hubbub, nobody):
    done = hubbub("doctor", HUBBUB_KAFKA=nobody, HUBBUB_CLICKHOUSE=f"http://ann:hidden@{nobody}")
    assert done.returncode == 2
    assert done.stderr == "hubbub: 2 of 5 checks failed\n"
    assert f"no broker answers at {nobody}: start it, set HUBBUB_KAFKA" in done.stdout
    assert f"cannot reach ClickHouse at http://{nobody}: start it" in done.stdout
    assert f"HUBBUB_CLICKHOUSE=http://{nobody}\n" in done.stdout
    assert "hidden" not in done.stdout


def test_an_embedded_database_is_all_that_is_needed(hubbub, replayed):
    done = hubbub("doctor", "--data", replayed.data, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert states(done) == {
        "software": "ok",
        "fold": "ok",
        "embedded parts": "ok",
        "Kafka": "warn",
        "ClickHouse": "ok",
        "database hubbub": "ok",
        "brand registry": "ok",
    }


def test_tables_that_are_missing(hubbub, replayed):
    done = hubbub("doctor", "--data", replayed.data, "--json", HUBBUB_DATABASE="other")
    assert done.returncode == 2
    assert states(done)["ClickHouse"] == "fail"
    assert f"run hubbub migrate --data {replayed.data}" in done.stdout


def test_topics_of_a_kafka(hubbub, broker, new_topic):
    done = hubbub("doctor", "--json", HUBBUB_KAFKA=broker.bootstrap, HUBBUB_TOPIC=new_topic(3))
    checks = {check["what"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["Kafka"]["state"] == "ok"
    (topic,) = [check for what, check in checks.items() if what.startswith("topic test-")]
    assert topic["detail"] == "3 partitions"


def test_a_setting_that_is_no_good(hubbub):
    done = hubbub("doctor", "--json", HUBBUB_PARTITIONS="many")
    assert done.returncode == 2
    assert states(done) == {"settings": "fail"}


def test_which_fold_is_at_work(hubbub):
    done = hubbub("doctor", "--json", HUBBUB_COMPILED="false")
    (fold,) = [check for check in json.loads(done.stdout)["checks"] if check["what"] == "fold"]
    assert fold == {"what": "fold", "state": "ok", "detail": "in Python", "advice": "HUBBUB_COMPILED says so"}
