"""The rows of a twcs.csv, each checked: what is wrong is named with line and column."""

from __future__ import annotations

import csv
import re
from contextlib import closing
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from schemas.errors import BadInput
from streams.sources.twitter_time import parse_twitter_time

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterator
    from datetime import datetime

    from streams.sources.lines import TextFile
    from streams.sources.source import Progress

HEADER = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id"
NEEDED = ("tweet_id", "author_id", "created_at", "text", "in_response_to_tweet_id")
"""The columns that are read; they may stand in any order among others."""
_LONGEST_ID = 256
_RECKONED = re.compile(r"[0-9]+\.[0-9]*|[0-9](\.[0-9]+)?[eE]\+?[0-9]+")


class Row(NamedTuple):
    """One tweet."""

    line: int
    """Where the row starts, counted from 1; a text may go over several lines."""
    id: str
    author: str
    published: datetime
    text: str
    parent: str
    """Id of the tweet that it answers, or empty."""


def is_number(identifier: str) -> bool:
    """Whether it is made of the digits 0 to 9: tweets are, and customers."""
    return identifier.isdigit() and identifier.isascii()


def read_rows(file: TextFile, on_progress: Progress | None = None) -> Iterator[Row]:
    """Every row, or the first thing that is wrong.

    Raises:
        BadInput: With file, line and column.
    """
    with closing(file.lines(on_progress)) as lines:
        yield from _parsed(file, csv.reader(lines, strict=True))


def _parsed(file: TextFile, reader: Reader) -> Iterator[Row]:
    start = 1
    try:
        names = next(reader, [])
        pick = itemgetter(*_columns(file, names))
        while True:
            start = reader.line_num + 1
            fields = next(reader, None)
            if fields is None:
                return
            if len(fields) == len(names):
                yield _row(file, start, pick(fields))
            elif fields:
                problem = f"has {len(fields)} fields, the header has {len(names)}: is a quote missing?"
                raise BadInput(problem, where=file.at(start))
    except csv.Error as error:
        raise BadInput(f"is broken CSV: {error}; is a quote missing?", where=file.at(start)) from None


def _columns(file: TextFile, names: list[str]) -> list[int]:
    missing = [name for name in NEEDED if name not in names]
    if missing:
        problem = f"no column {', '.join(missing)}; the header of a twcs file is {HEADER}"
        raise BadInput(problem, where=file.at(1))
    twice = [name for name in NEEDED if names.count(name) > 1]
    if twice:
        raise BadInput(f"two columns are called {twice[0]}", where=file.at(1))
    return [names.index(name) for name in NEEDED]


def _row(file: TextFile, line: int, fields: tuple[str, str, str, str, str]) -> Row:
    tweet, author, created, text, parent = fields
    _check_id(file, line, "tweet_id", tweet)
    _check_id(file, line, "author_id", author)
    if parent:
        _check_id(file, line, "in_response_to_tweet_id", parent)
    try:
        published = parse_twitter_time(created)
    except ValueError as error:
        raise BadInput(f"created_at {error}", where=file.at(line)) from None
    return Row(line, tweet, author, published, text, parent)


def _check_id(file: TextFile, line: int, column: str, value: str) -> None:
    if is_number(value) and len(value) <= _LONGEST_ID:
        return
    if not value:
        problem = "is empty"
    elif len(value) > _LONGEST_ID:
        problem = f"is longer than {_LONGEST_ID} characters"
    elif value != value.strip():
        problem = "has blanks around it"
    elif _RECKONED.fullmatch(value):  # taken for a brand's name, or for another tweet, it would do harm
        problem = f"is {value}: a program has reckoned with the ids; they must stay text"
    else:
        return
    raise BadInput(f"{column} {problem}", where=file.at(line))
