"""Links and campaigns."""

from __future__ import annotations

import pytest
from support.labelled import TRUTH, rows
from support.messages import message

from schemas.registry import Brand
from streams.labels.asks import asks

ACME = Brand(name="acme", campaign_tags=("acmesale", "#AcmeGiveaway"))


@pytest.mark.parametrize(
    "row", rows("asks"), ids=lambda row: f"{row['text']}|{row['hashtags']}|{row['urls']}"
)
def test_by_hand(row: dict[str, str]) -> None:
    event = message(
        text=row["text"] or None,
        hashtags=tuple(filter(None, row["hashtags"].split(","))),
        urls=tuple(filter(None, row["urls"].split(","))),
    )
    assert asks(event, ACME) is TRUTH[row["asks"]]


@pytest.mark.parametrize("row", rows("brand"), ids=lambda row: row["text"])
def test_links_in_the_words_of_brands(row: dict[str, str]) -> None:
    assert asks(message(text=row["text"]), None) is TRUTH[row["link"]]


def test_campaigns_are_those_of_the_brand() -> None:
    tagged = message(text="Last day!", hashtags=("acmesale",))
    assert asks(tagged, None) is False
    assert asks(tagged, Brand(name="globex", campaign_tags=("globexdays",))) is False
    assert asks(message(text=None, hashtags=("other",)), ACME) is False
