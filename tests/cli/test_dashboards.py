from __future__ import annotations

import json

import pytest
from support.grafana_stub import TOKEN, grafana

from schemas.errors import BadInput
from schemas.grafana import load_grafana


@pytest.fixture
def stub():
    with grafana() as stub:
        yield stub


def test_push_and_prune_say_what_they_do_and_do_it_once(hubbub, stub):
    there = {
        "HUBBUB_GRAFANA_URL": stub.address,
        "HUBBUB_GRAFANA_TOKEN": TOKEN,
        "HUBBUB_GRAFANA_CLICKHOUSE_HOST": "clickhouse",
        "HUBBUB_GRAFANA_CLICKHOUSE_PASSWORD": "s3cret",
        "HUBBUB_GRAFANA_CONTACT": "email:ops@example.com",
        "HUBBUB_DATABASE": "other",
    }
    tried = hubbub("dashboards", "push", "--dry-run", **there)
    assert (tried.returncode, tried.stderr) == (0, "")
    assert "create  dashboard: hubbub-dialogue" in tried.stdout
    assert tried.stdout.endswith("11 to change\n")
    assert stub.written == []
    done = hubbub("dashboards", "push", "--json", **there)
    assert done.returncode == 0
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(row["action"] == "create" and row["done"] for row in rows)
    assert stub.sources["clickhouse"]["jsonData"]["defaultDatabase"] == "other"
    assert "s3cret" not in tried.stdout + done.stdout
    assert hubbub("dashboards", "push", **there).stdout.endswith("\n0 changed\n")
    assert hubbub("dashboards", "prune", **there).stdout == "0 changed\n"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "HUBBUB_GRAFANA_TOKEN: is not set"),
        ({"TOKEN": "t", "URL": "http://127.0.0.1:1"}, "http://127.0.0.1:1 cannot be reached"),
        ({"TOKEN": "t", "URL": "grafana"}, "HUBBUB_GRAFANA_URL: is no address"),
        ({"TOKEN": "t", "URL": "http://me:s3cret@x"}, "use HUBBUB_GRAFANA_TOKEN"),
        ({"TOKEN": "t", "CONTACT": "s3cret"}, "HUBBUB_GRAFANA_CONTACT: reads like"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_2(hubbub, settings, said):
    done = hubbub(
        "dashboards", "push", **{f"HUBBUB_GRAFANA_{name}": value for name, value in settings.items()}
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "s3cret" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_build_writes_files_with_the_places_and_the_contact_that_are_set(hubbub, home):
    there = {
        "HUBBUB_GRAFANA_CLICKHOUSE_HOST": "db.example",
        "HUBBUB_GRAFANA_CONTACT": "webhook:https://hook.example",
    }
    assert hubbub("dashboards", "build", "--to", home / "grafana", **there).returncode == 0
    assert "db.example" in (home / "grafana/provisioning/datasources/clickhouse.yaml").read_text()
    assert "hook.example" in (home / "grafana/provisioning/alerting/contact-points.yaml").read_text()
    assert "receiver: hubbub" in (home / "grafana/provisioning/alerting/rules.yaml").read_text()
    assert hubbub("dashboards", "build", "--to", home / "grafana", "--check", **there).returncode == 0
    assert hubbub("dashboards", "build", "--to", home / "grafana", "--check").returncode == 1


def test_no_secret_shows_in_a_repr(monkeypatch):
    monkeypatch.setenv("HUBBUB_GRAFANA_TOKEN", "s3cret")
    monkeypatch.setenv("HUBBUB_GRAFANA_CONTACT", "slack:https://s3cret.example")
    assert "s3cret" not in repr(load_grafana())
    monkeypatch.setenv("HUBBUB_GRAFANA_CLICKHOUSE_PORT", "s3cret")
    with pytest.raises(BadInput, match="HUBBUB_GRAFANA_CLICKHOUSE_PORT") as stopped:
        load_grafana()
    assert "s3cret" not in str(stopped.value)
