"""All labels of a message together."""

from __future__ import annotations

import time
from dataclasses import fields
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.messages import message

from schemas.event import Activity, Actor, ActorKind, Reference
from schemas.registry import Brand, Topic
from streams.labels import Labels, label
from streams.labels.sentiment import VERSION, in_sample
from streams.labels.words import LONGEST

ACME = Brand(name="acme", campaign_tags=("sale",), topic=(Topic(name="delivery", words=("parcel", "late")),))
EVERY = (
    "question",
    "thanks",
    "love",
    "sentiment",
    "deflection",
    "signature",
    "asks",
    "automation",
    "sketch",
    "topics",
)


def names(labels: Labels) -> list[str]:
    return [version.split("/")[0] for version in labels.labelled_by.split()]


def test_a_customer_is_judged_by_what_anybody_says() -> None:
    event = message(text="Thanks, but where is my late parcel? https://x.example ^AB", generator="Hootsuite")
    told = label(event, brand=ACME, by_brand=False, answers_customer=False)
    assert (told.question, told.topics) == (True, ("delivery",))
    assert (told.deflection, told.signature, told.asks, told.automation, told.sketch) == (
        None,
        "",
        None,
        None,
        (),
    )
    assert names(told) == ["question", "thanks", "love", "sentiment", "topics"]


def test_a_brand_is_judged_by_how_it_answers() -> None:
    event = message(
        text="Sorry to hear that. Please DM us your order number so that we can help. ^AB",
        generator="Sprinklr",
        lang="en",
    )
    told = label(event, brand=ACME, by_brand=True, answers_customer=True)
    assert (told.deflection, told.signature, told.asks, told.automation) == (True, "AB", False, True)
    assert len(told.sketch) == 32
    assert names(told) == list(EVERY)


def test_only_answers_to_customers_have_a_sketch() -> None:
    event = message(text="Our new autumn collection is here for you to see")
    assert label(event, brand=ACME, by_brand=True, answers_customer=False).sketch == ()


def test_without_a_text_nothing_is_read() -> None:
    for text in (None, "", " "):
        told = label(message(text=text), brand=ACME, by_brand=True, answers_customer=True)
        assert told == Labels()


def test_hashtags_links_and_programs_tell_without_a_text() -> None:
    event = message(text=None, hashtags=("Sale",), generator="Web")
    told = label(event, brand=ACME, by_brand=True, answers_customer=False)
    assert (told.asks, told.automation, told.topics) == (True, False, ("sale",))
    assert names(told) == ["asks", "automation", "topics"]


def test_a_language_that_the_labels_do_not_know() -> None:
    event = message(text="Bitte senden Sie uns eine DM. Danke! -Ann https://acme.example", lang="de")
    told = label(event, brand=ACME, by_brand=True, answers_customer=True)
    assert (told.thanks, told.love, told.sentiment, told.deflection) == (None, None, None, None)
    assert (told.question, told.signature, told.asks) == (False, "Ann", True)


def test_a_reaction_has_no_labels() -> None:
    event = message(activity=Activity.LIKE, object=Reference(id="2"), text="love it", hashtags=("a",))
    assert label(event, brand=ACME, by_brand=True, answers_customer=True) == Labels()


def test_a_share_of_the_messages_has_a_sentiment_and_says_so() -> None:
    events = [message(id=str(number), text="Great service, I love it") for number in range(2000)]
    told = [
        label(e, brand=None, by_brand=False, answers_customer=False, sentiment_share=0.25) for e in events
    ]
    sampled = [labels for labels in told if labels.sentiment is not None]
    assert 400 <= len(sampled) <= 600
    assert all(f"{VERSION}@0.25" in labels.labelled_by.split() for labels in sampled)
    assert all("sentiment" not in names(labels) for labels in told if labels.sentiment is None)
    assert all(labels.love is True for labels in told)


def test_who_is_in_a_small_sample_is_in_each_larger_one() -> None:
    events = [message(id=str(number)) for number in range(500)]
    shares = (0.0, 0.1, 0.5, 0.9, 1.0)
    samples = [{event.id for event in events if in_sample(event, share)} for share in shares]
    assert samples[0] == set()
    assert samples[-1] == {event.id for event in events}
    assert all(smaller < larger for smaller, larger in pairwise(samples))


