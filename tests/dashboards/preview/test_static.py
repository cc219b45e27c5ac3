"""The page's own files: what is not ours is what was published, and nothing is fetched from elsewhere."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from dashboards.preview.app import STATIC

VENDOR = STATIC / "vendor"
VENDORED = json.loads((VENDOR / "VENDORED.json").read_text())
OURS = [file for file in STATIC.rglob("*") if file.is_file() and VENDOR not in file.parents]


@pytest.mark.parametrize("name", VENDORED)
def test_a_library_is_what_its_version_holds(name):
    library = VENDORED[name]
    assert re.fullmatch(r"\d+\.\d+\.\d+", library["version"])
    for file, digest in library["files"].values():
        assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == digest, file
    assert any("LICENSE" in file for file, _ in library["files"].values())


def test_every_file_of_others_is_accounted_for():
    known = {VENDOR / file for library in VENDORED.values() for file, _ in library["files"].values()}
    assert {file for file in VENDOR.rglob("*") if file.is_file()} == known | {VENDOR / "VENDORED.json"}


@pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(STATIC)))
def test_our_files_name_no_address_and_put_nothing_in_as_markup(file):
    text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert "://" not in text
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text
    )


def test_every_module_that_is_imported_is_there():
    for file in STATIC.rglob("*.js"):
        for name in re.findall(r'^(?:import|export) .*from "(.+)";$', file.read_text(), re.MULTILINE):
            assert (file.parent / name).is_file(), f"{file.name}: {name}"
