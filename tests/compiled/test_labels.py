"""The compiled labels tell of every message what the definition tells, or leave it to the definition."""

from __future__ import annotations

import re
import string
import sys
from dataclasses import astuple
from functools import cache
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.labelled import rows
from support.messages import message
from support.texts import real_texts, simulated_texts

from schemas.event import Activity, Actor, ActorKind, Reference
from schemas.registry import Brand, Registry, Topic
from streams.labels import (
    automation,
    deflection,
    label,
    language,
    love,
    question,
    sentiment,
    signature,
    sketch,
    thanks,
    words,
)
from streams.labels.portable import of_letters, of_words, portable
from streams.labels.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from schemas.event import SocialEvent

# ruff: noqa: RUF001, SIM905 - letters that look like others are what people type; words read best as text

compiled = pytest.importorskip("hubbub_compiled")

MODULES = (automation, deflection, language, love, question, sentiment, signature, sketch, thanks, words)
PATTERNS = {
    f"{module.__name__.rsplit('.', 1)[1]}.{name}": pattern
    for module in MODULES
    for name, pattern in vars(module).items()
    if isinstance(pattern, re.Pattern)
}
ACME = Brand(
    name="acme",
    campaign_tags=("sale", "#AcmeGiveaway", "Été"),
    topic=(
        Topic(name="delivery", words=("parcel", "late", "Out for delivery")),
        Topic(name="coffee", words=("Café", "コーヒー", "咖啡", "C++")),
        Topic(name="refunds", words=("refund", "money back", "&amp;")),
    ),
)
PLAIN = Brand(name="plain")
BLANK = Brand(name="blank", topic=(Topic(name="all", words=(" ",)), Topic(name="at", words=("@acme",))))
REGISTRY = Registry(brand=(ACME, PLAIN, BLANK))
LANGUAGES = (None, "en", "EN-us", "und", "de", "fr_CA", "el", "ja", "")
GENERATORS = (None, "Hootsuite Inc.", " Buffer ", "Twitter Web Client", "<a href='x'>IFTTT</a>", "\u2003")


@pytest.fixture(scope="module")
def trial():
    return compiled.Trial(rules())


@pytest.fixture(scope="module")
def labeller():
    return compiled.Labeller(label, rules())


@cache
def registry():
    brands = [
        (brand.name, 60, list(brand.campaign_tags), [(name, list(some)) for name, some in brand.topic_words])
        for brand in REGISTRY.brand
    ]
    return compiled.Registry(brands, [], REGISTRY)


def check(
    labeller,
    event: SocialEvent,
    *,
    brand: str = "acme",
    by_brand: bool = False,
    answers_customer: bool = False,
    share: float = 1.0,
) -> bool:
    """Hold one message to the definition; whether it was told here."""
    wanted = label(
        event,
        brand=REGISTRY.by_name.get(brand),
        by_brand=by_brand,
        answers_customer=answers_customer,
        sentiment_share=share,
    )
    compiled_event = compiled.Event.of(event)
    told = labeller.told(compiled_event, registry(), brand, by_brand, answers_customer, share)
    if told is not None:
        assert told == astuple(wanted), event
    return told is not None


def variants(texts: Iterable[str]) -> Iterable[tuple[SocialEvent, dict[str, object]]]:
    """Messages with these texts, of all sorts in turn."""
    languages, generators = (
        cycle((None, "en", None, "en", None, *LANGUAGES)),
        cycle((*GENERATORS, *GENERATORS[:1])),
    )
    brands, tags = (
        cycle(("acme", "plain", "blank", "nobody")),
        cycle(((), ("Sale", "#Parcel"), (), (), ("été",))),
    )
    seen, shares = cycle(((False, False), (True, False), (True, True))), cycle((1.0, 0.5, 1.0, 0.001, 0.0))
    for number, text in enumerate(texts):
        event = message(
            id=str(number),
            text=text,
            lang=next(languages),
            generator=next(generators),
            hashtags=next(tags),
            urls=("https://a.example",) if number % 11 == 0 else (),
            actor=Actor(id="1", kind=ActorKind.SERVICE if number % 17 == 0 else None),
        )
        by_brand, answers_customer = next(seen)
        how = {"brand": next(brands), "by_brand": by_brand, "answers_customer": answers_customer}
        yield event, {**how, "share": next(shares)}


def hold(labeller, texts: Iterable[str]) -> float:
    """Hold messages with these texts to the definition; the share of them that was told here."""
    told = [check(labeller, event, **how) for event, how in variants(texts)]
    return sum(told) / len(told)


def test_real_messages(labeller, shared_data: Path, record_property) -> None:
    texts = real_texts(shared_data)
    shares = [
        check(labeller, message(text=text), by_brand=by, answers_customer=by)
        for text in texts
        for by in (False, True)
    ]
    told = sum(shares) / len(shares)
    record_property("measured", f"labels told compiled, of real messages: {told:.2%}")
    hold(labeller, texts)
    assert told > 0.95


