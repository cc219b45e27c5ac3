from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rich.console import Console

from schemas.metrics import CATALOGUE
from schemas.rows import SUMS
from streams.cli.figures import Figures
from streams.cli.pages import LARGEST, courses, one_by_one, side_by_side

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
WEEKS = [MONDAY + timedelta(weeks=number) for number in range(4)]


def figures(brand, at=MONDAY, value=0.5, messages=1):
    metrics = {metric.column: value for metric in CATALOGUE}
    return Figures(brand, at, metrics, dict.fromkeys(SUMS, 0) | {"bo": messages})


def drawn(pages, width=80):
    console = Console(width=width, no_color=True)
    with console.capture() as capture:
        for page in pages:
            console.print(page)
    return capture.get()


def test_the_brand_with_the_most_messages_comes_first():
    whole = [figures("a", messages=1), figures("b", messages=3), figures("c", messages=3)]
    assert [course.whole.brand for course in courses(whole, [], WEEKS)] == ["b", "c", "a"]


def test_brands_stand_side_by_side_as_far_as_they_fit():
    brands = courses([figures("a"), figures("b"), figures("c")], [], WEEKS)
    narrow, wide = (drawn(side_by_side(brands, "week", width), width) for width in (80, 160))
    assert narrow.count("dialogue ratio") == 2
    assert wide.count("dialogue ratio") == 1
    assert max(map(len, narrow.splitlines())) <= 80


def test_a_window_without_anything_is_a_gap():
    windows = [figures("a", WEEKS[0], 0.0), figures("a", WEEKS[2], 1.0), figures("a", WEEKS[3], None)]
    (course,) = courses([figures("a")], windows, WEEKS)
    assert course.drawing(CATALOGUE[0]) == "▁ █ "


def test_low_ratios_are_drawn_against_their_own_highest():
    windows = [figures("a", WEEKS[0], 0.01), figures("a", WEEKS[1], 0.02)]
    (course,) = courses([figures("a")], windows, WEEKS)
    assert course.drawing(CATALOGUE[0]) == "▅█  "


def test_of_many_brands_the_rest_is_named():
    brands = courses([figures(f"brand-{number:02}") for number in range(LARGEST + 2)], [], WEEKS)
    text = drawn(side_by_side(brands, "week", 200), 200)
    assert f"Not shown, with fewer messages: brand-{LARGEST}, brand-{LARGEST + 1}." in text


def test_one_by_one_shows_the_windows_between_the_first_and_the_last_with_anything():
    windows = [figures("a", WEEKS[1], 0.25), figures("a", WEEKS[2], 0.75)]
    text = drawn(one_by_one(courses([figures("a")], windows, WEEKS), WEEKS, "week", 120), 120)
    assert "2026-01-12   2026-01-19" in text
    assert "2026-01-05" not in text
    (line,) = [line for line in text.splitlines() if "dialogue ratio" in line]
    assert line.split()[3:] == ["50.0%", "▃▇", "25.0%", "75.0%"]


def test_windows_that_do_not_fit_are_counted():
    windows = [figures("a", week) for week in WEEKS]
    text = drawn(one_by_one(courses([figures("a")], windows, WEEKS), WEEKS, "week", 80), 80)
    assert "The last 2 of 4 windows; --json has them all." in text
