from datetime import timedelta
from itertools import pairwise

import pytest

from bench.data import Data, World, data_set
from schemas.event import SocialEvent
from streams.decode import decode
from streams.replay import Line

EVENTS = 5_000
LOGGED = 1_800_000_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


def decoded(data: Data) -> list[SocialEvent]:
    lines = [Line(offset, body, LOGGED) for offset, (_, body) in enumerate(data.lines())]
    everything = decode(lines, keep_direct=True)
    assert not everything.refusals
    return [arrival.item for arrival in everything.arrivals]


def test_the_same_world_is_the_same_bytes(folder, tmp_path) -> None:
    one, again = data_set(World(EVENTS), folder), data_set(World(EVENTS), tmp_path)
    assert one.path.read_bytes() == again.path.read_bytes()
    assert one.registry == again.registry


def test_events_can_be_used_and_are_as_large_as_said(folder) -> None:
    data = data_set(World(EVENTS), folder)
    bodies = [body for _, body in data.lines()]
    assert len(decoded(data)) == len(bodies) == EVENTS
    assert 520 < sum(map(len, bodies)) / EVENTS < 620


def test_messages_that_name_one_conversation_have_one_key(folder) -> None:
    data = data_set(World(EVENTS), folder)
    keys: dict[str, set[bytes]] = {}
    for (key, _), event in zip(data.lines(), decoded(data), strict=True):
        if event.conversation and event.is_message:
            keys.setdefault(event.conversation, set()).add(key)
    assert len(keys) > EVENTS / 20
    assert all(len(found) == 1 for found in keys.values())


@pytest.mark.parametrize("wanted", [700, EVENTS])
def test_there_are_about_as_many_conversations_as_wanted(folder, wanted: int) -> None:
    data = data_set(World(EVENTS, conversations=wanted), folder)
    assert wanted * 0.7 < len({key for key, _ in data.lines()}) < wanted * 1.3


@pytest.mark.parametrize("wanted", [1, 3, pytest.param(100, marks=pytest.mark.thorough)])
def test_there_are_as_many_brands_as_wanted_and_they_write(folder, wanted: int) -> None:
    data = data_set(World(EVENTS, brands=wanted), folder)
    found = {
        data.registry.brand_of(event.platform, event.actor.id, event.published) for event in decoded(data)
    }
    assert len(data.registry.brand) == wanted
    assert len(found - {None}) > wanted / 2


def test_late_is_what_is_asked_to_be_late(folder) -> None:
    ordered = [event.published for event in decoded(data_set(World(EVENTS, late=0.0), folder))]
    assert all(before <= after for before, after in pairwise(ordered))
    newest, late = ordered[0], 0
    for event in decoded(data_set(World(EVENTS, late=0.1), folder)):
        late += event.published < newest - timedelta(hours=1)
        newest = max(newest, event.published)
    assert EVENTS * 0.05 < late < EVENTS * 0.12
