"""What a message is about."""

from __future__ import annotations

import pytest
import yaml
from support.labelled import EXAMPLES
from support.messages import message

from schemas.registry import Brand, Topic
from streams.labels.topics import topics

ACME = Brand(
    name="acme",
    topic=(
        Topic(name="delivery", words=("parcel", "courier", "Out for delivery")),
        Topic(name="refunds", words=("refund", "money back")),
        Topic(name="coffee", words=("Café", "コーヒー", "咖啡")),
        Topic(name="c++", words=("C++",)),
    ),
)
CASES = yaml.safe_load((EXAMPLES / "topics.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text']}|{case['hashtags']}")
def test_by_hand(case) -> None:
    event = message(text=case["text"] or None, hashtags=tuple(case["hashtags"]))
    assert topics(event, ACME) == tuple(case["topics"])


def test_a_brand_that_is_not_known_leaves_the_hashtags() -> None:
    assert topics(message(text="parcel", hashtags=("B", "a", "#b")), None) == ("a", "b")


def test_topics_are_those_of_the_registry_that_is_asked() -> None:
    event = message(text="the parcel")
    renamed = Brand(name="acme", topic=(Topic(name="post", words=("parcel",)),))
    assert topics(event, ACME) == ("delivery",)
    assert topics(event, renamed) == ("post",)
