from __future__ import annotations

from schemas.metrics import CATALOGUE
from streams.cli.sections import QUESTIONS, sections


def test_sections_are_in_the_order_of_the_domain_and_hold_every_metric_once():
    found = sections()
    order = list(QUESTIONS.values())
    assert [section.question for section in found] == [
        q for q in order if any(s.question == q for s in found)
    ]
    assert sorted(metric.column for section in found for metric in section.metrics) == sorted(
        metric.column for metric in CATALOGUE
    )


def test_letters_that_belong_together_share_a_section():
    one = CATALOGUE[0]
    metrics = [one.model_copy(update={"id": name}) for name in ("B1", "A2", "L1", "D0", "Q1")]
    found = [[metric.id for metric in section.metrics] for section in sections(metrics)]
    assert found == [["D0"], ["A2", "L1"], ["B1", "Q1"]]


def test_a_letter_that_nobody_knows_comes_last_under_its_own_name():
    one = CATALOGUE[0]
    (_, last) = sections([one.model_copy(update={"id": "Z9"}), one])
    assert last.question == "Z"
    assert [metric.id for metric in last.metrics] == ["Z9"]
