"""The compiled compound score is the very float of the definition."""

# ruff: noqa: RUF001, SLF001 - letters that look like others are what people type; the parts of the library are private

from __future__ import annotations

import math
import random
import sys
import unicodedata
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.texts import real_texts, simulated_texts

from streams.labels import sentiment, vader_parts
from streams.labels.sentiment import _ANALYZER, _WISH, Analyzer
from streams.labels.vader_parts import parts
from streams.labels.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

compiled = pytest.importorskip("hubbub_compiled")

PARTS = parts(_ANALYZER)
assert PARTS is not None
VADER = compiled.Vader(PARTS)


def _listed(name: str) -> list[str]:
    return sorted(PARTS[name])


def _in_capitals(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(words, words, words.map(str.upper), words.map(str.capitalize))


VALENT = st.sampled_from(_listed("lexicon"))
BENT = st.sampled_from(
    [
        *_listed("booster"),
        *_listed("negations"),
        *("no", "or", "nor", "never", "so", "this", "without", "doubt", "least", "at", "very", "kind", "of"),
        *("sort", "just", "enough", "but", "BUT", "gonn't", "n't", "x", "1", "2", "#"),
    ]
)
PHRASES = st.sampled_from(
    [*_listed("special_cases"), *_listed("idioms"), *_listed("multiword"), "to die for", "kiss of death"]
)
PIECES = st.sampled_from(
    [
        word
        for name in ("special_cases", "idioms", "multiword", "booster")
        for phrase in _listed(name)
        if " " in phrase
        for word in phrase.split(" ")
    ]
)
EMOJI = st.sampled_from([*_listed("emoji"), *_listed("emoji_residue"), *_listed("apostrophes")])
MARKS = st.text("!?.,:;)('\"*-_#~", max_size=6)
GAPS = st.sampled_from([" ", " ", " ", " ", "", "  ", "\n", "\t", "\xa0", "\x1c", "\u2028", "!", "? ", "..."])
SAID = st.one_of(
    _in_capitals(st.one_of(VALENT, VALENT, BENT, BENT, PIECES, PHRASES)), EMOJI, MARKS, st.text(max_size=4)
)
TEXTS = st.lists(st.tuples(MARKS | st.just(""), SAID, MARKS | st.just(""), GAPS), max_size=24).map(
    lambda said: "".join(chain.from_iterable(said))
)
PLAIN_TEXTS = st.lists(st.one_of(VALENT, BENT, PIECES, PHRASES), max_size=16).map(" ".join)


def _is_told_alike(text: str) -> bool:
    """Whether Python and Rust know all characters of a text: their Unicode is of different years."""
    return all(unicodedata.category(char) not in ("Cn", "Cs") for char in text)


def _assert_same(texts: Iterable[str]) -> None:
    different = [text for text in texts if VADER.compound(text) != _ANALYZER.compound(text)]
    assert not different, (len(different), different[:3])


def test_real_texts_have_the_very_score_of_the_definition(shared_data: Path) -> None:
    texts = real_texts(shared_data)
    assert len(texts) > 5000
    _assert_same(texts)
    _assert_same(_WISH.sub(" ", plain(text)) for text in texts)
    _assert_same(text.upper() for text in texts[::10])


def test_simulated_texts_have_the_very_score_of_the_definition() -> None:
    _assert_same(simulated_texts())


def test_each_listed_word_and_phrase_has_it_alone_and_among_others() -> None:
    for name in ("lexicon", "booster", "negations", "special_cases", "idioms", "multiword", "emoji"):
        for entry in _listed(name):
            _assert_same((entry, f"({entry})!", f"It is SO {entry} bad", f"not {entry} great BUT good"))


@settings(max_examples=3000, deadline=None)
@given(st.one_of(TEXTS, PLAIN_TEXTS).filter(_is_told_alike))
@example("Never so good, never this so bad without a doubt GREAT")
@example("at least good, the least good, very least good")
@example("no good or bad nor no or great")
@example("no bikes nor good")
@example("sort of the bomb, kind of to die for, yeah right")
@example("it’s 3\ufe0f good 👍🏽 don’t")
@example(":),,, :-)!!! !!! ???? :")
def test_whatever_is_made_of_its_words_has_it(text: str) -> None:
    _assert_same([text])


@pytest.mark.thorough
def test_whatever_the_character_beside_them_words_and_capitals_are_told_alike() -> None:
    chars = filter(_is_told_alike, map(chr, range(sys.maxunicode + 1)))
    _assert_same(
        text
        for char in chars
        for text in (f"{char} GOOD ba{char}d{char} than{char} fine{char}BAD, {char}so{char}", f"{char}A GOOD")
    )


def _with_lexicon(lexicon: dict[str, float]) -> tuple[Analyzer, dict[str, object]]:
    """An analyzer that knows these words alone, and its parts."""
    analyzer = Analyzer(extra_lexicon={}, multiword={})
    analyzer.lexicon = lexicon
    analyzer._lexicon_keys = frozenset(lexicon)
    made = parts(analyzer)
    assert made is not None
    return analyzer, made


def test_a_valence_is_rounded_as_python_rounds() -> None:
    dice = random.Random(1)
    valences = [number / 2e4 for number in range(-20_000, 20_001)] + [
        dice.uniform(-1, 1) for _ in range(20_000)
    ]
    # Scores are v / sqrt(v^2 + 15): these are near what four places cut off, and at it.
    lexicon = {
        f"w{at}": math.copysign(math.sqrt(15 / (v**-2 - 1)), v)
        for at, v in enumerate(valences)
        if 0 < abs(v) < 1
    }
    analyzer, made = _with_lexicon(lexicon)
    vader = compiled.Vader(made)
    assert not [word for word in lexicon if vader.compound(word) != analyzer.compound(word)]


def test_valences_that_nearly_cancel_each_other_are_added_as_this_python_adds_them(monkeypatch) -> None:
    analyzer, made = _with_lexicon({"one": 0.1, "two": 0.2, "three": -0.3, "lots": 1e16, "minus": -1e16})
    texts = ("one two three!", "lots one minus!", "lots one one minus!", "one lots two minus three!!")
    for text in texts:
        assert compiled.Vader(made).compound(text) == analyzer.compound(text), text
    # As Python 3.11 and 3.12 do it.
    for compensated, add in ((False, _plain_sum), (True, _compensated_sum)):
        monkeypatch.setattr(sentiment, "sum", add, raising=False)
        vader = compiled.Vader(made | {"sums_compensated": compensated})
        assert [vader.compound(text) for text in texts] == [analyzer.compound(text) for text in texts]
    assert _plain_sum([0.1, 0.2, -0.3]) != _compensated_sum([0.1, 0.2, -0.3])


def _plain_sum(numbers: Sequence[float]) -> float:
    total = 0.0
    for number in numbers:
        total += number
    return total


def _compensated_sum(numbers: Sequence[float]) -> float:
    total = lost = 0.0
    for number in numbers:
        added = total + number
        lost += (total - added) + number if abs(total) >= abs(number) else (number - added) + total
        total = added
    return total + lost


def test_a_but_that_has_a_valence_of_its_own_keeps_it() -> None:
    analyzer, made = _with_lexicon({"but": 1.0, "blah": 0.5})
    for text in ("but", "blah but blah", "blah but", "but blah but blah"):
        assert compiled.Vader(made).compound(text) == analyzer.compound(text), text


def test_no_character_has_a_case_beyond_those_that_are_looked_at() -> None:
    beyond = map(chr, range(vader_parts._CASED, sys.maxunicode + 1))
    assert not [char for char in beyond if char.lower() != char or char.isupper() or char.islower()]


def test_of_another_version_of_the_library_nothing_is_handed_over(monkeypatch) -> None:
    monkeypatch.setattr(vader_parts, "version", lambda _: "1.0.1")
    assert parts(_ANALYZER) is None
