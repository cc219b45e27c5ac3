from __future__ import annotations

import json


def test_a_registry_without_mistakes(hubbub):
    done = hubbub("brands", "check", "brands.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "brands.toml: 1 brands with 1 accounts and 0 agents; no mistakes\n"


def test_every_mistake_with_line_and_field(hubbub):
    done = hubbub("brands", "check", "mistakes.toml")
    assert done.returncode == 2
    assert done.stdout == (
        "mistakes.toml, line 3: brand.1.colour: this key is not known\n"
        "mistakes.toml, line 5: brand.1.account.1.id: is missing\n"
    )
    assert done.stderr == "hubbub: mistakes.toml: 2 mistakes; mend them and check again\n"


def test_mistakes_for_programs(hubbub):
    done = hubbub("brands", "check", "mistakes.toml", "--json")
    assert done.returncode == 2
    found = json.loads(done.stdout)
    assert found["mistakes"][0] == {
        "line": 3,
        "field": "brand.1.colour",
        "message": "this key is not known",
    }
    assert json.loads(hubbub("brands", "check", "brands.toml", "--json").stdout) == {
        "file": "brands.toml",
        "brands": ["acme"],
        "mistakes": [],
    }


def test_a_registry_that_cannot_be_read(refused):
    assert (
        refused("brands", "check", "nosuch.toml") == "nosuch.toml: cannot be read: No such file or directory"
    )
