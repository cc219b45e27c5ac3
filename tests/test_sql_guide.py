"""Every question of docs/sql.md, asked again of the demo's data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sql_guide import GUIDE, Question, answer, demo_data, questions, with_answers

from sinks.views import views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clickhouse_connect.driver.client import Client

    from sinks.engine import Engine

pytestmark = pytest.mark.thorough
TEXT = GUIDE.read_text(encoding="utf-8")
QUESTIONS = questions(TEXT)
each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.heading)


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[Client]:
    with demo_data(engine) as client:
        yield client


@each_question
def test_the_answer_is_what_the_query_says_on_the_demo_data(client: Client, question: Question) -> None:
    assert answer(client, question.query) == question.answer, "make docs writes the answers anew"


@each_question
def test_the_answer_has_a_few_rows_and_stays_when_the_query_runs_otherwise(
    client: Client, question: Question
) -> None:
    otherwise = f"{question.query} SETTINGS max_threads = 1, max_block_size = 997"
    rows = answer(client, otherwise)
    assert rows == question.answer
    assert 1 <= len(rows.splitlines()) - 2 <= 10


@each_question
def test_a_query_reads_views_and_no_table_in_a_full_order_and_never_the_clock(question: Question) -> None:
    assert set(_read(question)) <= views("").keys()
    assert re.search(r"^ORDER BY ", question.query, re.MULTILINE)
    assert not re.search(r"\b(FINAL|now|now64|today|yesterday|rand)\b", question.query)


def test_twenty_questions_are_asked_in_order() -> None:
    assert len(re.findall(r"^### ", TEXT, re.MULTILINE)) == len(QUESTIONS)
    numbers = [int(question.heading.partition(". ")[0]) for question in QUESTIONS]
    assert numbers == list(range(1, 21))


def test_every_view_answers_a_question() -> None:
    assert {name for question in QUESTIONS for name in _read(question)} == views("").keys()


def test_answers_are_put_behind_their_queries_in_place_of_those_that_were_there(client: Client) -> None:
    query = "SELECT 'a|b' AS text, 1.50 AS number, NULL AS nothing, true AS yes"
    asked = f"### Why?\n\nBecause.\n\n```sql\n{query}\n```\n"
    table = "| text | number | nothing | yes |\n| --- | --: | --- | --- |\n| a\\|b | 1.5 | NULL | true |\n"
    rest = "\n### Because?\n\nWhy\nnot?\n\n```sql\nSELECT 2 AS two\n```\n"
    told = with_answers(asked + rest, client)
    assert told == f"{asked}\n{table}{rest}\n| two |\n| --: |\n| 2 |\n"
    assert with_answers(told.replace("1.5 |", "7 |"), client) == told
    assert questions(told)[0].answer == table


def _read(question: Question) -> list[str]:
    return re.findall(r"\b(?:FROM|JOIN) (\w+)", question.query)
