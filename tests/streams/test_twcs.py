"""Customer Support on Twitter: rows to events."""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import BadInput
from schemas.event import Activity, ActorKind
from streams.sources.entities import entities_of
from streams.sources.twcs import Twcs
from streams.sources.twcs_rows import HEADER
from streams.sources.twitter_time import parse_twitter_time

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.event import SocialEvent

TIME = "%a %b %d %H:%M:%S %z %Y"
NOON = "Tue Oct 31 12:00:00 +0000 2017"


def strptime(text: str) -> datetime:
    return datetime.strptime(text, TIME)  # noqa: DTZ007 - the format has %z


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "twcs.csv"


def row(own: str, author: str, text: str = "", parent: str = "", created: str = NOON) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([own, author, "True", created, text, "", parent])
    return line.getvalue().removesuffix("\r\n")


def write(file: Path, *rows: str, header: str = HEADER, end: str = "\n") -> Twcs:
    file.write_bytes(end.join((header, *rows, "")).encode())
    return Twcs(file)


def events(file: Path, *rows: str) -> list[SocialEvent]:
    return [keyed.event for keyed in write(file, *rows).events()]


def refused(file: Path, *rows: str, header: str = HEADER) -> str:
    source = write(file, *rows, header=header)
    with pytest.raises(BadInput) as caught:
        source.check()
    message = str(caught.value)
    assert "\n" not in message
    return message.removeprefix(str(file))


def test_a_row_becomes_an_event(file: Path) -> None:
    text = "@115712 see https://t.co/x. #Help"
    root, reply = events(file, row("1", "115712", "@acme hi"), row("2", "Acme", text, parent="1"))
    assert reply.model_dump(exclude_defaults=True) == {
        "platform": "x",
        "activity": Activity.REPLY,
        "id": "2",
        "actor": {"id": "Acme", "handle": "Acme", "kind": ActorKind.ORGANIZATION},
        "published": datetime(2017, 10, 31, 12, tzinfo=UTC),
        "in_reply_to": {"id": "1"},
        "conversation": "1",
        "mentions": ({"id": "115712"},),
        "text": text,
        "hashtags": ("Help",),
        "urls": ("https://t.co/x",),
    }
    assert (root.activity, root.in_reply_to, root.actor.kind) == (Activity.POST, None, ActorKind.PERSON)
    assert [mention.id for mention in root.mentions] == ["Acme"]


def test_ids_stay_text(file: Path) -> None:
    (event,) = events(file, row("0012345678901234567890", "007", "@007"))
    assert (event.id, event.actor.id, event.mentions[0].id) == ("0012345678901234567890", "007", "007")


def test_keys_and_lines(file: Path) -> None:
    rows = (
        row("3", "1", "over\ntwo lines", "2"),
        row("2", "Acme", "", "1"),
        row("9", "2", "", "8"),
        row("1", "1"),
    )
    found = [(one.line, one.key, one.event.id, one.event.conversation) for one in write(file, *rows).events()]
    assert found == [(2, "1", "3", "1"), (4, "1", "2", "1"), (5, "8", "9", None), (6, "1", "1", "1")]


def test_brands_are_the_authors_with_names(file: Path) -> None:
    brands = write(
        file, row("1", "115712"), row("2", "Globex"), row("3", "Acme"), row("4", "Globex"), row("5", "٣")
    ).brands()
    assert [brand.name for brand in brands.brand] == ["Acme", "Globex", "٣"]
    assert brands.brand_of("x", "Acme", datetime(2017, 1, 1, tzinfo=UTC)) == "Acme"


def test_rows_that_are_there_twice_are_kept(file: Path) -> None:
    assert len(events(file, row("1", "2"), row("1", "2"))) == 2


def test_mentions_take_the_authors_spelling_and_unknown_ones_their_own(file: Path) -> None:
    mentioned, _ = events(file, row("1", "2", "@ACME @acme @Nobody @nobody @3 .@Acme"), row("2", "Acme"))
    assert [mention.id for mention in mentioned.mentions] == ["Acme", "Nobody", "3"]


@pytest.mark.parametrize(
    ("text", "mentions", "hashtags", "urls"),
    [
        ("ann@acme.example", (), (), ()),
        (".@acme, @bo's RT @cy: 助けて@dee助けて \uff20eve", ("acme", "bo", "cy", "dee", "eve"), (), ()),
        ("@@acme @", (), (), ()),
        ("#one #1 #two2 &#39; a#b #für \uff03日本 #one", (), ("one", "two2", "für", "日本"), ()),
        (
            "(https://a.example/@x#y). http://b.example?q=1&c",
            (),
            (),
            ("https://a.example/@x#y", "http://b.example?q=1&c"),
        ),
    ],
)
def test_what_a_text_names(
    text: str, mentions: tuple[str, ...], hashtags: tuple[str, ...], urls: tuple[str, ...]
) -> None:
    assert entities_of(text) == (mentions, hashtags, urls)


def test_columns_may_stand_in_any_order_among_others(file: Path) -> None:
    header = "in_response_to_tweet_id,text,extra,created_at,author_id,tweet_id"
    (keyed,) = write(file, f",hi,x,{NOON},7,1", header=header).events()
    assert (keyed.event.id, keyed.event.actor.id, keyed.event.text) == ("1", "7", "hi")


