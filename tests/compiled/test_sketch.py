"""A compiled sketch holds the numbers of the definition, or is left to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.labelled import rows
from support.texts import real_texts, simulated_texts

from streams.labels import sketch
from streams.labels.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

compiled = pytest.importorskip("hubbub_compiled")

# ruff: noqa: RUF001 - letters that look like others are what people type

TRIAL = compiled.Trial(rules())
WORDS = st.sampled_from(
    [
        *(
            "hi",
            "hello there",
            "Good morning Ann",
            "dear",
            "the",
            "parcel",
            "is",
            "on",
            "its",
            "way",
            "we'll",
            "e-mail",
        ),
        *(
            "a'-b",
            "-",
            "'",
            "x--y",
            "o’clock",
            "rock'n'roll",
            "-a",
            "b-",
            "_",
            "snake_case",
            "1st",
            "2017",
            "A1-b2",
        ),
        *(
            "²",
            "½",
            "٣",
            "Ⓐ",
            "é",
            "É",
            "日本",
            "e\u0301",
            "😀",
            "@ann",
            "https://a.example/b",
            "a.com",
            "&amp;",
            "w" * 90,
        ),
    ]
)
GAPS = st.sampled_from([" ", " ", " ", " ", "", ",", ". ", ", ", "! ", ": ", "-", "  ", "\n", "\xa0"])
SIGNED = st.sampled_from(["", "", " ^AB", " -Ann", " /Al 1/2"])
SPOKEN = st.lists(st.tuples(WORDS, GAPS).map("".join), max_size=30).map("".join)
TEXTS = st.tuples(SPOKEN | st.text(max_size=80), SIGNED).map("".join)


def _assert_same(texts: Iterable[str]) -> float:
    """Hold texts to the definition; the share of them that is told here."""
    told = []
    for text in texts:
        numbers = TRIAL.sketch(text)
        told.append(numbers is not None)
        assert numbers is None or tuple(numbers) == sketch.sketch(text), text
    return sum(told) / len(told)


def test_real_texts_have_the_sketch_of_the_definition(shared_data: Path) -> None:
    texts = real_texts(shared_data)
    assert sum(bool(sketch.sketch(text)) for text in texts) > 4000
    assert _assert_same(texts) > 0.99


def test_simulated_and_handmade_texts_have_it() -> None:
    assert _assert_same(simulated_texts()) == 1
    assert _assert_same(row[name] for row in rows("replies") for name in ("one", "other")) == 1


@settings(max_examples=1000, deadline=None)
@given(TEXTS)
@example("one two three four five")
@example("one two three four five six")
@example("Hi Ann, one two three four five")
@example("one one one one one one one one")
def test_whatever_is_said_has_it(text: str) -> None:
    _assert_same([text])


@pytest.mark.parametrize("length", [1, 39, 40, 41, 42, 43, 84, 85, 86, 300])
def test_a_run_longer_than_a_block_of_its_hash_has_it(length: int) -> None:
    for letter in ("a", "é"):
        assert _assert_same([" ".join([letter * length, "b"] * 4), " ".join([letter * length] * 7)]) == 1
