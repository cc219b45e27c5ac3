"""The quicker analyzer comes to the scores of the library's own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from vader import SentimentIntensityAnalyzer
from vader.constants import SENTIMENT_LADEN_IDIOMS
from vader.data.lexicon import MULTIWORD

from streams.labels.sentiment import Analyzer

PHRASES = {**MULTIWORD, "not working": -1.5, "one two three": -1.5}
WORDS = sorted({word for phrase in (*PHRASES, *SENTIMENT_LADEN_IDIOMS) for word in phrase.split()})
OURS = Analyzer(extra_lexicon={"parcel": -1.0}, multiword=PHRASES)
THEIRS = SentimentIntensityAnalyzer(extra_lexicon={"parcel": -1.0}, multiword=PHRASES)
SAYINGS = st.sampled_from(sorted((*PHRASES, *SENTIMENT_LADEN_IDIOMS)))


@given(st.lists(SAYINGS | st.sampled_from([*WORDS, "parcel", "but", "!", "\n", ":)"]), max_size=12))
def test_phrases_and_their_words_score_the_same(words: list[str]) -> None:
    text = " ".join(words)
    assert OURS.compound(text) == THEIRS.polarity_scores(text)["compound"]


@given(st.text())
def test_any_text_scores_the_same(text: str) -> None:
    assert OURS.compound(text) == THEIRS.polarity_scores(text)["compound"]