def test_simulated_messages(labeller, record_property) -> None:
    told = hold(labeller, simulated_texts())
    record_property("measured", f"labels told compiled, of simulated messages: {told:.2%}")
    assert told > 0.95


def test_examples_by_hand(labeller) -> None:
    texts = [row["text"] for name in ("customer", "brand", "languages", "asks") for row in rows(name)]
    for lang in (None, "en"):
        for by_brand in (False, True):
            told = [
                check(labeller, message(text=text, lang=lang), by_brand=by_brand, answers_customer=by_brand)
                for text in texts
            ]
            assert sum(told) / len(told) > 0.95


CLOSING = " and all that is said before it" * 4
"""More than what is read for how a text closes."""


@pytest.mark.parametrize("lang", [*sorted(question.MARKED), "EN", "zxx", "no-NO", "x", "é"])
def test_what_few_real_messages_say(labeller, lang: str) -> None:
    for text in (
        "I love it 🙄",
        "love this so much /s",
        "Love it. Not!",
        "so happy #not",
        f"Where is it? {CLOSING[:30]} thanks!",
        f"Where is it? {CLOSING} thanks so much!",
        f"{CLOSING} really? thanks!",
        "It still isn't working, thanks",
        "It works now but the other does not work again",
        "sorted; is it sorted? not sorted",
        "thanks in advance é thanks",
        "See it – thanks",
        "Bye -Thanks",
        "Bye -Ähm",
        "Bye ^ǅ",
        "; und",
    ):
        told = [
            check(labeller, message(text=text, lang=lang), by_brand=by, answers_customer=by)
            for by in (False, True)
        ]
        assert all(told) or not (text.isascii() and lang.isascii())


@pytest.mark.parametrize("word", sorted({*automation.EXACT, *sorted(automation.TOOLS)[::7], "web", "Éclair"}))
def test_programs(labeller, word: str) -> None:
    for name in (word, f" {word.title()} Inc.", f"<b>{word}</b> &amp; co", f"{word}é", f"x{word}"):
        assert check(labeller, message(text="a", generator=name), by_brand=True)


def test_what_is_left_to_the_definition_is_told_by_it(labeller) -> None:
    for text in (
        "Where is ٣?",
        "ſo glad, thanks! https://a.example ^AB",
        "love &copy; it",
        "CAFÉ ΣΑΣ refund",
    ):
        event = message(text=text, lang="en", hashtags=("Sale",), generator="Buffer")
        seen = compiled.Event.of(event)
        assert labeller.told(seen, registry(), "acme", True, True, 1.0) is None
        wanted = label(event, brand=ACME, by_brand=True, answers_customer=True)
        assert labeller.label(seen, registry(), "acme", True, True, 1.0) == astuple(wanted)


def test_without_rules_all_is_left_to_the_definition() -> None:
    event = message(text="Where is my parcel?")
    asked = compiled.Labeller(label)
    assert asked.told(compiled.Event.of(event), registry(), "acme", False, False, 1.0) is None
    told = asked.label(compiled.Event.of(event), registry(), "acme", False, False, 1.0)
    assert told == astuple(label(event, brand=ACME, by_brand=False, answers_customer=False))


STEMS = sorted({word for some in rules()["words"].values() for word in some if len(word) < 20})
LITERALS = sorted(
    {
        word
        for pattern in PATTERNS.values()
        for word in re.findall(r"(?<!\\)[a-z][a-z']+", pattern.pattern)
        if len(pattern.pattern) > 40
    }
)
ODD = st.sampled_from(
    [
        *"? ! . , ; n't ^AB -Ann /s *Bob @a u/b #not & &amp; &lt;3 &nbsp; AT&T &copy &#39;".split(),
        *"https://a.example/b?c a.com co.uk www.x.y".split(),
        *"é É ß İ ſ K Σ ς ² ½ ٣ e\u0301 ª ŉ ǅ Ⓐ 日本 ไทย नि _ ' ’ ʼ ` ´ ¿ ？ ； – — … 🔗".split(),
        *"❤️ 😍 🙄 👍🏽 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 \u200d \ufe0f \x01".split(),
        *(" but ", "\n", "\u00a0", "\u2003", "\x1c", "\x85", "\u3000", "dm 3", "call ٣"),
    ]
)
SPOKEN = st.sampled_from([*STEMS, *LITERALS]) | ODD
GLUED = st.lists(st.tuples(SPOKEN, st.sampled_from([" ", " ", " ", "", ".", "? "])), max_size=14).map(
    lambda parts: "".join(map("".join, parts))
)
FOUND = st.sampled_from(sorted(PATTERNS)).flatmap(
    lambda name: st.from_regex(PATTERNS[name], fullmatch=False) if name in PATTERNS else st.nothing()
)
TEXTS = GLUED | FOUND | st.tuples(GLUED, FOUND, GLUED).map(" ".join) | st.text(max_size=60)


