from __future__ import annotations

import json
import signal
from datetime import UTC, datetime, timedelta

import pytest
from support.workers import WorkerProcess

from schemas.settings import Settings
from streams.lag import lag

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")


@pytest.fixture
def settings(broker, new_topic, front, tables):
    topic = new_topic(2)
    return Settings(
        kafka=broker.bootstrap,
        clickhouse=front.address,
        database=tables,
        topic=topic,
        group=topic,
        dead_letter_topic=new_topic(1),
        session_timeout=3.0,
        vitals_seconds=0.5,
    )


@pytest.mark.thorough
def test_a_live_community_is_counted_once_however_often_it_is_started(
    hubbub, start, until, settings, engine, *, tmp_path
):
    environment = settings.environment()
    week = datetime.now(UTC) - timedelta(days=datetime.now(UTC).weekday())
    arguments = ("simulate", "--since", f"{week - timedelta(weeks=1):%Y-%m-%d}", "--seed", 3, "--days", 28)
    done = hubbub(*arguments, "--past", "--json", **environment)
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["since"].startswith(f"{week - timedelta(weeks=1):%Y-%m-%d}")
    again = start(*arguments, **environment)  # live, this time
    client = engine.client(database=settings.database)

    def count():
        sql = "SELECT uniqExact(platform, id, activity, version), count() FROM activities FINAL"
        marks = "('mark', 'settle', 'forget')"
        return client.query(f"{sql} WHERE activity NOT IN {marks}").result_rows[0]

    def read():
        return client.query("SELECT sum(events_read) FROM pipeline_minutely").result_rows[0][0]

    worker = WorkerProcess(settings, tmp_path / "worker.log")
    try:
        until(lambda: read() > 1.9 * said["events"] and lag(settings) == 0)
        distinct, rows = count()
        assert distinct == rows
        assert said["events"] * 0.9 < distinct <= said["events"] * 1.05
        newest = client.query("SELECT max(published) FROM interactions", tz_mode="aware").result_rows[0][0]
        assert timedelta() <= datetime.now(UTC) - newest < timedelta(days=1)
        assert client.query("SELECT uniqExact(brand) FROM interactions").result_rows == [(3,)]
    finally:
        worker.tell_to_stop()
        assert worker.wait(60) == 0
        client.close()
    assert again.poll() is None
    again.send_signal(signal.SIGTERM)
    assert again.communicate(timeout=30) == ("", "")
    assert again.returncode == 128 + signal.SIGTERM


def test_mistakes_are_one_line(refused):
    assert refused("simulate", "--since", "soon").startswith("--since: soon is no time")
    assert refused("simulate", "--since", "2099-01-01").startswith("--since: 2099-01-01 is in a week that is")
    away = {"HUBBUB_KAFKA": "127.0.0.1:1"}
    assert "no Kafka broker answers at 127.0.0.1:1" in refused("simulate", "--days", 1, **away)
