"""Into a Grafana and out of it again, against a stub with the real status codes."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from support.dashboards import DASHBOARDS
from support.grafana_stub import TOKEN, Stub, grafana

from dashboards.destination import Contact, Destination
from dashboards.grafana import Grafana
from dashboards.push import Change, pruned, pushed
from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

JSON = "application/json"
PASSWORD, HOOK = "s3cret", "https://hooks.example/secret"
TO = Destination("clickhouse", 9000, password=PASSWORD, contact=Contact("slack", {"url": HOOK}))


@pytest.fixture
def stub() -> Iterator[Stub]:
    with grafana() as stub:
        yield stub


@pytest.fixture
def client(stub: Stub) -> Iterator[Grafana]:
    with closing(Grafana(stub.address, SecretStr(TOKEN), 5)) as client:
        yield client


def done(changes: Iterable[Change]) -> list[Change]:
    """Each change, done before the next is asked for."""
    told = []
    for change in changes:
        if change.action != "same":
            change.do()
        told.append(change)
    return told


def actions(changes: Iterable[Change]) -> set[str]:
    return {change.action for change in changes}


def test_the_first_push_brings_everything_and_the_second_changes_nothing(stub: Stub, client: Grafana) -> None:
    first = done(pushed(client, TO))
    assert actions(first) == {"create"}
    assert [change.kind for change in first] == [
        "data source", "folder", *["dashboard"] * len(DASHBOARDS), "contact point", "rules", "rules",
    ]  # fmt: skip
    assert set(stub.dashboards) == set(DASHBOARDS)
    assert {folder for folder, _ in stub.dashboards.values()} == {"hubbub"}
    assert stub.sources["clickhouse"]["secureJsonData"] == {"password": PASSWORD}
    stub.calls.clear()
    assert actions(done(pushed(client, TO))) == {"same"}
    assert stub.written == []


def test_a_dry_run_says_where_it_differs_and_writes_nothing(stub: Stub, client: Grafana) -> None:
    done(pushed(client, TO))
    uid = "hubbub-care"
    stub.dashboards[uid][1]["panels"][0]["title"] = "Something else"
    stub.groups["hubbub", "brands"]["rules"][0]["for"] = "1h"
    stub.calls.clear()
    changed = [change for change in pushed(client, TO) if change.action != "same"]
    assert [(change.kind, change.name) for change in changed] == [("dashboard", uid), ("rules", "brands")]
    assert changed[0].lines == ("~ panels[0].title: Something else -> Reply rate within SLA",)
    assert changed[1].lines == ("~ rules[0].for: 1h -> 0s",)
    assert stub.written == []
    assert actions(done(pushed(client, TO))) == {"same", "update"}
    assert actions(done(pushed(client, TO))) == {"same"}


def test_a_dashboard_that_was_moved_or_removed_comes_back(stub: Stub, client: Grafana) -> None:
    done(pushed(client, TO))
    stub.dashboards["hubbub-care"] = ("elsewhere", stub.dashboards["hubbub-care"][1])
    del stub.dashboards["hubbub-market"]
    again = [change for change in done(pushed(client, TO)) if change.action != "same"]
    assert [(change.action, change.name) for change in again] == [
        ("update", "hubbub-care"), ("create", "hubbub-market"),
    ]  # fmt: skip
    assert {folder for folder, _ in stub.dashboards.values()} == {"hubbub"}


def test_secrets_are_in_no_line_and_written_again_when_asked(client: Grafana) -> None:
    done(pushed(client, TO))
    other = Destination("elsewhere", 9000, password="n3w", contact=Contact("webhook", {"url": f"{HOOK}2"}))
    said = repr(list(pushed(client, other))) + repr(other)
    assert "hooks.example" not in said
    assert "n3w" not in said
    rewritten = [
        change.name for change in done(pushed(client, TO, secrets=True)) if change.action == "update"
    ]
    assert rewritten == ["clickhouse", "hubbub"]


def test_without_an_address_the_data_source_must_be_there(stub: Stub, client: Grafana) -> None:
    with pytest.raises(Stop, match="has no data source clickhouse: set HUBBUB_GRAFANA_CLICKHOUSE_HOST"):
        done(pushed(client, Destination("", 9000)))
    stub.sources["clickhouse"] = {
        "uid": "clickhouse",
        "name": "theirs",
        "type": "grafana-clickhouse-datasource",
    }
    done(pushed(client, Destination("", 9000)))
    assert stub.sources["clickhouse"]["name"] == "theirs"
    assert stub.points == {}
    assert not any("notification_settings" in rule for rule in stub.groups["hubbub", "brands"]["rules"])


def test_prune_removes_what_is_ours_no_longer_and_leaves_the_rest_alone(stub: Stub, client: Grafana) -> None:
    done(pushed(client, TO))
    stub.folders["theirs"] = {"uid": "theirs", "title": "theirs", "version": 1}
    stub.dashboards |= {
        "hubbub-old": ("hubbub", {"uid": "hubbub-old", "tags": ["hubbub"]}),
        "in-our-folder": ("hubbub", {"uid": "in-our-folder", "tags": ["other"]}),
        "with-our-tag": ("theirs", {"uid": "with-our-tag", "tags": ["hubbub"]}),
    }
    ours = {"folderUID": "hubbub", "ruleGroup": "old", "labels": {"app": "hubbub"}}
    stub.groups |= {
        ("hubbub", "old"): {"rules": [ours]},
        ("hubbub", "mixed"): {
            "rules": [ours | {"ruleGroup": "mixed"}, {"folderUID": "hubbub", "ruleGroup": "mixed"}]
        },
        ("theirs", "old"): {"rules": [{"folderUID": "theirs", "ruleGroup": "old"}]},
    }
    before = (set(stub.dashboards), set(stub.groups))
    assert [(change.kind, change.name) for change in pruned(client, TO)] == [
        ("dashboard", "hubbub-old"), ("rules", "old"),
    ]  # fmt: skip
    assert (set(stub.dashboards), set(stub.groups)) == before
    done(pruned(client, TO))
    assert before[0] - set(stub.dashboards) == {"hubbub-old"}
    assert before[1] - set(stub.groups) == {("hubbub", "old")}
    assert done(pruned(client, TO)) == []


def test_without_a_contact_the_rules_let_go_of_it_and_prune_removes_it(stub: Stub, client: Grafana) -> None:
    done(pushed(client, TO))
    nobody = Destination("clickhouse", 9000, password=PASSWORD)
    with pytest.raises(Stop, match="contact point is in use"):
        done(pruned(client, nobody))
    assert [change.name for change in done(pushed(client, nobody)) if change.action == "update"] == [
        "brands", "pipeline",
    ]  # fmt: skip
    assert [change.kind for change in done(pruned(client, nobody))] == ["contact point"]
    assert stub.points == {}


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ((401, '{"message": "Invalid API key"}', JSON), "does not know the token"),
        ((403, '{"message": "Access denied"}', JSON), r"needs the role Editor.*\(Access denied\)"),
        ((409, "null", JSON), "something else under this name"),
        ((412, "{}", JSON), "changed it meanwhile"),
        ((500, "<html>a message</html>", "text/html"), r"failed \(500\)"),
        ((502, "", "text/html"), r"failed \(502\)"),
        ((400, '{"message": "Cannot save provisioned dashboard"}', JSON), "Cannot save provisioned"),
        ((200, "<html>Log in</html>", "text/html"), "no JSON: is HUBBUB_GRAFANA_URL Grafana"),
    ],
)
def test_every_refusal_is_one_line_that_says_what_to_do(
    stub: Stub, client: Grafana, failure: tuple[int, str, str], said: str
) -> None:
    stub.failing = lambda _, path: failure if path.endswith("/dashboards/db") else None
    with pytest.raises(Stop, match=said) as stopped:
        done(pushed(client, TO))
    assert TOKEN not in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_nobody_there_and_a_wrong_token_are_said_plainly(stub: Stub) -> None:
    for url, token, said in (
        ("http://127.0.0.1:1", TOKEN, "cannot be reached: .*Connection refused"),
        (stub.address, "wrong", "does not know the token"),
        (f"{stub.address}/grafana", TOKEN, "has no data source"),
    ):
        with (
            closing(Grafana(url, SecretStr(token), 5)) as client,
            pytest.raises(Stop, match=said) as stopped,
        ):
            list(pushed(client, Destination("", 9000)))
        assert token not in str(stopped.value)
