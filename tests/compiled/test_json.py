"""The compiled event is written, and read, byte for byte as the definition's is."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from support.bodies import bodies, broken_bodies, events, odd_times, wrong_bodies

from schemas.event import SocialEvent
from streams.simulator import simulate
from streams.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

compiled = pytest.importorskip("hubbub_compiled")


def _is_written_as_the_definition_does(event: SocialEvent) -> None:
    ours = compiled.Event.of(event)
    assert ours.model_dump_json() == event.model_dump_json()
    assert ours.model_dump_json(exclude_defaults=True) == event.model_dump_json(exclude_defaults=True)
    assert compiled.Event.from_json(event.model_dump_json()) == event
    assert compiled.Event.from_json(event.model_dump_json(exclude_defaults=True)) == event


@given(events())
def test_events_are_written_as_the_definition_writes_them(event: SocialEvent) -> None:
    _is_written_as_the_definition_does(event)
    _is_written_as_the_definition_does(event.bare())


def test_every_character_is_written_as_the_definition_writes_it() -> None:
    event = next(event for event in simulate(days=1).events if event.text)
    characters = [chr(code) for code in range(sys.maxunicode) if not 0xD800 <= code < 0xE000]
    for start in range(0, len(characters), 5_000):
        _is_written_as_the_definition_does(
            event.model_copy(update={"text": "".join(characters[start : start + 5_000])})
        )


@given(st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"))
def test_every_moment_is_written_as_the_definition_writes_it(moment: str) -> None:
    body = {"platform": "x", "activity": "post", "id": "1", "actor": {"id": "a"}, "published": moment}
    _is_written_as_the_definition_does(SocialEvent.model_validate_json(json.dumps(body)))


def test_a_simulated_week_is_written_as_the_definition_writes_it() -> None:
    for event in simulate(days=7).events:
        _is_written_as_the_definition_does(event)


def test_real_conversations_are_written_as_the_definition_writes_them(shared_data: Path) -> None:
    for keyed in open_source("twcs", shared_data / "twcs_5000.csv").events():
        _is_written_as_the_definition_does(keyed.event)


@given(st.one_of(bodies(), wrong_bodies(), broken_bodies()))
@settings(max_examples=200)
def test_what_is_read_back_is_what_the_definition_reads_back(body: bytes) -> None:
    _is_read_as_the_definition_does(body.decode(errors="replace"))


@given(odd_times())
@settings(max_examples=500)
def test_nearly_times_are_read_back_as_the_definition_reads_them_back(moment: str) -> None:
    body = {"platform": "x", "activity": "post", "id": "1", "actor": {"id": "a"}, "published": moment}
    _is_read_as_the_definition_does(json.dumps(body))


@pytest.mark.parametrize("body", ["", "\ud800", '{"id":"\ud800"}', b"{}", None, 1])
def test_what_is_no_event_is_refused_in_the_definitions_words(body: object) -> None:
    _is_read_as_the_definition_does(body)


def _is_read_as_the_definition_does(body: object) -> None:
    assert _read(compiled.Event.from_json, body) == _read(SocialEvent.model_validate_json, body)


def _read(how: Callable[[object], object], body: object) -> tuple[object, str]:
    """What comes of it: an event, or an error and its words."""
    try:
        return how(body), ""
    except (ValidationError, ValueError) as error:
        return type(error), str(error)
