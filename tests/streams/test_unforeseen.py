"""An error that nobody has foreseen, in words that tell where to look and quote no event."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from pydantic import ValidationError

from schemas.rows import DeadLetterRow, RegistryChangeRow
from sinks.arrow import to_arrow
from streams.unforeseen import unforeseen

SECRET = "my number is 12345"


def test_what_an_error_quotes_is_left_out() -> None:
    refused = unforeseen(KeyError(SECRET))
    assert (refused.reason, refused.detail) == ("internal", "KeyError: '…'")


def test_a_row_that_cannot_be_made_is_told_by_its_field() -> None:
    with pytest.raises(ValidationError) as caught:
        RegistryChangeRow.model_validate(
            {"version": SECRET, "source_epoch": 1, "source_partition": 0, "source_offset": 0}
        )
    detail = unforeseen(caught.value).detail
    assert detail.startswith("ValidationError: RegistryChangeRow: version: Input should be a valid integer")
    assert SECRET not in detail


def test_it_names_the_place_in_our_own_code() -> None:
    row = DeadLetterRow.model_construct(
        reason=7,  # type: ignore[arg-type]
        field="",
        detail="",
        body=b"",
        source_topic=SECRET,
        source_epoch=1,
        source_partition=0,
        source_offset=0,
        refused_at=datetime.now(UTC),
    )
    with pytest.raises(pa.ArrowException) as caught:
        to_arrow(DeadLetterRow, [row])
    assert unforeseen(caught.value).detail.partition("(")[2].startswith("arrow.py:")


@pytest.mark.parametrize("words", ["x" * 10_000, "two\nlines", "\udcff"])
def test_its_words_are_one_short_line_of_text(words: str) -> None:
    detail = unforeseen(ValueError(words)).detail
    assert len(detail.encode()) < 400
    assert "\n" not in detail
