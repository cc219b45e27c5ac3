"""The generated dashboards on the demo's data in headless Chromium, as somebody uses them.

Nothing may be fetched from anywhere but the preview, and no page may complain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from support.looking import Looking
from support.previewed import previewed

from dashboards.preview.server import GENERATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.browser
UIDS = sorted(file.stem for file in GENERATED.glob("*.json"))
DIALOGUE = "/d/hubbub-dialogue"

BLANK = """() => [...document.querySelectorAll(".plot")].filter((plot) => {
    const canvas = plot.querySelector("canvas");
    if (!canvas?.width || !canvas.height) return true;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return !new Uint32Array(data.buffer).some(Boolean);
}).map((plot) => plot.closest(".panel").getAttribute("aria-label"))"""
"""Charts on which nothing is drawn."""


@pytest.fixture(scope="module")
def demo(browser: BrowserContext, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: ARG001 - first
    """The preview's address; nothing is made where there is no browser."""
    with previewed(tmp_path_factory.mktemp("browser") / "demo") as address:
        yield address


@pytest.fixture
def look(browser: BrowserContext, demo: str) -> Iterator[Looking]:
    with Looking(browser, demo) as looking:
        yield looking


@pytest.mark.parametrize("uid", UIDS)
def test_every_panel_draws_data_all_has_a_name_and_a_narrow_window_needs_no_scrolling_sideways(look, uid):
    look.open(f"/d/{uid}")
    panels = look.panels()
    assert len(panels) > 5
    for panel in panels:
        assert panel.state == "drawn", panel
        assert panel.points > 0, panel
    blank = look.page.evaluate(BLANK)
    assert blank == []
    assert look.nameless() == []
    look.page.set_viewport_size({"width": 390, "height": 800})
    assert look.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_it_opens_where_the_data_ends_and_says_how_old_it_is(look):
    look.open(DIALOGUE)
    assert look.query("from", "to") == ["latest-28d", "latest"]
    assert look.text("#time span") == "Last 28 days of data"
    assert re.fullmatch(r"data until 2026-03-01 \d\d:\d\d UTC, \d+ \w+ ago", look.text("#fresh"))


def test_brands_are_picked_by_keyboard_and_stay_in_the_address(look):
    look.open(DIALOGUE)
    assert look.legend("Broadcast share, last 7 days") == ["clarion", "ember", "hearth"]
    look.page.focus('[data-variable="brand"] .tool')
    with look.loading() as asked:
        look.press("Enter")  # opens it, on All
        look.press("Tab", "Tab", "Space", "Tab", "Tab", "Enter")  # ember, and past hearth to Apply
    assert look.query("var-brand") == ["ember"]
    assert look.legend("Broadcast share, last 7 days") == ["ember"]
    assert {value for url in asked for value in parse_qs(urlsplit(url).query).get("var-brand", [])} <= {
        "ember",
        "$__all",
    }
    look.reload()
    assert look.legend("Broadcast share, last 7 days") == ["ember"]
    with look.loading():
        look.page.go_back()
    assert look.legend("Broadcast share, last 7 days") == ["clarion", "ember", "hearth"]


def test_platforms_can_be_several(look):
    look.open(f"{DIALOGUE}?var-platform=x&var-platform=mastodon")
    assert sorted(look.text('[data-variable="platform"] .tool').split(" + ")) == ["mastodon", "x"]
    table = look.page.locator(".panel", has_text="Last 7 days against the 28 before").locator(
        "tbody td:nth-child(2)"
    )
    assert set(table.all_inner_texts()) == {"x", "mastodon"}


def test_time_ranges_quick_and_own(look):
    look.open(DIALOGUE)
    look.page.click("#time")
    with look.loading():
        look.page.click('[data-range="7d"]')
    assert look.query("from", "to") == ["latest-7d", "latest"]
    look.page.click("#time")
    look.page.fill('input[name="from"]', "gestern")
    look.page.click("text=Apply")
    assert "Write 2026-02-01 12:00" in look.text(".own [role=alert]")
    look.page.fill('input[name="from"]', "2026-02-01 00:00")
    look.page.fill('input[name="to"]', "2026-02-08 00:00")
    with look.loading() as asked:
        look.page.click("text=Apply")
    assert look.query("from", "to") == ["1769904000000", "1770508800000"]  # UTC, wherever the browser is
    assert all("from=1769904000000" in url for url in asked if "/panels/" in url)
    assert look.text("#time span") == "2026-02-01 00:00 to 2026-02-08 00:00"
    with look.loading():
        look.page.click('[aria-label="Half a range back"]')
    assert look.query("from") == ["1769601600000"]


def test_a_range_without_data_says_so(look):
    look.open(f"{DIALOGUE}?from=2019-01-01&to=2019-01-08")
    panel = look.panel("Broadcast share, last 7 days")
    assert (panel.state, look.page.locator(f"#{panel.id} .notice").inner_text()) == ("empty", "no data")


