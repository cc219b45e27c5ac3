"""Settings: where they come from, what is refused, and that secrets stay secret."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING

import pytest

from schemas.errors import BadInput
from schemas.settings import Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith("HUBBUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def refused() -> str:
    with pytest.raises(BadInput) as caught:
        load_settings()
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_everything_has_a_default() -> None:
    settings = load_settings()
    assert settings == Settings()
    assert settings.clickhouse_place == "http://127.0.0.1:8123"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HUBBUB_TOPIC=file\nHUBBUB_GROUP=file\nOTHER=1\n")
    monkeypatch.setenv("HUBBUB_TOPIC", "environment")
    settings = load_settings()
    assert (settings.topic, settings.group) == ("environment", "file")


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (f"http://ann:{SECRET}@db.example:8000", "http://db.example:8000"),
        (f"https://ann:{SECRET}@db.example", "https://db.example:8443"),
        (f"http://ann:{SECRET}@[::1]:8123/", "http://[::1]:8123"),
    ],
)
def test_secrets_show_nowhere(monkeypatch: pytest.MonkeyPatch, address: str, place: str) -> None:
    monkeypatch.setenv("HUBBUB_CLICKHOUSE", address)
    settings = load_settings()
    assert settings.clickhouse_place == place
    for shown in (repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump())):
        assert SECRET not in shown
    assert settings.clickhouse.get_secret_value() == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        SECRET,
        f"ann:{SECRET}@db.example:8123",
        f"tcp://ann:{SECRET}@db.example:9000",
        f"http://ann:{SECRET}@db.example:many",
        f"http://ann:{SECRET}@:8123",
        f"http://ann:{SECRET}/x@db.example:8123",
        f"http://ann:{SECRET}@[::1",
        f"http://ann:{SECRET}@db.example\u2100:8123",
        f"http://ann:{SECRET}@db.example:99999",
    ],
)
def test_a_wrong_address_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HUBBUB_CLICKHOUSE", address)
    assert refused() == "HUBBUB_CLICKHOUSE: is no address; it reads like http://127.0.0.1:8123"
    with pytest.raises(ValueError, match="not an HTTP address") as caught:
        _ = Settings().clickhouse_place
    assert SECRET not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "name",
    ["PARTITIONS", "SESSION_TIMEOUT", "FLUSH_EVENTS", "FLUSH_SECONDS", "KEEP_DIRECT", "SENTIMENT_SHARE"],
)
@pytest.mark.parametrize("value", [SECRET, "-1"])
def test_a_wrong_value_is_refused_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"HUBBUB_{name}", value)
    assert refused().startswith(f"HUBBUB_{name}: Input should be ")


@pytest.mark.parametrize("name", ["TOPIC", "DEAD_LETTER_TOPIC", "ALERT_TOPIC"])
def test_no_topic_is_sent_on_to_itself(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("HUBBUB_REKEY_FROM", "raw")
    others = {"social.dead-letters": 1, "social.alerts": 1}
    assert load_settings().topics == others | {"social.events": 8, "raw": 8}
    monkeypatch.setenv(f"HUBBUB_{name}", "raw")
    assert refused() == "HUBBUB_REKEY_FROM: is a topic that hubbub writes to; name another"


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"HUBBUB_CLICKHOUSE=http://ann:" + SECRET.encode() + b"\xff@db:8123")
    assert refused() == ".env: is not UTF-8 text; save it as UTF-8"
