"""The compiled fold goes with the hubbub that it was built for, and with no other."""

import tomllib
from pathlib import Path

import pytest

from schemas.errors import Stop
from streams import speeds

pytest.importorskip("hubbub_compiled")

from streams.compiled import Compiled

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _afresh():
    speeds.fastest.cache_clear()
    yield
    speeds.fastest.cache_clear()


def test_it_is_taken_where_it_is_built_and_wanted() -> None:
    assert isinstance(speeds.fastest(), Compiled)
    assert isinstance(speeds.fastest(compiled=False), speeds.Defined)


def test_one_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.compiled.VERSION", "0.0.9")
    with pytest.raises(Stop, match=r"is of version 0\.0\.9, hubbub of .*: build it again"):
        speeds.fastest()


def test_all_parts_have_one_version() -> None:
    files = (ROOT / "pyproject.toml", ROOT / "compiled" / "pyproject.toml", ROOT / "compiled" / "Cargo.toml")
    parts = [tomllib.loads(file.read_text()) for file in files]
    assert len({part.get("project", part.get("package"))["version"] for part in parts}) == 1
