"""`hubbub rebuild` on a folder: everything counted anew from what is stored."""

from __future__ import annotations

import json


def _days(hubbub, data):
    return hubbub("sql", "SELECT * FROM dialogue_daily ORDER BY ALL", "--data", data, "--json").stdout


def test_wrong_numbers_in_a_folder_are_right_after_it(hubbub, tmp_path):
    data = tmp_path / "data"
    assert (
        hubbub("replay", "--format", "twcs", "--brands", "auto", "twcs.csv", "--data", data).returncode == 0
    )
    before = _days(hubbub, data)
    wrong = "SELECT * REPLACE (bc + 7 AS bc, applied + 1 AS applied) FROM dialogue_minutes"
    assert hubbub("sql", f"INSERT INTO dialogue_minutes {wrong}", "--data", data).returncode == 0
    assert _days(hubbub, data) != before
    done = hubbub("rebuild", "--data", data, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["carried"] > 0
    assert (said["events"], said["refused"]) == (0, 0)
    assert _days(hubbub, data) == before
    again = hubbub("rebuild", "--data", data)
    assert again.stdout.startswith(f"took over {said['carried']} activities")


def test_without_a_kafka_it_says_so(hubbub):
    done = hubbub("rebuild", HUBBUB_KAFKA="127.0.0.1:9", HUBBUB_CLICKHOUSE="http://127.0.0.1:9")
    assert done.returncode == 2
    assert "127.0.0.1:9 does not answer" in done.stderr
    assert "Traceback" not in done.stderr
