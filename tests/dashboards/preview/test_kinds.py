"""Every kind of panel in headless Chromium, with what goes wrong and what means harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.handmade_board import BROKEN, panel, write_board
from support.looking import Looking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.browser
PATH = "/d/handmade?from=1767571200000&to=1767657600000"


@pytest.fixture
def look(browser: BrowserContext, handmade: str) -> Iterator[Looking]:
    with Looking(browser, handmade) as looking:
        looking.expected = "422"  # the panel whose query is broken
        looking.open(PATH)
        yield looking


def test_each_kind_is_drawn_and_each_failure_is_its_own(look):
    states = {panel.id: (panel.kind, panel.state, panel.points) for panel in look.panels()}
    assert states == {
        "panel-1": ("stat", "drawn", 2),
        "panel-2": ("timeseries", "drawn", 46),
        "panel-3": ("bargauge", "drawn", 2),
        "panel-4": ("table", "drawn", 3),
        "panel-5": ("barchart", "drawn", 2),
        "panel-6": ("heatmap", "drawn", 48),
        "panel-7": ("text", "drawn", 1),
        "panel-8": ("timeseries", "empty", 0),
        "panel-9": ("table", "failed", 0),
        "panel-10": ("piechart", "failed", 0),
        "panel-11": ("stat", "empty", 0),
    }
    assert "no_such_column" in look.text("#panel-9 [role=alert]")
    assert look.text("#panel-10 [role=alert]") == "the preview draws no panels of type piechart"
    assert look.text("#panel-8 .notice") == "nothing"
    assert look.nameless() == []


def test_a_stat_has_its_value_unit_colour_and_course(look):
    tiles = look.page.locator("#panel-1 .tile")
    assert tiles.count() == 2
    assert tiles.first.locator(".number").inner_text() == "95.8%"
    assert tiles.first.locator("svg path").count() == 2
    assert tiles.first.evaluate("(tile) => getComputedStyle(tile).backgroundColor") == "rgb(213, 94, 0)"


def test_a_table_maps_values_and_takes_no_text_for_markup(look):
    cells = look.page.locator("#panel-4 tbody td").all_inner_texts()
    assert cells == ["<b>one</b>", "25%", "none", "unknown", "two", "splendid"]
    assert look.page.locator("#panel-4 tbody b, #panel-7 img").count() == 0


def test_a_table_sorts_by_a_heading_with_nothing_last(look):
    heading = look.page.locator("#panel-4 th button", has_text="value")
    heading.click()
    heading = look.page.locator("#panel-4 th", has_text="value")
    assert heading.get_attribute("aria-sort") == "descending"
    assert look.page.locator("#panel-4 tbody td:nth-child(2)").all_inner_texts() == [
        "splendid",
        "25%",
        "unknown",
    ]
    look.press("Enter")
    assert look.page.locator("#panel-4 tbody td:nth-child(2)").all_inner_texts() == [
        "25%",
        "splendid",
        "unknown",
    ]


def test_links_carry_time_variables_and_values_and_never_a_script(look):
    links = [link.get_attribute("href") for link in look.page.locator("#panel-4 tbody a").all()]
    query = "from=1767571200000&to=1767657600000&var-brand=%24__all"
    assert links[0] == f"/d/other?{query}&var-name=%3Cb%3Eone%3C%2Fb%3E"
    assert not look.page.locator('a[href^="javascript"]').count()
    assert look.page.locator("#panel-4 tbody a").first.get_attribute("title") == "see All"
    assert look.page.locator("#panel-7 a").all_inner_texts() == ["two"]


def test_text_is_markdown(look):
    assert look.text("#panel-7 h4") == "Read this"
    assert look.page.locator("#panel-7 li").count() == 3


def test_a_gauge_is_as_long_as_its_value(look):
    bars = look.page.locator("#panel-3 .gauge-bar")
    widths = [bar.evaluate("(bar) => bar.style.width") for bar in bars.all()]
    assert widths == ["27.78%", "0%", "100%"]  # of the largest
    assert look.page.locator("#panel-3 .gauge-value").all_inner_texts() == ["25%", "nothing", "90%"]


def test_a_value_with_a_quote_can_be_picked(look):
    look.page.click('[data-variable="brand"] .tool')
    look.page.click("text=it's")
    with look.loading():
        look.page.click('[data-variable="brand"] >> text=Apply')
    assert look.query("var-brand") == ["it's"]
    assert look.panel("timeseries 2").state == "empty"


def test_what_has_failed_recovers_at_the_next_refresh(look, folder):
    look.expected = "the server responded"  # the other panels are gone
    write_board(folder, panels=[panel(9, "table", BROKEN.replace("no_such_column", "number"))])
    with look.loading():
        look.page.click("#refresh")
    assert look.panel("table 9").state == "drawn"


def test_a_preview_that_has_stopped_is_said_in_every_panel(look):
    look.expected = ""  # a browser complains of every request that fails
    look.page.route("**/panels/**", lambda route: route.abort())
    with look.loading():
        look.page.click("#refresh")
    assert look.text("#panel-4 [role=alert]") == "the preview does not answer: is it still running?"