def test_the_sample_is_drawn_by_platform_and_id_alone() -> None:
    event = message(id="7", text="a")
    other = message(id="7", text="b", version=3, actor=Actor(id="9"))
    assert all(in_sample(event, share / 50) == in_sample(other, share / 50) for share in range(51))
    ids = [str(number) for number in range(200)]
    assert {i for i in ids if in_sample(message(id=i), 0.5)} != {
        i for i in ids if in_sample(message(id=i, platform="mastodon"), 0.5)
    }


def test_every_label_has_a_version() -> None:
    event = message(text="Please DM us your order number so that we can help.", generator="Web")
    told = label(event, brand=ACME, by_brand=True, answers_customer=True)
    assert names(told) == list(EVERY)
    assert [field.name for field in fields(Labels)] == [*EVERY, "labelled_by"]
    for version in told.labelled_by.split():
        assert version.rsplit("/", 1)[1].isdigit()


WORDS = st.sampled_from(
    [
        "thanks",
        "not",
        "love",
        "?",
        "dm",
        "us",
        "https://a.example",
        "^AB",
        "-Ann",
        "😀",
        "@a",
        "fixed",
        "\n",
        "¿",
    ]
)
TEXTS = st.text(max_size=200) | st.lists(WORDS, max_size=30).map(" ".join)


EVENTS = st.builds(
    message,
    text=TEXTS | st.none(),
    lang=st.sampled_from([None, "", "en", "en-US", "de", "ja", "-", "_"]) | st.text(max_size=8),
    generator=st.none() | st.text(max_size=30),
    hashtags=st.lists(st.text(max_size=8), max_size=3).map(tuple),
    actor=st.builds(Actor, id=st.just("1"), kind=st.sampled_from([None, *ActorKind])),
)


@settings(deadline=None)
@given(event=EVENTS, by_brand=st.booleans(), share=st.floats(0, 1))
def test_any_message_has_labels_and_the_same_ones_each_time(event, by_brand, share) -> None:
    seen = {"brand": ACME, "by_brand": by_brand, "answers_customer": by_brand, "sentiment_share": share}
    told = label(event, **seen)
    assert label(event.model_copy(), **seen) == told
    assert told.sentiment in {None, -1, 0, 1}
    assert len(told.sketch) in {0, 32}
    assert list(told.topics) == sorted(set(told.topics))
    assert len(told.signature) <= 30


@settings(deadline=None)
@given(TEXTS)
def test_words_of_any_brand_are_found_or_not_but_never_break(word: str) -> None:
    if word:
        brand = Brand(name="b", topic=(Topic(name="t", words=(word,)),))
        label(message(text=f"so {word} it is"), brand=brand, by_brand=False, answers_customer=False)


HOSTILE = [
    *(
        "a.",
        "?",
        "? ",
        "😀",
        "😀 ",
        "@",
        "http://",
        "n't ",
        " ",
        "-",
        "&amp;",
        "'",
        "a",
        "- A",
        "1/2 ",
        "^A",
        "u/",
        "a@a",
    ),
    *(
        "thanks ",
        "thanks. ",
        "thank you for my ",
        "thanks for a b c ",
        "not ",
        "don't ",
        "would ",
        "best a ",
        "dm. ",
    ),
    *("can you ", "how ", "any ", "hi, ", "see ", "love how you ", "happy not "),
]


@pytest.mark.parametrize("part", HOSTILE)
def test_no_text_holds_up_a_worker(part: str) -> None:
    event = message(text=part * (200_000 // len(part)) + "x")
    started = time.perf_counter()
    label(event, brand=ACME, by_brand=True, answers_customer=True)
    assert time.perf_counter() - started < 2.0


def test_of_a_long_text_the_beginning_and_the_signature_are_read() -> None:
    event = message(text=f"Why is it late? {'x ' * LONGEST} -Ann", lang="en")
    told = label(event, brand=ACME, by_brand=True, answers_customer=True)
    assert (told.question, told.topics, told.signature) == (True, ("delivery",), "Ann")
