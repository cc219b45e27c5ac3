"""Headless Chromium that asks nobody but the page's own server."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--hide-scrollbars",
)


def find_chromium() -> str | None:
    """Where Chromium is: `HUBBUB_CHROMIUM`, or one on the path."""
    return os.environ.get("HUBBUB_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium(width: int = 1400, height: int = 900) -> Iterator[BrowserContext]:
    """A browser with nothing remembered.

    Args:
        width: Of its window, in px.
        height: Of its window, in px.
    """
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium is installed: apt-get install chromium, or set HUBBUB_CHROMIUM")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only who has a browser needs it

    with TemporaryDirectory(prefix="hubbub-chromium-") as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=found,
            headless=True,
            args=list(FLAGS),
            viewport={"width": width, "height": height},
            timezone_id="America/New_York",  # whoever looks: all times are UTC
            locale="en-US",
            color_scheme="dark",
        )
        yield context
        context.close()