def test_escape_closes_what_is_open(look):
    look.open(DIALOGUE)
    look.page.click("#time")
    assert look.page.is_visible(".popover:has(#time) .box")
    look.press("Escape")
    assert not look.page.is_visible(".popover:has(#time) .box")
    assert look.page.evaluate("document.activeElement.id") == "time"


def test_dark_and_light_change_at_a_click_and_are_remembered(look):
    look.open(DIALOGUE)
    canvas = ".timeseries canvas"
    before = look.page.evaluate(f"document.querySelector('{canvas}').toDataURL()")
    theme = look.page.get_attribute("html", "data-theme")
    look.page.click("#theme")
    other = {"dark": "light", "light": "dark"}[theme]
    assert look.page.get_attribute("html", "data-theme") == other
    assert look.page.evaluate(f"document.querySelector('{canvas}').toDataURL()") != before
    look.reload()
    assert look.page.get_attribute("html", "data-theme") == other


def test_other_dashboards_keep_brands_and_a_range_that_was_chosen(look):
    look.open(f"{DIALOGUE}?from=latest-7d&to=latest&var-brand=ember")
    with look.loading():
        look.page.click("nav >> text=Care")
    assert look.path() == "/d/hubbub-care"
    assert look.query("from", "to", "var-brand") == ["latest-7d", "latest", "ember"]
    assert look.legend("Reply rate within SLA by day") == ["ember"]


def test_a_row_links_to_its_conversation_and_back(look):
    look.open("/d/hubbub-community?from=latest-14d&to=latest&var-brand=hearth")
    link = look.page.locator(".panel", has_text="Liveliest conversations").locator("tbody a").first
    conversation = link.inner_text()
    with look.loading():
        link.click()
    assert look.path() == "/d/hubbub-conversation"
    assert look.query("var-conversation", "var-brand", "from") == [conversation, "hearth", "latest-14d"]
    assert all(panel.state == "drawn" for panel in look.panels())
    with look.loading():
        look.page.go_back()
    assert look.path() == "/d/hubbub-community"


def test_a_series_can_be_hidden_and_a_section_folded(look):
    look.open(DIALOGUE)
    canvas = "document.querySelector('.timeseries canvas').toDataURL()"
    before = look.page.evaluate(canvas)
    button = look.page.locator(".timeseries .legend button", has_text="ember").first
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    look.page.wait_for_function(
        "(before) => document.querySelector('.timeseries canvas').toDataURL() !== before", arg=before
    )
    fold = look.page.locator(".fold", has_text="Who talks to whom")
    assert look.page.is_visible("text=Direction mix")
    fold.click()
    assert fold.get_attribute("aria-expanded") == "false"
    assert not look.page.is_visible("text=Direction mix")


def test_pointing_at_a_chart_tells_its_values(look):
    look.open(DIALOGUE)
    box = look.page.locator(".timeseries .plot").first.bounding_box()
    look.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5)
    look.page.wait_for_selector(".tip-body")
    tip = look.page.inner_text(".tip-body")
    assert re.search(r"2026-02-\d\d \d\d:\d\d UTC", tip)
    assert re.search(r"ember\s+\d+(\.\d)?%", tip)


def test_a_panel_alone_with_its_query_and_its_meaning(look):
    look.open(DIALOGUE)
    panel = look.panel("Broadcast share, last 7 days")
    look.page.click(f"#{panel.id} .more")
    look.page.click("text=Show the query")
    query = look.page.inner_text("dialog pre")
    assert "SELECT" in query
    assert "$" not in query
    look.page.click("dialog >> text=Close")
    look.page.click(f'#{panel.id} [aria-label^="About"]')
    assert len(look.text(f"#{panel.id} .about")) > 40
    look.press("Escape")
    look.page.click(f"#{panel.id} .more")
    with look.loading():
        look.page.click("text=View alone")
    assert [each.title for each in look.panels()] == [panel.title]
    assert look.query("viewPanel") == [panel.id.removeprefix("panel-")]
    with look.loading():
        look.page.click("#whole")
    assert len(look.panels()) > 5


def test_refresh_asks_again(look):
    look.open(DIALOGUE)
    with look.loading() as asked:
        look.page.click("#refresh")
    assert len([url for url in asked if "/panels/" in url]) >= len(
        [p for p in look.panels() if p.kind != "text"]
    )


def test_a_dashboard_that_is_not_there(look):
    look.expected = "404"
    look.page.goto(f"{look.address}/d/nothing")
    look.page.wait_for_selector("body[data-state=broken]")
    assert look.text("[role=alert]") == "no dashboard nothing"
    assert look.page.locator("#board a").count() == len(UIDS)
