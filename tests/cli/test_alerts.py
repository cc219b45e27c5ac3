"""`hubbub alerts` on a folder with three months of a brand that turns into a broadcaster."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def post(number, at, **more):
    event = {"platform": "x", "activity": "post", "id": str(number), "actor": {"id": "a1"}}
    return event | {"published": at.isoformat()} | more


def events():
    """Each day 10 posts, and 10 messages to a customer; from the 36th day on, 18 and 2."""
    number = 0
    for day in range(45):
        for hour in range(20):
            number += 1
            broadcast = hour < (10 if day < 35 else 18)
            to = {} if broadcast else {"mentions": [{"id": f"customer-{number}"}]}
            yield post(number, START + timedelta(days=day, minutes=hour), **to)


@pytest.fixture(scope="module")
def data(hubbub, home, tmp_path_factory):
    pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")
    brands = '[[brand]]\nname = "acme"\n[[brand.account]]\nplatform = "x"\nid = "a1"\n'
    (home / "pushy.toml").write_text(brands)
    (home / "pushy.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events()))
    data = tmp_path_factory.mktemp("alerts") / "data"
    done = hubbub("replay", "--format", "jsonl", "--brands", "pushy.toml", "pushy.jsonl", "--data", data)
    assert done.returncode == 0, done.stderr
    return data


def test_evaluate_tells_what_has_changed_and_nothing_the_second_time(hubbub, data):
    first = hubbub("alerts", "evaluate", "--data", data)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [
        "2026-02-12 acme AL1 broadcast step: ok -> firing",
        "after 2026-02-18 there fires: acme AL1 broadcast step since 2026-02-12",
    ]
    again = json.loads(hubbub("alerts", "evaluate", "--data", data, "--json").stdout)
    assert (again["day"], again["stored"], again["changes"]) == ("2026-02-18", True, [])
    (state,) = [state for state in again["states"] if state["firing"]]
    assert (state["alert"], state["since"], state["baseline"]) == ("AL1", "2026-02-12", 0.5)

    earlier = hubbub("alerts", "evaluate", "--day", "2026-02-11", "--data", data)
    assert earlier.stdout.splitlines() == [
        "after 2026-02-11 there fires: nothing",
        "nothing was stored: 2026-02-18 is judged already",
    ]
    history = hubbub("alerts", "history", "--all", "--data", data).stdout.splitlines()
    assert "2026-02-12 acme AL1 broadcast step: ok -> firing" in history
    assert "2026-01-05 acme AL1 broadcast step: new -> held" in history
    listed = hubbub("alerts", "list", "--firing", "--data", data).stdout
    assert "firing" in listed
    assert "AL2" not in listed
    report = hubbub("report", "--data", data).stdout
    assert "Alerts that fire: acme AL1 broadcast step since 2026-02-12" in report


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-02-19", "not closed: the last day that is, is 2026-02-18"), ("soon", "no day; write 2026-01-31")],
)
def test_a_day_that_cannot_be_judged_is_refused(refused, data, day, said):
    assert said in refused("alerts", "evaluate", "--day", day, "--data", data)


def test_a_brand_that_is_not_known_is_refused(refused, data):
    assert "no brand acmee; do you mean acme?" in refused(
        "alerts", "list", "--brand", "acmee", "--data", data
    )
