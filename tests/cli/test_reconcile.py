from __future__ import annotations

import json

import pytest
from support.fickle import Fickle

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


def test_what_has_come_of_it_is_kept(hubbub, altered):
    select = "SELECT * FROM reconciles ORDER BY at"

    def kept():
        done = hubbub("sql", f"{select} FORMAT JSONEachRow", "--data", altered)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    before = kept()
    assert hubbub("reconcile", "--data", altered, "--show", "1").returncode == 1
    assert hubbub("reconcile", "--data", altered, "--from", "2026-01-06").returncode == 1
    first, second = kept()[len(before) :]
    assert (first["period_from"], first["period_to"]) == (None, None)
    assert (first["rows_compared"], first["values_compared"], first["differences"]) == (18, 432, 2)
    assert first["seconds"] > 0
    assert first["first_differences"] == [
        "dialogue_minutes acme x 2026-01-05 10:05:00: bc is 2 and should be 1"
    ]
    assert second["period_from"].startswith("2026-01-06")
    assert second["first_differences"] == ["conversations acme x p7: row is 0 and should be 1"]


def test_who_may_only_read_may_compare_and_hears_that_it_is_not_kept(hubbub, front, engine, tables):
    client = engine.client(database=tables)
    with Fickle(front.port) as proxy, proxy.with_settings(readonly=2):
        settings = {"HUBBUB_CLICKHOUSE": f"http://127.0.0.1:{proxy.port}", "HUBBUB_DATABASE": tables}
        client.command(
            "INSERT INTO dialogue_minutes (minute, brand, bo) VALUES ('2026-01-05 10:00:00', 'a', 1)"
        )
        done = hubbub("reconcile", **settings)
        assert (done.returncode, done.stdout.splitlines()[0][-10:]) == (1, ": 1 differ")
        assert done.stderr.startswith("this is not kept in the view reconciles: writing to reconcile_runs: ")
        assert done.stderr.count("\n") == 1
        assert client.query("SELECT count() FROM reconciles").result_rows == [(0,)]
    client.close()


def test_mistakes_are_one_line(hubbub, refused, tmp_path):
    assert refused("reconcile", "--from", "soon") == (
        "--from: soon is no time; write 2026-01-31, 2026-01-31T12:00 (UTC) or 2026-01-31T12:00+01:00"
    )
    assert refused("reconcile", "--from", "2026-02-01", "--to", "2026-01-01").startswith("--from: ")
    assert refused("reconcile", "--data", tmp_path / "none").startswith("no database in ")
    data = tmp_path / "data"
    assert hubbub("migrate", "--data", data).returncode == 0
    assert refused("reconcile", "--data", data).startswith("nothing is stored yet")
