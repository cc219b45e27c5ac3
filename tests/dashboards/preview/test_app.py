"""What the preview answers over HTTP, on the real engine; and whom it does not."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from support.handmade_board import panel, write_board

from dashboards.preview.server import PORT, Preview
from schemas.errors import Stop

HOUR = 3_600_000
START = 1_767_571_200_000  # 2026-01-05
RANGE = {"from": START, "to": START + 24 * HOUR, "points": 24}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self):
        return json.loads(self.body)


def ask(address, path, query=(), method="GET", **headers) -> Answer:
    host = urlsplit(address).netloc
    connection = HTTPConnection(host, timeout=30)
    target = f"{path}?{urlencode(query, doseq=True)}" if query else path
    connection.request(
        method, target, headers={"Host": host} | {n.replace("_", "-"): v for n, v in headers.items()}
    )
    response = connection.getresponse()
    answer = Answer(response.status, dict(response.headers), response.read().decode())
    connection.close()
    return answer


def run(address, number, **query) -> Answer:
    return ask(address, f"/api/dashboards/handmade/panels/{number}/A", RANGE | query)


@pytest.fixture
def of_sql(folder, handmade):
    """Run any SQL, by way of a dashboard that holds it."""

    def answer(sql: str, **query) -> Answer:
        write_board(folder, panels=[panel(1, "table", sql)])
        return run(handmade, 1, **query)

    return answer


def test_it_leads_to_the_first_dashboard_and_lists_all(handmade):
    first = ask(handmade, "/")
    assert (first.status, first.headers["Location"]) == (302, "/d/handmade")
    listed = ask(handmade, "/api/dashboards").json
    assert [(board["uid"], board["title"]) for board in listed] == [
        ("handmade", "Handmade"),
        ("other", "Other"),
    ]
    assert ask(handmade, "/d/handmade").body.startswith("<!doctype html>")
    assert ask(handmade, "/d/handmade/any-name").body.startswith("<!doctype html>")
    assert ask(handmade, "/api/dashboards/handmade").json["panels"][0]["id"] == 1


def test_a_panel_gets_columns_rows_and_the_query_that_was_run(handmade):
    answer = run(handmade, 2, **{"var-brand": "ember"}).json
    assert [column["name"] for column in answer["columns"]] == ["time", "brand", "value"]
    assert answer["rows"][0] == ["2026-01-05T00:00:00Z", "ember", 0]
    assert answer["rows"][3] == ["2026-01-05T03:00:00Z", "ember", None]
    assert len(answer["rows"]) == 24
    assert (answer["from"], answer["to"], answer["interval"]) == (START, START + 24 * HOUR, HOUR)
    assert "brand IN ('ember')" in answer["sql"]
    assert "$" not in answer["sql"]


@pytest.mark.parametrize(
    ("chosen", "series"), [("$__all", 2), (["ember", "hearth"], 2), ("hearth", 1), ("x') OR 1 --", 0)]
)
def test_variables_choose(handmade, chosen, series):
    answer = run(handmade, 2, **{"var-brand": chosen}).json
    assert len({row[1] for row in answer["rows"]}) == series


def test_a_variable_lists_its_values(handmade):
    answer = ask(handmade, "/api/dashboards/handmade/variables/brand", RANGE).json
    assert answer["rows"] == [["ember"], ["hearth"], ["it's"]]


def test_a_panel_may_have_a_time_range_of_its_own(handmade):
    answer = run(handmade, 11).json
    assert (answer["from"], answer["to"]) == (START + 23 * HOUR, START + 24 * HOUR)


def test_numbers_and_times_are_ready_for_json(of_sql):
    answer = of_sql(
        "SELECT nan AS n, inf AS i, toUInt64(7) AS u, toDecimal32(1.5, 2) AS d, toDate('2026-01-05') AS day, "
        "toDateTime64('2026-01-05 01:02:03.5', 3, 'Asia/Tokyo') AS t, true AS b, NULL AS none"
    )
    assert answer.json["rows"] == [[None, None, 7, 1.5, "2026-01-05", "2026-01-04T16:02:03.500Z", True, None]]


def test_a_query_that_fails_is_one_clear_line(of_sql):
    answer = of_sql("SELECT no_such_column FROM numbers(1)")
    assert answer.status == 422
    assert "no_such_column" in answer.json["error"]
    assert "\n" not in answer.json["error"]
    assert "http" not in answer.json["error"]
    assert "Traceback" not in answer.body


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT number FROM numbers(100000)", "Limit"),
        (
            "SELECT count() FROM numbers(1e15) WHERE sipHash64(number) = 0 SETTINGS max_execution_time = 1",
            "imeout",
        ),
        ("SELECT ${nobody}", "nobody"),
        ("SELECT $__unknown(x)", "unknown"),
        ("SET max_threads = 1", "Syntax error"),
    ],
)
def test_what_is_too_much_or_makes_no_sense_is_refused(of_sql, sql, why):
    answer = of_sql(sql)
    assert answer.status == 422
    assert why in answer.json["error"]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO forgotten_accounts (platform) VALUES ('x')",
        "DROP TABLE interactions",
        "CREATE TABLE x (a Int8) ENGINE Memory",
        "TRUNCATE TABLE interactions",
    ],
)
def test_nothing_can_be_changed(of_sql, sql):
    before = of_sql(
        "SELECT name, total_rows FROM system.tables WHERE database = currentDatabase() ORDER BY name"
    ).json
    assert of_sql(sql).status == 422
    assert (
        of_sql(
            "SELECT name, total_rows FROM system.tables WHERE database = currentDatabase() ORDER BY name"
        ).json["rows"]
        == before["rows"]
    )


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/api/dashboards/none", {}, 404),
        ("/api/dashboards/..%2F..%2Fpyproject", {}, 404),
        ("/api/dashboards/handmade/panels/99/A", RANGE, 404),
        ("/api/dashboards/handmade/panels/²/A", RANGE, 404),
        ("/api/dashboards/handmade/panels/2/Z", RANGE, 404),
        ("/api/dashboards/handmade/variables/none", RANGE, 404),
        ("/api/dashboards/handmade/panels/2/A", {}, 400),
        ("/api/dashboards/handmade/panels/2/A", RANGE | {"from": "yesterday"}, 400),
        ("/api/dashboards/handmade/panels/2/A", RANGE | {"from": 10**30}, 400),
        ("/api/dashboards/handmade/panels/2/A", RANGE | {"to": START - 1}, 400),
        ("/api/dashboards/handmade/panels/2/A", RANGE | {"var-brand": "x" * 600}, 400),
        ("/static/../app.py", {}, 404),
        ("/static/%2e%2e/app.py", {}, 404),
        ("/static/", {}, 403),
        ("/nowhere", {}, 404),
    ],
)
def test_what_is_not_there_or_is_asked_wrongly_is_said_in_json(handmade, path, query, status):
    answer = ask(handmade, path.replace("²", "%C2%B2"), query)
    assert (answer.status, answer.json.keys()) == (status, {"error"})


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:3003"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
    ],
)
def test_other_sites_get_no_answer(handmade, headers):
    assert ask(handmade, "/api/dashboards", **headers).status == 403


@pytest.mark.parametrize("host", ["192.0.2.7:3003", "[2001:db8::1]:3003", "[::1]:3003", "LOCALHOST"])
def test_an_address_in_numbers_is_nobody_elses(handmade, host):
    assert ask(handmade, "/api/dashboards", Host=host).status == 200


def test_the_page_of_the_preview_itself_gets_one(handmade):
    port = urlsplit(handmade).port
    own = {"Host": f"localhost:{port}", "Origin": f"http://localhost:{port}", "Sec_Fetch_Site": "same-origin"}
    assert ask(handmade, "/api/dashboards", **own).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_it_is_only_for_reading(handmade, method):
    assert ask(handmade, "/api/dashboards", method=method).status == 405


@pytest.mark.parametrize("path", ["/d/handmade", "/static/js/main.js", "/api/dashboards", "/nowhere"])
def test_pages_may_use_nothing_but_the_previews_own_files(handmade, path):
    headers = ask(handmade, path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_how_far_the_data_goes(handmade):
    answer = ask(handmade, "/api/dashboards/handmade/newest").json
    assert answer.keys() == {"newest", "latest", "now"}
    assert (answer["newest"], answer["latest"]) == (None, None)


def test_a_taken_port_is_said_unless_none_was_asked_for(source, folder):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Stop, match="is taken"):
        Preview(source, port=taken.getsockname()[1], folder=folder).__enter__()
    with Preview(source, folder=folder) as one, Preview(source, folder=folder) as other:
        assert one.address != other.address
        assert f"http://127.0.0.1:{PORT}" != other.address


def test_without_dashboards_it_does_not_start(source, tmp_path):
    with pytest.raises(Stop, match="hubbub dashboards build"):
        Preview(source, port=0, folder=tmp_path).__enter__()
