"""A compiled signature is that of the definition, or is left to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.labelled import rows
from support.texts import real_texts, simulated_texts

from streams.labels import signature
from streams.labels.rules import rules
from streams.labels.words import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

compiled = pytest.importorskip("hubbub_compiled")

# ruff: noqa: RUF001, SLF001 - letters that look like others are what people type; rules are private

TRIAL = compiled.Trial(rules())
PATTERNS = [value for value in vars(signature).values() if isinstance(value, re.Pattern)]
NAMES = st.sampled_from(
    [
        *(
            "AB",
            "ab",
            "Ann",
            "A.B.",
            "J.",
            "ÉL",
            "Øyvind",
            "ß",
            "ǅ",
            "李明",
            "Ⓐ",
            "𝐀",
            "Σ",
            "İ",
            "A1",
            "a_b",
            "Mc D",
        ),
        *(
            "Thanks",
            "USA",
            "pm",
            "Dm",
            "NEW",
            "sorry",
            "É",
            "ﬁ",
            "Abcdefghijklmnop",
            "A" * 25,
            "..",
            "A..",
            ".A",
        ),
    ]
)
MARKS = st.sampled_from(
    [*signature._MARKS, "- ", " - ", "/ ", "^ ", "*", "~ ", "", " ", "thanks - ", "! - ", "…-"]
)
ENDS = st.sampled_from(
    [
        *(
            "",
            " ",
            "\n",
            " \n ",
            "\t",
            " 2/3",
            "(1/2)",
            "[2/2] ",
            " 1 / 2",
            " https://t.co/a",
            " HTTPS://x",
            "😀",
        ),
        *(
            " ❤️ 👍🏽",
            "…",
            ".",
            "!",
            ")",
            "\xa0",
            "\u3000",
            "\x1c",
            "\u200d",
            " é",
            " 𝐀",
            "²",
            "٣/٤",
            " 3/4 ✅",
        ),
    ]
)
BODIES = st.sampled_from(
    ["", "we will look into it", "Done.", "done", "ok?", "é", "a AB b", "😀", "THE", "9"]
) | st.text(max_size=12)
SIGNED = st.lists(
    st.tuples(BODIES, st.sampled_from(["", " ", ". "]), MARKS, NAMES, ENDS).map("".join), max_size=3
)
TEXTS = st.one_of(
    st.tuples(SIGNED.map(" ".join), ENDS, ENDS).map("".join),
    st.tuples(BODIES, st.sampled_from(PATTERNS).flatmap(st.from_regex), ENDS).map("".join),
)


def _assert_same(texts: Iterable[str]) -> float:
    """Hold texts to the definition; the share of them that is told here."""
    told = []
    for text in texts:
        name = TRIAL.signature(text)
        told.append(name is not None)
        assert name in (None, signature.signature(text)), text
        if len(text) <= LONGEST:
            assert TRIAL.unsigned(text) in (None, signature.unsigned(text)), text
    return sum(told) / len(told)


def test_real_texts_are_signed_as_the_definition_says(shared_data: Path) -> None:
    texts = real_texts(shared_data)
    assert sum(bool(signature.signature(text)) for text in texts) > 1000
    assert _assert_same(texts) > 0.99
    assert _assert_same(text[:at] for text in texts[::20] for at in range(0, len(text), 3)) > 0.99


def test_simulated_and_handmade_texts_are_signed_so() -> None:
    assert _assert_same(simulated_texts()) == 1
    assert _assert_same(row["text"] for row in rows("brand")) > 0.99


@settings(max_examples=2000, deadline=None)
@given(TEXTS)
@example("ok ^AB https://t.co/x 1/2 😀")
@example("AB says AB -AB")
@example("so it is - THX")
@example("- Ann")
def test_whatever_a_text_ends_with_it_is_signed_so(text: str) -> None:
    _assert_same([text])


@given(
    st.sampled_from("a é😀\n"),
    st.integers(0, 220),
    st.sampled_from([" ^AB", " -Ann 2/3", "^" + "A" * 22, " ab"]),
)
def test_a_name_counts_only_at_the_end_of_a_text(filling: str, length: int, behind: str) -> None:
    for text in (filling * length + behind, behind + filling * length, filling * (LONGEST + length) + behind):
        assert _assert_same([text]) == 1


def test_what_stands_before_the_end_of_a_text_is_not_looked_at() -> None:
    for behind in range(signature._END - 10, signature._END + 3):
        assert (
            _assert_same([f"a{name}{'😀' * behind}" for name in ("-Ann", "*Ann", "^Ann", ". - Ann", " /A")])
            == 1
        )
