"""What the re-keyer sends on and when it acknowledges, without Kafka."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from schemas.errors import RetryLater, Stop
from schemas.event import SocialEvent
from schemas.settings import Settings
from sinks.memory import MemorySink
from sinks.sink import Flush
from streams.control import HEADER
from streams.heard import Hearing
from streams.place import identity_of
from streams.rekeyer import Parcel, Rekeyer
from streams.thread import NOWHERE, Thread

NOW = int(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000)


class Given(NamedTuple):
    value: bytes | None
    key: bytes | None = b"author"
    offset: int = 0
    timestamp: int = NOW
    headers: tuple[tuple[str, bytes], ...] = ()


class Scene:
    """A re-keyer, what it has sent, and what has become of its batches."""

    def __init__(self, **settings):
        self.sink = MemorySink()
        self.sent: list[Parcel] = []
        self.acked: list[str] = []
        self.aside: list[str] = []
        self.fault: Exception | None = None
        self.rekeyer = Rekeyer(Settings(_env_file=None, **settings), self.sink, self.read, self.send, self)

    async def read(self, read):
        return read()

    async def send(self, parcels):
        if self.fault:
            raise self.fault
        self.sent += parcels

    def ack(self, receipt):
        self.acked.append(receipt)

    def set_aside(self, receipt):
        self.aside.append(receipt)

    async def add(self, receipt, *values):
        records = [value if isinstance(value, Given) else Given(value) for value in values]
        await self.rekeyer.add(records, receipt)

    @property
    def keys(self):
        return [parcel.key for parcel in self.sent]


def event(identifier, activity="post", **more):
    fixed = {"platform": "x", "activity": activity, "id": identifier, "published": "2026-01-05T00:00:00Z"}
    return json.dumps(fixed | {"actor": {"id": "eve"}} | more).encode()


def stored(value):
    found = SocialEvent.model_validate_json(value)
    thread = Thread("x", found.conversation, Hearing())
    thread.add(identity_of(found), found, NOWHERE)
    (row,) = thread.save()
    return row


LIKE = event("l", "like", object={"id": "m1"})
MESSAGE = event("m1", conversation="c")


async def test_a_batch_is_acknowledged_when_all_of_it_is_sent():
    scene = Scene()
    await scene.add("first", MESSAGE, event("m2", conversation="c"))
    assert (scene.keys, scene.acked, scene.aside) == ([b"c", b"c"], ["first"], [])


async def test_a_batch_of_which_something_is_held_is_not():
    scene = Scene()
    await scene.add("first", LIKE, event("m2", conversation="d"))
    assert (scene.keys, scene.acked, scene.aside) == ([b"d"], [], ["first"])
    await scene.add("second", MESSAGE)
    assert (scene.keys, scene.acked) == ([b"d", b"c", b"c"], ["second", "first"])


async def test_what_is_held_in_vain_goes_on_when_its_time_is_up():
    scene = Scene(rekey_hold_seconds=0)
    await scene.add("first", LIKE)
    assert not scene.acked
    await scene.rekeyer.give_up()
    assert (scene.keys, scene.acked) == ([b"x"], ["first"])


async def test_what_another_worker_has_stored_in_the_meantime_is_known():
    scene = Scene(rekey_hold_seconds=600)
    await scene.add("first", LIKE)
    scene.sink.write(Flush(activities=(stored(MESSAGE),)))
    await scene.rekeyer.give_up()
    assert (scene.keys, scene.acked) == ([b"c"], ["first"])


async def test_what_is_let_go_is_neither_sent_nor_acknowledged():
    scene = Scene(rekey_hold_seconds=0)
    await scene.add("first", LIKE)
    scene.rekeyer.let_go()
    await scene.rekeyer.give_up()
    await scene.add("second", MESSAGE)
    assert (scene.keys, scene.acked) == ([b"c"], ["second"])


async def test_what_cannot_be_sent_is_not_acknowledged():
    scene = Scene()
    await scene.add("first", LIKE)
    scene.fault = Stop("this test's own")
    with pytest.raises(Stop):
        await scene.add("second", MESSAGE)
    assert not scene.acked


async def test_an_empty_batch_of_private_messages_is_acknowledged():
    scene = Scene()
    await scene.add("first", event("m1", visibility="direct"))
    assert (scene.sent, scene.acked) == ([], ["first"])


async def test_private_messages_go_on_where_they_are_kept():
    scene = Scene(keep_direct=True)
    await scene.add("first", event("m1", visibility="direct", conversation="c"))
    assert scene.keys == [b"c"]


async def test_records_go_on_as_they_came():
    scene = Scene()
    headers = (("a", b"1"), ("a", b"2"))
    value = event("m1", conversation="c", unknown=1)
    await scene.add("first", Given(value, headers=headers))
    assert scene.sent == [Parcel(b"c", value, NOW, list(headers))]


@pytest.mark.parametrize("value", [b"no json", None, event("m1", "dance"), event("m1", "like")])
async def test_what_is_to_be_refused_goes_on_under_its_own_key(value):
    scene = Scene()
    await scene.add("first", value)
    assert scene.sent == [Parcel(b"author", value, NOW, [])]
    assert scene.acked == ["first"]


@pytest.mark.parametrize(
    ("value", "key"), [(b'{"control": "registry", "version": 1}', b"author"), (MESSAGE, b"c")]
)
async def test_nothing_goes_on_as_a_control(value, key):
    scene = Scene()
    await scene.add("first", Given(value, headers=((HEADER, b"registry"), ("a", b"1"))))
    assert scene.sent == [Parcel(key, value, NOW, [("a", b"1")])]


async def test_a_database_that_is_away_is_waited_for():
    scene = Scene(rekey_hold_seconds=0)
    failures = []

    def away(ids):
        if len(failures) == 2:
            return {}
        failures.append(ids)
        raise RetryLater("away", retry_after=0.0)

    scene.sink.find = away
    await scene.add("first", LIKE)
    await scene.rekeyer.give_up()
    assert failures == [{("x", "l"), ("x", "m1")}] * 2
    assert scene.acked == ["first"]