MESSAGES = st.fixed_dictionaries(
    {
        "text": TEXTS | st.none(),
        "lang": st.sampled_from(LANGUAGES) | st.text(max_size=4),
        "hashtags": st.lists(
            st.sampled_from(["Sale", "#sale", " ＃Sale ", "é", "#", "", "İ", "ÉTÉ"]) | st.text(max_size=4)
        ).map(tuple),
        "generator": st.sampled_from(GENERATORS) | st.text(max_size=8),
    }
)
SEEN = st.fixed_dictionaries(
    {
        "brand": st.sampled_from(["acme", "plain", "blank", "nobody"]),
        "by_brand": st.booleans(),
        "answers_customer": st.booleans(),
        "share": st.sampled_from([1.0, 0.0, 0.3, 1e-20, 2.0, -1.0, float("nan"), 0.1234567]),
    }
)


@settings(max_examples=600, deadline=None)
@given(MESSAGES, SEEN)
def test_whatever_people_might_write(labeller, fields, seen) -> None:
    check(labeller, message(**fields), **seen)


def test_a_long_text_is_cut_alike(labeller, trial) -> None:
    for sign in ("a ", "é ", "😀", "thanks "):
        for length in (2_499, 2_500, 2_501, 9_999):
            text = (sign * length)[:length]
            assert trial.cut(text) == words.cut(text)
            check(labeller, message(text=f"{text} ^AB"), by_brand=True, answers_customer=True)
            check(labeller, message(text=f"   {text} https://a.example"), by_brand=True)


def test_anything_but_a_message_has_no_labels(labeller) -> None:
    like = message(activity=Activity.LIKE, object=Reference(id="2"), text="love it", hashtags=("a",))
    told = labeller.label(compiled.Event.of(like), registry(), "acme", True, True, 1.0)
    assert told == astuple(label(like, brand=ACME, by_brand=True, answers_customer=True))


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_a_portable_pattern_finds_what_the_pattern_finds(name: str, trial) -> None:
    pattern = PATTERNS[name]

    @settings(max_examples=60, deadline=None)
    @given(st.tuples(GLUED, st.from_regex(pattern), GLUED).map("".join) | GLUED | st.text(max_size=30))
    def finds_the_same(text: str) -> None:
        for read in (text, words.plain(text)):
            if has_odd_spaces(read) and not (rules()["patterns"][name][2] or name.startswith("words.")):
                continue
            if (spans := trial.spans(name, read)) is not None:
                assert spans == [found.span() for found in pattern.finditer(read)]
            if (found := trial.is_match(name, read)) is not None:
                assert found == bool(pattern.search(read))

    finds_the_same()


def has_odd_spaces(text: str) -> bool:
    """Such as no plain text has."""
    return text.endswith("\n") or any(sign.isspace() and not sign.isascii() for sign in text)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("u/a @b.c@d.e https://x é&amp;&lt;&copy &amp;amp; &amp AT&T &foo; a& b &#39;&#34;")
def test_a_plain_text_is_the_same(trial, text: str) -> None:
    plain = trial.plain(text)
    assert plain is None or plain == words.plain(text)
    assert trial.has_link(text) in (None, words.has_link(text))


def test_every_character_is_seen_alike_or_left_to_the_definition(trial) -> None:
    left = []
    for code in range(sys.maxunicode + 1):
        if 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        kinds = trial.kinds(character)
        if kinds is None:
            left.append(character)
            continue
        is_word, is_space = character.isalnum() or character == "_", character.isspace()
        is_letter = is_word and not character.isdecimal() and character != "_"
        assert kinds == (is_word, is_space, is_letter), hex(code)
        assert trial.case(character) == (character.lower(), character.isupper()), hex(code)
    assert not {*left} & {*string.printable, *"’…–—äöüßéèçñåøæœ¿¡“”„«»€£°❤️\u200d\u00a0"}
    assert len(left) < 1500


@pytest.mark.parametrize(
    "source",
    [
        r"[^\W\d_]+",
        "é",
        "[😀]",
        r"\w{3}",
        r"\w\s",
        "a.b",
        "_",
        r"(?:\w\w)+",
        r"(?<=\w-)a",
        "[^a]b",
        "\x01",
        "[A-z]",
    ],
)
def test_a_pattern_that_tells_wide_characters_apart_or_counts_them_reads_the_text_itself(source: str) -> None:
    with pytest.raises(ValueError, match="beyond ASCII"):
        of_words(re.compile(source))
    assert portable(re.compile(source)) == of_letters(re.compile(source))


@pytest.mark.parametrize(
    "source",
    [
        r"\w+\s",
        "[^.]+",
        r"a(?=\w)",
        r"(?<!\w)a",
        r"(?:[^.]|\.(?=\w))+",
        r"(?: \w+){0,3} a",
        r"a\w",
        r"[\w'-]+ a",
    ],
)
def test_other_patterns_read_words(source: str) -> None:
    assert portable(re.compile(source)) == of_words(re.compile(source))


@pytest.mark.parametrize("flag", [re.MULTILINE, re.DOTALL, re.ASCII])
def test_flags_that_are_not_portable_are_none(flag: re.RegexFlag) -> None:
    with pytest.raises(ValueError, match="flags"):
        portable(re.compile("a", flag))
