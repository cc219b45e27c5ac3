"""What they say: plain enough to read, and told apart where it is meant to differ."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from random import Random

import pytest

from streams.simulator import chatter
from streams.simulator.copywriting import answer, broadcast
from streams.simulator.said import Said


def shingles(said):
    """Runs of three words, but for numbers and signatures."""
    words = re.findall(r"[a-z]+", re.sub(r" (?:\^|- |/)\w+$", "", said.text).lower())
    return {tuple(words[n : n + 3]) for n in range(len(words) - 2)}


def alike(one, other):
    return len(one & other) / len(one | other)


@pytest.fixture(scope="module")
def answers():
    rng = Random(1)
    return [answer(rng, deflects=0.3, ready=0.4, signature=rng.choice(["", "Ann"])) for _ in range(700)]


def test_ready_made_answers_of_one_template_are_the_same_but_for_numbers_and_names(answers):
    by_template = defaultdict(list)
    for said in answers:
        if said.template:
            by_template[said.template].append(said)
    assert len(by_template) == 5
    for same in by_template.values():
        assert len({said.text for said in same}) > 10
        assert {frozenset(shingles(said)) for said in same} == {frozenset(shingles(same[0]))}


def test_no_two_other_answers_are_nearly_the_same(answers):
    long = {said.template: shingles(said) for said in answers if said.template}
    long |= {n: shingles(said) for n, said in enumerate(answers) if not said.template and len(said.text) > 40}
    assert len(long) > 200
    assert max(alike(one, other) for one, other in itertools.combinations(long.values(), 2)) < 0.5


def test_short_answers_are_too_short_to_be_compared(answers):
    short = [said for said in answers if not said.template and len(said.text) <= 40]
    assert short
    assert all(len(said.text.split()) < 6 for said in short)


def test_what_is_asked_has_a_question_mark_and_nothing_else_has():
    for said in itertools.chain(*chatter.KINDS, chatter.FOREIGN):
        assert said.question is ("?" in said.text)


def test_only_english_has_a_meaning_that_anybody_can_be_held_to():
    for said in chatter.FOREIGN:
        assert not said.known
        assert said == Said(said.text, said.lang)


def test_broadcasts_ask_by_a_link_or_a_campaigns_tag():
    rng = Random(1)
    posts = [broadcast(rng, "acme", links=0.4, tag="AcmeDays", signature="") for _ in range(300)]
    for said in posts:
        assert said.asks is ("https://" in said.text or "#AcmeDays" in said.text)
    assert any(said.asks and not said.urls and not said.hashtags for said in posts)


def test_a_hashtag_rises_around_one_brand_and_is_a_topic():
    rng = Random(1)
    said = [chatter.chatter(rng, chatter.CHATTING, rising=0.5) for _ in range(100)]
    tagged = [one for one in said if chatter.RISING in one.topics]
    assert len(tagged) > 25
    assert all(chatter.RISING in one.hashtags and f"#{chatter.RISING}" in one.text for one in tagged)
