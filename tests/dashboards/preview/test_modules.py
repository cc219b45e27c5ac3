"""What the page's modules make of numbers and times, asked in headless Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.looking import Looking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.browser

NOW = 1_772_409_600_000  # 2026-03-02
NEWEST = NOW - 36 * 3_600_000


@pytest.fixture
def call(browser: BrowserContext, handmade: str) -> Iterator[object]:
    """Call an exported function of a module."""
    with Looking(browser, handmade) as look:
        look.expected = "422"
        look.open("/d/other")

        def run(module: str, expression: str):
            load = f"const m = await import('/static/js/{module}.js')"
            return look.page.evaluate(f"async () => {{ {load}; return {expression}; }}")

        yield run


def test_numbers_are_written_as_grafana_does(call):
    cases = {
        "0.1234, 'percentunit', 1": "12.3%",
        "0.5, 'percentunit'": "50%",
        "42, 'percent', 0": "42%",
        "1234567, 'short'": "1.23 Mil",
        "999, 'short', 0": "999",
        "0.00012, 'none'": "0.00012",
        "12.345, 'none'": "12.3",
        "-0.001, 'none', 1": "0.0",
        "0, 's'": "0 s",
        "0.25, 's'": "250 ms",
        "90, 's', 1": "1.5 mins",
        "3600, 's'": "1 hour",
        "864000, 's', 0": "1 week",
        "1536, 'bytes'": "1.5 KiB",
        "12.5, 'reqps'": "12.5 req/s",
        "7, 'suffix: people'": "7 people",
        "3, 'widgets'": "3 widgets",
        "null, 's'": "",
    }
    told = call("units", "[" + ",".join(f"m.written({case})" for case in cases) + "]")
    assert dict(zip(cases, told, strict=True)) == cases


def test_moments_are_resolved_against_now_or_the_newest_message(call):
    hour, day = 3_600_000, 86_400_000
    latest = NEWEST + 60_000
    cases = {
        "'now'": NOW,
        "'now-6h'": NOW - 6 * hour,
        "'now-1d+2h'": NOW - day + 2 * hour,
        "'latest'": latest,
        "'latest-7d'": latest - 7 * day,
        "'now-1M'": NOW - 28 * day,
        "'now/w'": NOW,  # a Monday
        "'now-1h/d'": NOW - day,
        "'2026-03-01'": NOW - day,
        "'2026-03-01 12:30'": NOW - day + 12 * hour + 30 * 60_000,
        "'2026-03-01T12:00:00Z'": NOW - day + 12 * hour,
        "'1772409600000'": NOW,
        "'soon'": None,
        "''": None,
    }
    clock = f"new m.Clock({{ now: {NOW}, newest: {NEWEST}, latest: {NEWEST} }})"
    told = call("time", "[" + ",".join(f"m.resolve({case}, {clock})" for case in cases) + "]")
    assert dict(zip(cases, told, strict=True)) == cases
    assert call("time", f"m.anchored('now-28d', {clock})") == "latest-28d"
    fresh = f"new m.Clock({{ now: {NOW}, newest: {NOW - hour}, latest: null }})"
    assert call("time", f"m.anchored('now-28d', {fresh})") == "now-28d"
