from __future__ import annotations

from streams.cli.sparkline import sparkline


def test_a_value_is_as_high_as_its_share_of_the_highest():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8]) == "▁▂▃▄▅▆▇██"


def test_a_top_makes_drawings_comparable():
    assert sparkline([0.0, 0.5, 1.0], 1.0) == "▁▅█"
    assert sparkline([0.1, 0.1], 1.0) == "▁▁"


def test_what_is_not_known_is_a_gap():
    assert sparkline([1, None, 1]) == "█ █"
    assert sparkline([None]) == " "


def test_nothing_but_zeros_is_a_flat_line():
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([]) == ""


def test_below_zero_the_lowest_is_the_foot():
    assert sparkline([-1.0, 0.0, 1.0]) == "▁▅█"
