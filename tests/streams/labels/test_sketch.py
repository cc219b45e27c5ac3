"""Near repetitions: what a sketch estimates, and what it is an estimate of."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys

from support.labelled import TRUTH, rows, score, with_text

from streams.labels.sketch import PERMUTATIONS, alike, shingles, sketch

CANNED = 0.8


def jaccard(one: str, other: str) -> float:
    left, right = shingles(one), shingles(other)
    return len(left & right) / len(left | right)


def some_words(number: int, dice: random.Random) -> list[str]:
    return ["".join(dice.choices("abcdefghijklmnop", k=4)) for _ in range(number)]


def edited(words: list[str], changes: int, dice: random.Random) -> str:
    """The same text with some of its words replaced."""
    places = dice.sample(range(len(words)), changes)
    return " ".join(f"other{at}x" if at in places else word for at, word in enumerate(words))


def test_by_hand(record_property) -> None:
    """Two texts that a person would call the same reply, with other names and numbers in it."""
    told = [
        (alike(sketch(row["one"]), sketch(row["other"])) >= CANNED, TRUTH[row["canned"]])
        for row in rows("replies")
    ]
    found = score(told, lambda value: value is True)
    record_property("measured", f"{'canned':14} {'replies':21} {found}")
    assert len(told) >= 30
    assert found.precision == 1.0
    assert found.recall >= 0.9


def test_the_estimate_is_near_the_true_similarity(record_property) -> None:
    """Texts of 8 to 40 words with one to three of them changed; the standard error at J = .8 is .07."""
    dice, errors = random.Random(1), []
    while len(errors) < 1000:
        words = some_words(dice.randint(8, 40), dice)
        one, other = " ".join(words), edited(words, dice.randint(1, 3), dice)
        true = jaccard(one, other)
        if true >= 0.7:
            errors.append(alike(sketch(one), sketch(other)) - true)
    bias, spread = statistics.mean(errors), statistics.pstdev(errors)
    record_property("measured", f"{'sketch':14} {'J >= .7':21} bias {bias:+.3f}, spread {spread:.3f}")
    assert abs(bias) < 0.01
    assert spread < 0.08


def test_canned_or_not_is_told_rightly_away_from_the_threshold() -> None:
    dice, wrong, total = random.Random(2), 0, 0
    for _ in range(800):
        words = some_words(30, dice)
        one, other = " ".join(words), edited(words, dice.randint(0, 4), dice)
        true = jaccard(one, other)
        if abs(true - CANNED) > 0.1:
            total += 1
            wrong += (alike(sketch(one), sketch(other)) >= CANNED) != (true >= CANNED)
    assert total > 300
    assert wrong / total < 0.05


def test_few_replies_of_different_brands_are_near_repeats(shared_data) -> None:
    """What nobody copied is seldom taken for a copy, and what is alike is what the exact similarity says."""
    texts = [row["text"] for row in with_text("twcs_read_brand", shared_data)]
    pairs = [(a, b) for at, a in enumerate(texts) for b in texts[:at] if sketch(a) and sketch(b)]
    assert len(pairs) > 1000
    assert all(abs(alike(sketch(a), sketch(b)) - jaccard(a, b)) < 0.3 for a, b in pairs)


def test_a_text_of_fewer_than_six_words_has_none() -> None:
    assert sketch("one two three four five") == ()
    assert sketch("@acme one two three four five https://acme.example ^AB") == ()
    assert sketch("") == ()
    assert alike((), ()) == 0.0
    assert len(sketch("one two three four five six")) == PERMUTATIONS


def test_it_is_the_same_in_every_process() -> None:
    text = "Please send us a DM with your order number so that we can help"
    assert sketch(text)[:4] == (1000253985, 330420710, 315556315, 343301364)
    code = f"from streams.labels.sketch import sketch; print(sketch({text!r}))"
    for seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.strip() == str(sketch(text))


def test_numbers_fit_the_column() -> None:
    assert all(0 <= number < 2**32 for number in sketch("one two three four five six seven"))
