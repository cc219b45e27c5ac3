"""A preview of handmade dashboards on the embedded engine, within this process."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr
from support.chromium import chromium
from support.handmade_board import write_board

from dashboards.preview.server import Preview
from schemas.settings import Settings
from sinks.connect import connect
from streams.cli.read_only import ReadOnly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext

    from sinks.front import Front


@pytest.fixture
def source(front: Front, tables: str) -> Iterator[ReadOnly]:
    settings = Settings(clickhouse=SecretStr(front.address), database=tables)
    with closing(connect(settings)) as client:
        yield ReadOnly(client)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_board(tmp_path)
    write_board(tmp_path, uid="other", title="Other", panels=[])
    return tmp_path


@pytest.fixture
def handmade(source: ReadOnly, folder: Path) -> Iterator[str]:
    """Its address."""
    with Preview(source, port=0, folder=folder) as preview:
        yield preview.address


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    """A browser, or the test is skipped. It ends with the module: its loop is in the way of others."""
    with chromium() as context:
        yield context
