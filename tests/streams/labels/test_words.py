"""A text is searched for links only where it holds what every link holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from streams.labels.words import _LINK, may_have_link

PARTS = st.sampled_from(
    ["http", "S://", "\u017f://", "www", ".", "a", "example", "co.uk", "CO.UK", "ly", "\u017fhop", "@"]
)


@given(st.lists(PARTS | st.text(max_size=3), max_size=8).map("".join))
def test_no_link_is_missed(text: str) -> None:
    assert may_have_link(text) or not _LINK.search(text)
