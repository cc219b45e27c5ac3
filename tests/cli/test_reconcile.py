from __future__ import annotations

import json

import pytest

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")


@pytest.fixture(scope="module")
def altered(hubbub, tmp_path_factory):
    """The sample, and in one minute a reply of the brand that nobody has written; a conversation is gone."""
    data = tmp_path_factory.mktemp("altered") / "data"
    done = hubbub("replay", "--format", "jsonl", "--brands", "brands.toml", "events.jsonl", "--data", data)
    assert done.returncode == 0, done.stderr
    for statement in (
        """INSERT INTO dialogue_minutes SELECT * REPLACE (bc + 1 AS bc, applied + 1 AS applied)
        FROM dialogue_minutes FINAL WHERE minute = '2026-01-05 10:05:00'""",
        "DELETE FROM conversations WHERE conversation = 'p7'",
    ):
        assert hubbub("sql", statement, "--data", data).returncode == 0
    return data


def test_what_agrees_is_one_line(hubbub, replayed):
    done = hubbub("reconcile", "--data", replayed.data)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "compared 7 windows, 4 conversations and 7 messages, 432 values, with what the interactions say: "
        "nothing differs\n"
    )


def test_what_differs_is_listed_with_what_to_do(hubbub, altered):
    done = hubbub("reconcile", "--data", altered)
    assert (done.returncode, done.stderr) == (1, "")
    first, *table, last = done.stdout.splitlines()
    assert first.endswith(": 2 differ")
    rows = [line.split() for line in table]
    assert ["dialogue_minutes", "acme", "x", "2026-01-05", "10:05:00", "bc", "2", "1"] in rows
    assert ["conversations", "acme", "x", "p7", "row", "0", "1"] in rows
    assert last.startswith("If workers are running: stop them and look again")


def test_json_has_all_of_it(hubbub, altered):
    done = hubbub("reconcile", "--data", altered, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout) == {
        "compared": {"dialogue_minutes": 7, "conversations": 4, "interactions": 7, "values": 432},
        "different": 2,
        "differences": [
            {
                "table": "dialogue_minutes",
                "brand": "acme",
                "platform": "x",
                "minute": "2026-01-05T10:05:00+00:00",
                "column": "bc",
                "stored": 2,
                "recomputed": 1,
            },
            {
                "table": "conversations",
                "brand": "acme",
                "platform": "x",
                "conversation": "p7",
                "column": "row",
                "stored": 0,
                "recomputed": 1,
            },
        ],
    }


def test_only_the_period_that_is_asked_for_counts(hubbub, altered):
    done = hubbub("reconcile", "--data", altered, "--from", "2026-01-05T10:06", "--to", "2026-01-15")
    assert done.returncode == 0, done.stdout


def test_what_is_not_listed_is_counted(hubbub, altered):
    done = hubbub("reconcile", "--data", altered, "--show", "1")
    assert done.returncode == 1
    assert "and 1 more; --show lists them." in done.stdout
    assert "p7" not in done.stdout


def test_mistakes_are_one_line(hubbub, refused, tmp_path):
    assert refused("reconcile", "--from", "soon") == (
        "--from: soon is no time; write 2026-01-31, 2026-01-31T12:00 (UTC) or 2026-01-31T12:00+01:00"
    )
    assert refused("reconcile", "--from", "2026-02-01", "--to", "2026-01-01").startswith("--from: ")
    assert refused("reconcile", "--data", tmp_path / "none").startswith("no database in ")
    data = tmp_path / "data"
    assert hubbub("migrate", "--data", data).returncode == 0
    assert refused("reconcile", "--data", data).startswith("nothing is stored yet")
