"""Labels look for pieces of words before they search for patterns: what holds none, no pattern finds."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from streams.labels import deflection, love, sentiment, signature, thanks
from streams.labels.words import holds_any, plain

# ruff: noqa: SLF001 - what is told of a pattern is not told to others

LOOKED_FOR = [
    pytest.param(thanks._THANKS, thanks._THANKING, id="thanks"),
    pytest.param(thanks._SOLVED, thanks._SOLVING, id="solved"),
    pytest.param(love._WORDS, love._LOVING, id="love"),
    pytest.param(deflection._PRIVATE, deflection._SENDING, id="to a private message"),
    pytest.param(deflection._AWAY, deflection._SENDING, id="away"),
    pytest.param(sentiment._WISH, sentiment._WISHING, id="wish"),
    *(
        pytest.param(pattern, signature._MARKS, id=name)
        for name, pattern in vars(signature).items()
        if name in ("_MARKED", "_STARRED", "_SLASHED", "_TIGHT", "_WIDE")
    ),
]


@pytest.mark.parametrize(("pattern", "stems"), LOOKED_FOR)
def test_whatever_a_pattern_finds_holds_a_piece_that_is_looked_for_first(pattern, stems) -> None:
    @settings(max_examples=300, deadline=None)
    @given(st.from_regex(pattern))
    def holds(text: str) -> None:
        found = pattern.search(text if stems is signature._MARKS else plain(text))
        assume(found)
        assert holds_any(found.group(), stems), found.group()

    holds()


def test_a_text_that_holds_none_is_told_apart() -> None:
    assert not holds_any("where is my order", thanks._THANKING)
    assert holds_any("ty!", thanks._THANKING)
