"""Whether a reply deflects is told as by the definition, or is left to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.labelled import rows
from support.texts import real_texts, simulated_texts

from streams.labels import deflection
from streams.labels.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

compiled = pytest.importorskip("hubbub_compiled")


TRIAL = compiled.Trial(rules())
LANGUAGES = (None, "en", "de")
PATTERNS = [value for value in vars(deflection).values() if isinstance(value, re.Pattern)]
SENT = st.sampled_from(
    [
        *(
            "dm us",
            "Please send us a DM",
            "call 3",
            "call us",
            "reach out to our",
            "via this link",
            "see the FAQ",
        ),
        *(
            "check https://a.example/b.c",
            "on our website www.a.example",
            "help centre",
            "pm",
            "3 pm",
            "7pm",
            "follow",
        ),
    ]
)
BESIDE = st.sampled_from(
    [
        *(
            "sorry to hear that",
            "Hi there",
            "we'll look into it",
            "you have been refunded",
            "try a reset",
            "why",
        ),
        *(
            "have you tried it",
            "no need to call",
            "don't have to dm",
            "without an e-mail",
            "see it for confirmation",
        ),
        *(
            "the red box in the hall is yours to keep",
            "thanks",
            "ok",
            "let's",
            "é è à",
            "日本",
            "a.b",
            "v1.2",
            "😀",
            "🔗",
        ),
    ]
)
JOINS = st.sampled_from(
    [". ", ". ", "! ", "? ", " ", " but ", ", but ", "; ", "\n", "...", ".", "", "!.", "?!", ".é", "\xa0"]
)
SIGNED = st.sampled_from(["", "", " ^AB", " -Ann", " /Al 1/2", " ^dm", " - DM"])
SPOKEN = st.lists(st.tuples(st.one_of(SENT, BESIDE), JOINS).map("".join), max_size=7).map("".join)
FOUND = st.sampled_from(PATTERNS).flatmap(st.from_regex)
TEXTS = st.tuples(st.one_of(SPOKEN, SPOKEN, st.tuples(SPOKEN, FOUND, SPOKEN).map("".join)), SIGNED).map(
    "".join
)


def _assert_same(texts: Iterable[str], languages: Iterable[str | None] = LANGUAGES) -> float:
    """Hold texts to the definition; the share of them that is told here."""
    told = []
    for text in texts:
        for lang in languages:
            deflects = TRIAL.deflection(text, lang)
            told.append(deflects is not None)
            assert deflects in (None, [deflection.deflection(text, lang)]), (text, lang)
    return sum(told) / len(told)


def test_of_real_texts_those_deflect_that_the_definition_says(shared_data: Path) -> None:
    texts = real_texts(shared_data)
    assert sum(deflection.deflection(text, None) is True for text in texts) > 400
    assert _assert_same(texts, (None, "en")) > 0.99


def test_of_simulated_and_handmade_texts_those_deflect() -> None:
    assert _assert_same(simulated_texts()) == 1
    assert _assert_same(row["text"] for row in rows("brand")) > 0.99


@settings(max_examples=1500, deadline=None)
@given(TEXTS)
@example("dm us.The red box in the hall is yours to keep")
@example("See https://a.example/dm?b=c. Thanks")
@example("one two three four, but dm us")
def test_whatever_is_said_deflects_alike(text: str) -> None:
    _assert_same([text])
