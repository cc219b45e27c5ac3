"""Precision and recall of the labels that read words, on examples that were labelled by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from support.labelled import TRUTH, rows, score, with_text

from streams.labels.deflection import deflection
from streams.labels.language import is_english
from streams.labels.love import love
from streams.labels.question import question
from streams.labels.sentiment import sentiment
from streams.labels.signature import signature
from streams.labels.thanks import thanks

if TYPE_CHECKING:
    from pathlib import Path

LABELS = {
    "question": question,
    "thanks": thanks,
    "love": love,
    "sentiment": sentiment,
    "deflection": deflection,
    "signature": lambda text, _: signature(text),
}


class Case(NamedTuple):
    label: str
    wanted: object
    """What is looked for; of signatures any that is not empty."""
    file: str
    precision: float
    """At least; so is the next."""
    recall: float

    def __str__(self) -> str:
        return f"{self.label} {self.wanted:+d}" if self.label == "sentiment" else self.label


OURS = [
    Case("question", True, "customer", 0.95, 0.95),
    Case("thanks", True, "customer", 0.95, 0.95),
    Case("love", True, "customer", 0.95, 0.95),
    Case("sentiment", 1, "customer", 0.8, 0.85),
    Case("sentiment", -1, "customer", 0.85, 0.65),
    Case("deflection", True, "brand", 0.95, 0.95),
    Case("signature", "", "brand", 1.0, 0.95),
]
TWEETS = [
    Case("question", True, "twcs_read_customer", 0.9, 0.9),
    Case("thanks", True, "twcs_read_customer", 0.8, 0.7),
    Case("love", True, "twcs_read_customer", 0.8, 0.8),
    Case("sentiment", 1, "twcs_read_customer", 0.7, 0.8),
    Case("sentiment", -1, "twcs_read_customer", 0.9, 0.7),
    Case("deflection", True, "twcs_read_brand", 0.9, 0.9),
    Case("signature", "", "twcs_read_brand", 0.95, 0.9),
    Case("question", True, "twcs_unread_customer", 0.9, 0.9),
    Case("thanks", True, "twcs_unread_customer", 0.8, 0.85),
    Case("love", True, "twcs_unread_customer", 0.8, 0.85),
    Case("sentiment", 1, "twcs_unread_customer", 0.75, 0.85),
    Case("sentiment", -1, "twcs_unread_customer", 0.8, 0.5),  # complaints without a word that sounds bad
    Case("deflection", True, "twcs_unread_brand", 0.8, 0.75),
    Case("signature", "", "twcs_unread_brand", 0.95, 0.9),
    Case("question", True, "twcs_last_customer", 0.9, 0.9),
    Case("thanks", True, "twcs_last_customer", 0.8, 0.8),
    Case("love", True, "twcs_last_customer", 0.7, 0.7),  # four in all
    Case(
        "sentiment", 1, "twcs_last_customer", 0.55, 0.7
    ),  # "lol", "I need", "successful": kind words, no praise
    Case("sentiment", -1, "twcs_last_customer", 0.8, 0.7),
]


def check(case: Case, data: Path | None, record_property) -> None:
    told = [(LABELS[case.label](row["text"], None), truth(case, row)) for row in with_text(case.file, data)]
    found = score(
        told, (lambda name: name != "") if case.wanted == "" else (lambda value: value is case.wanted)
    )
    record_property("measured", f"{case!s:14} {case.file:21} {found}")
    assert found.precision >= case.precision
    assert found.recall >= case.recall


def truth(case: Case, row: dict[str, str]) -> object:
    return row[case.label] if case.wanted == "" else TRUTH[row[case.label]]


@pytest.mark.parametrize("case", OURS, ids=lambda case: f"{case} {case.file}")
def test_on_our_examples(case: Case, record_property) -> None:
    check(case, None, record_property)


@pytest.mark.parametrize("case", TWEETS, ids=lambda case: f"{case} {case.file}")
def test_on_real_tweets(case: Case, shared_data: Path, record_property) -> None:
    check(case, shared_data, record_property)


def test_net_sentiment_is_told_kinder_than_it_is(shared_data, record_property) -> None:
    """The bias that readers of M1 must know: of the last sample, not of a customer."""
    told = [
        (sentiment(row["text"], "en") or 0, TRUTH[row["sentiment"]])
        for row in with_text("twcs_last_customer", shared_data)
    ]
    net, true = (sum(pair[at] for pair in told) / len(told) for at in (0, 1))
    record_property("measured", f"net sentiment  twcs_last_customer    {net:+.2f}, by hand {true:+.2f}")
    assert abs(net - true) < 0.2


def test_english_is_known_where_the_platform_names_no_language(record_property) -> None:
    told = [(is_english(row["text"], None), TRUTH[row["english"]]) for row in rows("languages")]
    found = score(told, lambda value: value is True)
    record_property("measured", f"{'english':14} {'languages':21} {found}")
    assert found.precision >= 0.8
    assert found.recall >= 0.9


def test_there_are_enough_examples_of_each_kind() -> None:
    for case in OURS:
        values = [truth(case, row) for row in rows(case.file)]
        assert len(values) >= 60, case
        there = sum(value != "" if case.wanted == "" else value is case.wanted for value in values)
        assert 15 <= there <= len(values) - 15, case
