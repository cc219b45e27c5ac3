from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError
from pydantic import SecretStr

from schemas.errors import Stop
from schemas.settings import Settings
from sinks.connect import check_version, connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sinks.front import Front

PASSWORD = "s3cret&word"
QUOTED = "s3cret%26word"


def at(port: int, scheme: str = "http") -> Settings:
    return Settings(clickhouse=SecretStr(f"{scheme}://ann:{QUOTED}@127.0.0.1:{port}"), database="of_mine")


@pytest.fixture
def doorkeeper() -> Iterator[tuple[int, list[str]]]:
    """A port where nobody is let in, and the Authorization headers that were tried there."""
    tried: list[str] = []

    class Refuse(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            tried.append(self.headers.get("Authorization", ""))
            body = f"Code: 516. DB::Exception: ann: Authentication failed: {PASSWORD}".encode()
            self.send_response(403)
            self.send_header("X-ClickHouse-Exception-Code", "516")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Refuse) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, tried
        server.shutdown()
        thread.join()


def test_a_client_of_the_configured_server_and_database(front: Front):
    client = connect(at(front.port))
    assert client.database == "of_mine"
    with pytest.raises(DatabaseError, match="of_mine"):
        client.query("SELECT 1 FROM nothing")
    client.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_is_not_there(scheme: str):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Stop) as stop:
            connect(at(port, scheme))
    assert f"cannot reach ClickHouse at {scheme}://127.0.0.1:{port}: start it" in str(stop.value)
    shows_no_secret(stop.value)


def test_a_server_that_does_not_let_us_in(doorkeeper: tuple[int, list[str]]):
    port, tried = doorkeeper
    with pytest.raises(Stop) as stop:
        connect(at(port))
    assert f"ClickHouse at http://127.0.0.1:{port} does not let us in" in str(stop.value)
    assert tried[0].startswith("Basic ")
    shows_no_secret(stop.value)


def test_something_else_answers(doorkeeper: tuple[int, list[str]]):
    with pytest.raises(Stop, match="cannot reach ClickHouse"):
        connect(at(doorkeeper[0], "https"))


@pytest.mark.parametrize("address", ["", "localhost", "localhost:8123", "clickhouse://localhost", "http://"])
def test_an_address_that_is_none(address: str):
    with pytest.raises(Stop, match=r"HUBBUB_CLICKHOUSE: is no address; it reads like http://127.0.0.1:8123"):
        connect(Settings(clickhouse=SecretStr(address)))


@pytest.mark.parametrize("version", ["26.2.4.23", "26.9.2.1", "27.1"])
def test_versions_that_are_new_enough(version: str):
    check_version(version, "there")


@pytest.mark.parametrize("version", ["24.8.1.1", "26.1.9", "9.3"])
def test_versions_that_are_too_old(version: str):
    with pytest.raises(Stop, match=f"at there is version {version}: hubbub needs 26.2 or newer"):
        check_version(version, "there")


def shows_no_secret(error: BaseException) -> None:
    told = f"{error!r} {error.__cause__!r}"
    assert PASSWORD not in told
    assert QUOTED not in told
    assert "\n" not in str(error)
