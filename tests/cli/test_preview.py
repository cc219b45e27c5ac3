"""`hubbub dashboards preview`: started on a folder, asked over HTTP, and stopped."""

from __future__ import annotations

import json
import re
import signal
import socket
from urllib.request import urlopen

import pytest

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")


def address_of(process):
    """Where it is served, once it has said all that it says."""
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C stops it." in line:
            return re.search(r"^dashboards +(http://127\.0\.0\.1:\d+)$", said, re.MULTILINE)[1]
    raise AssertionError(f"it ended: {process.stderr.read()}")


def asked(address, path):
    with urlopen(address + path) as answer:
        return json.load(answer)


def test_it_shows_a_folder_that_others_may_use_meanwhile_and_ends_cleanly(hubbub, start, replayed):
    preview = start("dashboards", "preview", "--data", replayed.data, "--port", 0)
    address = address_of(preview)
    uids = [board["uid"] for board in asked(address, "/api/dashboards")]
    assert uids[0] == "hubbub-dialogue"
    newest = asked(address, f"/api/dashboards/{uids[0]}/newest")["newest"]
    scope = f"from=0&to={newest + 1}&points=100"
    assert asked(address, f"/api/dashboards/{uids[0]}/variables/brand?{scope}")["rows"] == [["acme"]]
    count = hubbub("sql", "SELECT count() AS n FROM interactions", "--data", replayed.data, "--json")
    assert json.loads(count.stdout)["n"] == 7
    preview.send_signal(signal.SIGINT)
    said, complained = preview.communicate(timeout=60)
    assert (said, complained, preview.returncode) == ("", "", 0)


def test_without_a_database_it_says_how_to_make_one(refused, tmp_path):
    assert "hubbub replay" in refused("dashboards", "preview", "--data", tmp_path / "none")


def test_a_server_that_is_away_is_said(refused):
    line = refused("dashboards", "preview", HUBBUB_CLICKHOUSE="http://someone:secret@127.0.0.1:9")
    assert line.startswith("cannot reach ClickHouse at http://127.0.0.1:9")
    assert "secret" not in line


def test_a_taken_port_is_said(refused, replayed):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused("dashboards", "preview", "--data", replayed.data, "--port", port).startswith(
            f"port {port} "
        )
