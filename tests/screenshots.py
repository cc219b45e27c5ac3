"""A picture of every dashboard on the demo's data, into docs/screenshots: `make screenshots`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from support.chromium import chromium, find_chromium
from support.previewed import previewed

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
WIDTH, HEIGHT = 1280, 800
PICTURES = {
    # The whole of the demo: how one brand drifts from talking with people to talking at them.
    "dialogue": "/d/hubbub-dialogue?from=latest-56d&to=latest",
    "dialogue-light": "/d/hubbub-dialogue?from=latest-56d&to=latest&var-brand=ember&theme=light",
    "community": "/d/hubbub-community",
    "care": "/d/hubbub-care",
    "market": "/d/hubbub-market",
    "conversation": "/d/hubbub-conversation",
    "pipeline": "/d/hubbub-pipeline",
}


def take(page: Page, address: str, file: Path) -> None:
    """Take a picture of a whole dashboard, once all of it is drawn."""
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(address)
    page.wait_for_selector("body[data-state=ready]")
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.screenshot(path=file)


def main() -> int:
    """Take them all."""
    if find_chromium() is None:
        sys.stderr.write("no Chromium is installed: apt-get install chromium, or set HUBBUB_CHROMIUM\n")
        return 2
    FOLDER.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        previewed(Path(folder) / "demo") as address,
        chromium(WIDTH, HEIGHT) as browser,
    ):
        page = browser.new_page()
        for name, path in PICTURES.items():
            separator = "&" if "?" in path else "?"
            themed = path if "theme=" in path else f"{path}{separator}theme=dark"
            take(page, address + themed, FOLDER / f"{name}.png")
            sys.stdout.write(f"docs/screenshots/{name}.png\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