def test_a_byte_order_mark_and_windows_line_ends_are_fine(file: Path) -> None:
    source = write(file, row("1", "2", "a\r\nb"), "", row("3", "4"), header="\ufeff" + HEADER, end="\r\n")
    assert [(one.line, one.event.text) for one in source.events()] == [(2, "a\r\nb"), (5, "")]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "tweet_id,text",
            "no column author_id, created_at, in_response_to_tweet_id; the header of a twcs file is tweet_id",
        ),
        (
            HEADER.replace(",", ";"),
            "no column tweet_id, author_id, created_at, text, in_response_to_tweet_id; ",
        ),
        (HEADER + ",text", "two columns are called text"),
        ('"tweet_id', "is broken CSV: "),
    ],
)
def test_a_wrong_header(file: Path, header: str, message: str) -> None:
    assert refused(file, row("1", "2"), header=header).startswith(f", line 1: {message}")


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (row("", "2"), "tweet_id is empty"),
        (row("1", ""), "author_id is empty"),
        (row("1", "x" * 257), "author_id is longer than 256 characters"),
        (row("1", " acme"), "author_id has blanks around it"),
        (
            row("1", "115712.0"),
            "author_id is 115712.0: a program has reckoned with the ids; they must stay text",
        ),
        (row("1", "2", parent="3.0"), "in_response_to_tweet_id is 3.0: a program"),
        (row("9.3e+17", "2"), "tweet_id is 9.3e+17: a program"),
        (row("1", "2", created="2017-10-31"), "created_at is no time like 'Tue Oct 31 22:10:47 +0000 2017'"),
        (
            row("1", "2", created="Tue Feb 30 22:10:47 +0000 2017"),
            "created_at is no time: day is out of range",
        ),
        ("1,2,True", "has 3 fields, the header has 7: is a quote missing?"),
        (row("1", "2") + ",", "has 8 fields, the header has 7"),
        (f'1,2,True,{NOON},"open', "is broken CSV: "),
        (f'1,2,True,{NOON},"a"b,,', "is broken CSV: "),
    ],
)
def test_a_broken_row_is_named_where_it_starts(file: Path, bad: str, message: str) -> None:
    good = row("5", "6", "over\ntwo lines")
    assert refused(file, good, bad, row("7", "8", '"')).startswith(f", line 4: {message}")


def test_a_line_that_is_not_utf8_is_named(file: Path) -> None:
    file.write_bytes(f"{HEADER}\n".encode() + row("1", "2", "Müller").encode("latin-1"))
    with pytest.raises(BadInput, match="line 2: is not UTF-8 text"):
        Twcs(file).brands()


def test_a_file_without_rows(file: Path) -> None:
    assert refused(file) == ": has a header and no row"
    file.write_bytes(b"")
    with pytest.raises(BadInput, match="is empty"):
        Twcs(file)


@given(
    st.datetimes(min_value=datetime(1900, 1, 3), max_value=datetime(9998, 1, 1)),  # noqa: DTZ001
    st.integers(-1439, 1439),
)
def test_times_are_read_as_strptime_does(moment: datetime, minutes: int) -> None:
    text = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes))).strftime(TIME)
    found = parse_twitter_time(text)
    assert found == strptime(text)
    assert found.tzinfo is UTC


@given(
    st.text(alphabet="TueOctJan 0123456789:+-_", max_size=32)
    | st.from_regex(r"Mon Jan \d\d \d\d:\d\d:\d\d [+-]\d{4} \d{4}", fullmatch=True)
)
def test_whatever_is_read_is_what_strptime_reads(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_twitter_time(text) == strptime(text)


PIECES = st.sampled_from(
    [*row("1", "2", "a"), row("1", "Acme", "@2", "2"), row("2", "2"), ",", '"', "\n", "\r", "\x00", "é"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=100), st.lists(PIECES, max_size=12).map("".join))
def test_arbitrary_bytes_raise_only_bad_input(file: Path, data: bytes, text: str) -> None:
    for content in (data, f"{HEADER}\n".encode() + data, f"{HEADER}\n{text}".encode()):
        file.write_bytes(content)
        try:
            source = Twcs(file)
            source.check()
        except BadInput:
            continue
        assert list(source.events())  # what passed the check comes out without an error
        source.brands()


def test_the_real_file(shared_data: Path) -> None:
    source = Twcs(shared_data / "twcs_5000.csv")
    found = list(source.events())
    with (shared_data / "twcs_5000.csv").open(encoding="utf-8", newline="") as file:
        rows = {line["tweet_id"]: line for line in csv.DictReader(file)}
    assert len(found) == len(rows) == 4999
    assert len(source.brands().brand) == 76
    activities = Counter(one.event.activity for one in found)
    assert activities[Activity.REPLY] == sum(bool(line["in_response_to_tweet_id"]) for line in rows.values())
    for one in found:
        top = one.event.id
        while top in rows and rows[top]["in_response_to_tweet_id"]:
            top = rows[top]["in_response_to_tweet_id"]
        assert (one.key, one.event.conversation) == (top, top if top in rows else None)
        assert one.event.text == rows[one.event.id]["text"]
        assert one.event.published == strptime(rows[one.event.id]["created_at"])
