"""A page of the preview that somebody looks at; what it must never do is noticed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext, ConsoleMessage

READY = "body[data-state=ready]"


_PANELS = """() => [...document.querySelectorAll(".panel")].map((panel) => [
    panel.id, panel.dataset.type, panel.dataset.state, Number(panel.dataset.points),
    panel.getAttribute("aria-label"), panel.innerText,
])"""
_NAMELESS = """() => [...document.querySelectorAll("button, a, input, select, .plot, .panel")]
    .filter((each) => !(each.ariaLabel || each.title || each.textContent.trim() || each.closest("label")))
    .map((each) => each.outerHTML.slice(0, 120))"""


class Panel(NamedTuple):
    """What a panel says of itself."""

    id: str
    kind: str
    state: str
    points: int
    title: str
    text: str


class Looking:
    """A page. A context manager: at its end, nothing may have complained or come from elsewhere.

    Args:
        browser: Where the page is opened.
        address: Of the preview.
    """

    def __init__(self, browser: BrowserContext, address: str) -> None:
        self.address = address
        self.page = browser.new_page()
        self.page.set_default_timeout(60_000)
        self.expected: str | None = None
        """A part of complaints that belong to the test."""
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.page.evaluate("localStorage.clear()")
        self.page.close()
        if kind is None:
            unexpected = [
                each for each in self.complaints if self.expected is None or self.expected not in each
            ]
            assert unexpected == []
            assert [url for url in self.requests if not url.startswith((self.address, "data:"))] == []

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        """Open a dashboard, and wait until all of it is there."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector(READY)

    def reload(self) -> None:
        """The same again."""
        self.page.reload()
        self.page.wait_for_selector(READY)

    @contextmanager
    def loading(self) -> Iterator[list[str]]:
        """Do something that loads panels, and wait until all of them are there; gives what was asked for."""
        self.page.evaluate("document.body.dataset.state = 'before'")
        asked: list[str] = []
        before = len(self.requests)
        yield asked
        self.page.wait_for_selector(READY)
        asked += self.requests[before:]

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def panels(self) -> list[Panel]:
        """All panels that are laid out."""
        found = self.page.evaluate(_PANELS)
        return [Panel(*each) for each in found]

    def panel(self, title: str) -> Panel:
        """The panel of that title."""
        (found,) = [panel for panel in self.panels() if panel.title == title]
        return found

    def legend(self, title: str) -> list[str]:
        """The names of a chart's series."""
        return self.page.locator(f"#{self.panel(title).id} .legend button").all_inner_texts()

    def text(self, selector: str) -> str:
        """What stands there."""
        return self.page.locator(selector).first.inner_text().strip()

    def nameless(self) -> list[str]:
        """What can be used, or seen, and has no name for who cannot see it."""
        found: list[str] = self.page.evaluate(_NAMELESS)
        return found

    def path(self) -> str:
        """Of the page's address."""
        return urlsplit(self.page.url).path

    def query(self, *names: str) -> list[str | None]:
        """Parameters of the page's address."""
        query = parse_qs(urlsplit(self.page.url).query)
        return [query.get(name, [None])[0] for name in names]
