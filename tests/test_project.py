"""The project's own promises: what the documents say, what the lock holds, which way imports point."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from schemas.grafana import GrafanaSettings
from schemas.metrics import CATALOGUE
from schemas.settings import Settings

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "schemas": {"schemas"},
    "sinks": {"schemas", "sinks"},
    "streams": {"schemas", "sinks", "streams"},
    "dashboards": {"schemas", "dashboards"},
}


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_point_one_way(package: str) -> None:
    for file in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            ours = {name.split(".")[0] for name in names} & ALLOWED.keys()
            commands = {"dashboards"} if file.parent == ROOT / "streams" / "cli" else set()
            assert ours <= ALLOWED[package] | commands, f"{file}, line {getattr(node, 'lineno', 0)}"


@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.column)
def test_every_metric_is_explained(metric) -> None:
    text = (ROOT / "docs" / "metrics.md").read_text()
    assert f"`{metric.column}`" in text
    assert re.search(rf"^\| {metric.id} \|", text, re.MULTILINE)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`HUBBUB_{name.upper()}`" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", GrafanaSettings.model_fields)
def test_every_setting_of_grafana_is_in_its_document(name: str) -> None:
    text = (ROOT / "docs" / "dashboards.md").read_text()
    assert f"`HUBBUB_GRAFANA_{name.upper()}`" in text or f"`_{name.upper().partition('_')[2]}`" in text


def test_files_that_the_readme_names_are_there() -> None:
    text = (ROOT / "README.md").read_text()
    for name in re.findall(r"`((?:streams|schemas|sinks|dashboards|docs|tests|bench)/[\w./*]+)`", text):
        assert list(ROOT.glob(name.rstrip("/"))), name


def test_tests_that_the_architecture_names_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    names = set(re.findall(r"`(?:[\w/]+/)?(test_\w+\.py)`", text))
    assert names
    assert names <= {file.name for file in (ROOT / "tests").rglob("test_*.py")}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-bench.lock", "requirements-image.lock"])
def test_the_locks_have_versions_and_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / name).read_text()
    assert "://" not in lock
    for package in re.split(r"\n(?=\S)", lock.strip()):
        assert "==" in package, package
        assert "--hash=sha256:" in package, package


def test_the_locked_crates_have_versions_and_checksums_and_no_address() -> None:
    lock = (ROOT / "compiled" / "crates.lock").read_text()
    assert "://" not in lock
    crates = [crate for crate in tomllib.loads(lock)["package"] if crate["name"] != "hubbub-compiled"]
    assert len(crates) > 10
    assert all(crate["version"] and re.fullmatch(r"[0-9a-f]{64}", crate["checksum"]) for crate in crates)
