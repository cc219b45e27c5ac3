"""Files of social events."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import BadInput
from streams.sources import FORMATS, open_source
from streams.sources.lines import LONGEST_LINE

if TYPE_CHECKING:
    from pathlib import Path

POST: dict[str, Any] = {
    "platform": "x",
    "activity": "post",
    "id": "1",
    "actor": {"id": "ann"},
    "published": "2024-05-01T10:00:00Z",
}


def line(**changes: Any) -> str:
    return json.dumps(POST | changes, ensure_ascii=False)


REPLY = line(id="2", activity="reply", in_reply_to={"id": "1"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def refused(file: Path, content: bytes | str) -> str:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(BadInput) as caught:
        open_source("jsonl", file).check()
    message = str(caught.value)
    assert message.startswith(str(file))
    assert "\n" not in message
    return message.removeprefix(str(file))


def test_events_come_with_key_conversation_and_line(file: Path) -> None:
    file.write_text(f"{REPLY}\n\n{line()}\n{line(id='3', conversation='other')}")
    found = [
        (one.line, one.key, one.event.id, one.event.conversation)
        for one in open_source("jsonl", file).events()
    ]
    assert found == [(1, "1", "2", "1"), (3, "1", "1", "1"), (4, "other", "3", "other")]


def test_events_can_be_read_again(file: Path) -> None:
    file.write_text(f"{REPLY}\n{line()}\n")
    source = open_source("jsonl", file)
    source.check()
    assert list(source.events()) == list(source.events())
    assert source.brands() is None


def test_a_byte_order_mark_and_windows_line_ends_are_fine(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + f"{line(text='naïve')}\r\n{REPLY}\r\n".encode())
    assert [one.event.text for one in open_source("jsonl", file).events()] == ["naïve", None]


def test_line_ends_within_a_text_are_not_lines(file: Path) -> None:
    text = line(text="a\u2028b\x85c")
    file.write_text(f"{text}\n{REPLY}\n", encoding="utf-8")
    assert [one.line for one in open_source("jsonl", file).events()] == [1, 2]


def test_progress_ends_at_the_size(file: Path) -> None:
    file.write_text(f"{line(text='x' * 1000)}\n" * 1000)
    source = open_source("jsonl", file)
    for run in (source.check, lambda told: list(source.events(told))):
        told: list[int] = []
        run(told.append)
        assert told[-1] == source.size
        assert told == sorted(told)
        assert len(told) > 3


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ('{"platform": "x"', "is not one JSON object a line: EOF while parsing an object, column 16"),
        ("[]", "is not a social event: Input should be an object"),
        (line(id=5), "id: Input should be a valid string"),
        (line(actor={}), "actor.id: Field required"),
        (line(activity="reply"), "in_reply_to is required for the activity reply"),
        (line(text="a") + line(), "is not one JSON object a line: trailing characters"),
        ("nonsense", "is not one JSON object a line: "),
        ("[" * 100_000, "is not one JSON object a line: recursion limit exceeded"),
    ],
)
def test_a_broken_line_is_named(file: Path, second: str, message: str) -> None:
    assert refused(file, f"{line()}\n{second}\n").startswith(f", line 2: {message}")


def test_a_line_that_is_not_utf8_is_named(file: Path) -> None:
    content = f"{line()}\n".encode() + line(text="Müller").encode("latin-1")
    assert refused(file, content).startswith(", line 2: is not UTF-8 text (byte ")


def test_the_first_problem_of_a_file_keeps_all_of_it_back(file: Path) -> None:
    file.write_text(f"{line()}\n" * 1000 + "{}\n")
    events = open_source("jsonl", file).events()
    with pytest.raises(BadInput, match="line 1001: platform: Field required"):
        next(events)


def test_a_file_without_events(file: Path) -> None:
    assert refused(file, "") == ": is empty"
    assert refused(file, "\n \r\n") == ": has no event in it"


def test_a_line_without_an_end(file: Path) -> None:
    assert refused(file, b" " * (LONGEST_LINE + 1)) == ", line 1: is longer than 16 MiB"


@pytest.mark.parametrize("name", list(FORMATS))
def test_what_cannot_be_read(file: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"events\.jsonl: cannot be read: No such file"):
        open_source(name, file)
    with pytest.raises(BadInput, match="is a folder; name a file in it"):
        open_source(name, file.parent)
    with pytest.raises(BadInput, match=r"cannot be read: .*embedded null (byte|character)"):
        open_source(name, file.parent / "a\0b")
    os.mkfifo(file)
    with pytest.raises(BadInput, match="is a pipe or a device"):
        open_source(name, file)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(file: Path) -> None:
    file.write_text(line())
    file.chmod(0)
    with pytest.raises(BadInput, match="cannot be read: Permission denied"):
        open_source("jsonl", file).check()


def test_a_file_that_changes_between_the_readings(file: Path) -> None:
    file.write_text(f"{line()}\n")
    source = open_source("jsonl", file)
    source.check()
    file.write_text(f"{line()}\n{REPLY}\n")
    with pytest.raises(BadInput, match="has changed while it was read; try again"):
        list(source.events())


def test_a_format_that_is_not_there(file: Path) -> None:
    with pytest.raises(BadInput, match="--format: there is no format xml; there are jsonl, twcs"):
        open_source("xml", file)


PIECES = st.sampled_from(
    [line(), REPLY, line(activity="like", object={"id": "1"}), "\n", "\r", "{", "\x00", "é"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=100) | st.lists(PIECES, max_size=8).map(lambda pieces: "\n".join(pieces).encode()))
def test_arbitrary_bytes_raise_only_bad_input(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    try:
        source = open_source("jsonl", file)
        source.check()
    except BadInput:
        return
    assert list(source.events())  # what passed the check comes out without an error
