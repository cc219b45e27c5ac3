from __future__ import annotations

import json


def test_it_says_what_it_did_and_what_is_next(replayed):
    assert replayed.output == (
        "replayed 7 events of events.jsonl into database hubbub\n"
        f"next: hubbub report --data {replayed.data}\n"
    )


def test_names_make_brands_but_do_not_take_the_place_of_known_ones(hubbub, tmp_path, home):
    data = tmp_path / "data"
    known = tmp_path / "brands.toml"
    known.write_text('[[brand]]\nname = "Acme Corp"\n[[brand.account]]\nplatform = "x"\nid = "acme"\n')
    (tmp_path / "other.csv").write_text((home / "twcs.csv").read_text().replace("acme", "other"))
    for brands, file in ((known, "twcs.csv"), ("auto", "twcs.csv"), ("auto", tmp_path / "other.csv")):
        done = hubbub("replay", "--format", "twcs", "--brands", brands, file, "--data", data, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {"events": 2, "refused": 0, "dropped": 0}
    newest = "SELECT version, body FROM registries ORDER BY version DESC LIMIT 1"
    row = json.loads(hubbub("sql", newest, "--data", data, "--json").stdout)
    assert row["version"] == 2
    assert [brand["name"] for brand in json.loads(row["body"])["brand"]] == ["Acme Corp", "other"]


def test_migrating_again_changes_nothing(hubbub, tmp_path):
    data = tmp_path / "data"
    first, second = (json.loads(hubbub("migrate", "--data", data, "--json").stdout) for _ in range(2))
    assert first["applied"][0] == "0001_migrations.sql"
    assert second == {"database": "hubbub", "applied": []}
