"""What every sink must do: the list-backed one, and ClickHouse embedded and over HTTP."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import clickhouse_connect
import pyarrow as pa
import pytest
from support.rows import NASTY, NOON, Rows, activity, conversation, dead_letter, interaction, minute, stored

from schemas.errors import RetryLater, Stop
from schemas.rows import (
    EpochRow,
    RegistryChangeRow,
    RegistryRow,
)
from schemas.vocabulary import Direction, Effect
from sinks.clickhouse import ClickHouseSink
from sinks.front import Front
from sinks.migrate import migrate
from sinks.sink import Flush, Sink
from sinks.tables import CONVERSATIONS, DEAD_LETTERS, INTERACTIONS

if TYPE_CHECKING:
    from sinks.engine import Engine


def test_what_is_written_is_what_is_read(sink: Sink, rows: Rows):
    letter = dead_letter()
    told = interaction(followers=2**63 - 1, lang="")
    liked = interaction(
        "m2", activity="like", direction=None, effect=Effect.APPLAUSE, addressee_role=None, latency=None
    )
    talk = conversation(started_at=NOON, duration=1.25, brand_root=True, cc=2**31)
    sums = minute(applied=8, bo=-3, root_replies=2)
    post = activity(version=2**32 - 1, registry=3, waiting=True)

    sink.write(
        Flush(
            dead_letters=(letter,),
            minutes=(sums,),
            conversations=(talk,),
            interactions=(told, liked),
            activities=(post,),
        )
    )

    assert rows(DEAD_LETTERS) == [letter]
    assert sorted(rows(INTERACTIONS), key=lambda row: row.id) == [told, liked]
    assert rows(CONVERSATIONS) == [talk]
    assert sink.minutes({(sums.minute, "acme", "bluesky")}, 1, 3) == [sums]
    assert list(sink.threads([("bluesky", "t1")])) == [post]


def test_nothing_in_nothing_out(sink: Sink):
    sink.write(Flush())
    assert list(sink.threads([])) == []
    assert sink.find([]) == {}
    assert sink.minutes([], 1, 0) == []
    assert sink.waiting(10) == set()
    assert sink.waiting_among([]) == set()
    assert sink.applied_marks(1, 0, -1) == []
    assert sink.newest_registry() is None
    assert sink.registry(1) is None
    assert sink.due(NOON, 1, 0) == []
    assert sink.registry_in_force(1, 0, 10) is None


def test_the_row_that_has_seen_more_wins_in_whatever_order(sink: Sink, rows: Rows):
    for seen in (2, 3, 1):
        body = f'{{"seen":{seen}}}'
        sink.write(
            Flush(
                minutes=(minute(applied=seen, bo=seen),),
                conversations=(conversation(seen=seen, messages=seen),),
                interactions=(interaction(seen=seen, depth=seen),),
                activities=(activity(seen=seen, body=body),),
            )
        )
    assert [row.body for row in sink.threads([("bluesky", "t1")])] == ['{"seen":3}']
    assert [row.bo for row in sink.minutes({(minute().minute, "acme", "bluesky")}, 1, 3)] == [3]
    assert [row.messages for row in rows(CONVERSATIONS)] == [3]
    assert [row.depth for row in rows(INTERACTIONS)] == [3]


def test_of_rows_that_have_seen_the_same_the_last_written_wins(sink: Sink, rows: Rows):
    for registry in (1, 2, 3):
        sink.write(
            Flush(
                minutes=(minute(bo=registry),),
                interactions=(interaction(depth=registry),),
                activities=(activity(registry=registry),),
            )
        )
    sink.write(Flush(activities=(activity(registry=4), activity(registry=5))))

    assert [row.registry for row in sink.threads([("bluesky", "t1")])] == [5]
    assert [row.bo for row in sink.minutes({(minute().minute, "acme", "bluesky")}, 1, 3)] == [3]
    assert [row.depth for row in rows(INTERACTIONS)] == [3]

    sink.write(Flush(interactions=(interaction(removed=True),), activities=(activity(removed=True),)))
    assert [row.removed for row in sink.threads([("bluesky", "t1")])] == [True]
    assert sink.find([("bluesky", "m1")]) == {}
    assert rows(INTERACTIONS) == []


def test_removed_rows_vanish_and_come_back(sink: Sink, rows: Rows):
    def write(seen: int, *, removed: bool) -> None:
        sink.write(
            Flush(
                conversations=(conversation(seen=seen, removed=removed),),
                interactions=(interaction(seen=seen, removed=removed),),
                activities=(activity(seen=seen, removed=removed, waiting=True),),
            )
        )

    def there() -> list[int]:
        return [
            len(rows(CONVERSATIONS)),
            len(rows(INTERACTIONS)),
            sum(not row.removed for row in sink.threads([("bluesky", "t1")])),
            len(sink.find([("bluesky", "m1")])),
            len(sink.waiting(10) or ()),
        ]

    write(1, removed=False)
    assert there() == [1] * 5
    write(3, removed=True)
    assert there() == [0] * 5
    write(2, removed=False)
    assert there() == [0] * 5
    write(4, removed=False)
    assert there() == [1] * 5


def test_a_thread_is_all_its_activities_and_nothing_of_other_platforms(sink: Sink):
    own = [activity("m1"), activity("m1", version=1, activity="update"), activity("m2")]
    sink.write(Flush(activities=(*own, activity("m3", thread="t2"), activity("m1", platform="x"))))
    found = sink.threads([("bluesky", "t1"), ("mastodon", "t1"), ("bluesky", "t1")])
    assert sorted(found, key=lambda row: (row.id, row.version)) == own


def test_an_activity_is_found_in_the_thread_that_it_moved_to(sink: Sink):
    sink.write(Flush(activities=(activity("m1", thread="m0", seen=1, waiting=True),)))
    assert sink.find([("bluesky", "m1"), ("bluesky", "m9"), ("x", "m1")]) == {("bluesky", "m1"): "m0"}

    moved = (activity("m1", thread="m0", seen=1, removed=True), activity("m1", thread="t1", seen=2))
    sink.write(Flush(activities=moved))
    assert sink.find([("bluesky", "m1")]) == {("bluesky", "m1"): "t1"}


def test_an_edit_is_not_the_message_that_it_edits(sink: Sink):
    sink.write(Flush(activities=(activity("m1", thread="t9", seen=9, activity="update", version=1),)))
    assert sink.find([("bluesky", "m1")]) == {}
    sink.write(Flush(activities=(activity("m1", thread="t1"),)))
    assert sink.find([("bluesky", "m1")]) == {("bluesky", "m1"): "t1"}


def test_what_is_removed_still_says_how_much_its_thread_has_seen(sink: Sink):
    sink.write(Flush(activities=(activity("m1", seen=7, removed=True),)))
    assert [(row.seen, row.removed) for row in sink.threads([("bluesky", "t1")])] == [(7, True)]


def test_due_are_threads_with_undecided_replies_that_are_named_and_old_enough(sink: Sink):
    waits: dict[str, Any] = {"direction": Direction.UNDECIDED, "source_partition": 3}
    later = NOON + timedelta(seconds=1)
    sink.write(
        Flush(
            interactions=(
                interaction("m1", **waits, published=NOON - timedelta(days=1)),
                interaction("m2", **waits),
                interaction("m3", **waits, published=later),
                interaction("m4", **waits, conversation="t4", published=later),
                interaction("m5", **waits, conversation="t5", addressee=""),
                interaction("m6", **waits | {"source_partition": 4}, conversation="t6"),
                interaction("m7", **waits | {"source_epoch": 2}, conversation="t7"),
                interaction("m8", source_partition=3, conversation="t8"),
                interaction("m9", **waits, conversation="t9"),
            )
        )
    )
    sink.write(Flush(interactions=(interaction("m9", seen=2, source_partition=3, conversation="t9"),)))
    assert sink.due(NOON, 1, 3) == [("bluesky", "t1", NOON)]
    assert sink.due(NOON, 1, None) == [("bluesky", "t7", NOON)]


def test_the_registry_in_force_is_the_last_that_came_before(sink: Sink):
    sink.write(
        Flush(
            registry_changes=tuple(
                RegistryChangeRow(
                    version=version, source_epoch=epoch, source_partition=partition, source_offset=offset
                )
                for version, epoch, partition, offset in [
                    (5, 1, 0, 10),
                    (2, 1, 0, 20),
                    (9, 1, 1, 0),
                    (8, 2, 0, 0),
                ]
            )
        )
    )
    found = [sink.registry_in_force(1, 0, offset) for offset in (9, 10, 19, 20, 2**40)]
    assert found == [None, 5, 5, 2, 2]


def test_of_two_threads_that_hold_an_activity_the_one_that_has_seen_more_is_found(sink: Sink):
    sink.write(Flush(activities=(activity("m1", thread="t2", seen=1), activity("m1", thread="t1", seen=2))))
    sink.write(Flush(activities=(activity("m2", thread="t1"), activity("m2", thread="t2"))))
    assert sink.find([("bluesky", "m1"), ("bluesky", "m2")]) == {
        ("bluesky", "m1"): "t1",
        ("bluesky", "m2"): "t2",
    }


def test_waiting_threads_are_those_whose_latest_rows_wait(sink: Sink):
    sink.write(
        Flush(
            activities=(
                activity("m1", thread="t1", waiting=True),
                activity("m2", thread="t1", waiting=True),
                activity("m3", thread="t3", waiting=True, platform="x"),
                activity("m4", thread="t4", waiting=True),
                activity("m5", thread="t5"),
            )
        )
    )
    sink.write(Flush(activities=(activity("m4", thread="t4", seen=2, waiting=False),)))
    assert sink.waiting(2) == {("bluesky", "t1"), ("x", "t3")}
    assert sink.waiting(1) is None
    among = [("bluesky", "t1"), ("x", "t1"), ("bluesky", "t3"), ("bluesky", "t4"), ("bluesky", "t5")]
    assert sink.waiting_among(among) == {("bluesky", "t1")}


def test_minutes_are_those_of_one_partition_and_epoch(sink: Sink):
    mine = minute(bo=1)
    later = minute(minute=mine.minute + timedelta(minutes=1))
    others = (minute(source_partition=4), minute(source_epoch=2), minute(brand="b"), minute(platform="x"))
    sink.write(Flush(minutes=(mine, later, *others)))
    assert sink.minutes({(mine.minute, "acme", "bluesky")}, 1, 3) == [mine]


def test_marks_are_the_ends_of_the_flushes_that_still_show(sink: Sink):
    first = minute().minute
    at = [first + timedelta(minutes=step) for step in range(4)]
    sink.write(Flush(minutes=(minute(10, minute=at[0]), minute(10, minute=at[1]), minute(10, minute=at[2]))))
    sink.write(Flush(minutes=(minute(20, minute=at[1]), minute(15, minute=at[3], source_partition=9))))
    sink.write(Flush(minutes=(minute(30, minute=at[2]), minute(25, minute=at[3], source_epoch=2))))
    assert sink.applied_marks(1, 3, -1) == [10, 20, 30]
    assert sink.applied_marks(1, 3, 10) == [20, 30]
    assert sink.applied_marks(1, 3, 30) == []

    sink.write(Flush(minutes=(minute(40, minute=at[1]),)))
    assert sink.applied_marks(1, 3, 10) == [30, 40]


def test_strings_come_back_as_they_were(sink: Sink):
    nasty = [activity(f"id{text}", thread=f"thread{text}", body=text) for text in NASTY]
    brands = [minute(brand=text) for text in NASTY]
    sink.write(Flush(activities=tuple(nasty), minutes=tuple(brands)))

    found = sink.threads([("bluesky", row.thread) for row in nasty])
    assert sorted(found, key=lambda row: row.id) == sorted(nasty, key=lambda row: row.id)
    assert sink.find([("bluesky", row.id) for row in nasty]) == {
        ("bluesky", row.id): row.thread for row in nasty
    }
    sums = sink.minutes([(row.minute, row.brand, row.platform) for row in brands], 1, 3)
    assert {row.brand for row in sums} == set(NASTY)


def test_many_keys_at_once(sink: Sink):
    long = "at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/"
    every = [activity(f"{long}{number}", thread=f"{long}{number // 2}") for number in range(10_000)]
    start = minute().minute
    sums = [minute(minute=start + timedelta(minutes=number)) for number in range(10_000)]
    sink.write(Flush(activities=tuple(every), minutes=tuple(sums)))

    assert len(sink.threads([("bluesky", f"{long}{number}") for number in range(10_000)])) == 10_000
    found = sink.find([("bluesky", f"{long}{number}") for number in range(5_000, 15_000)])
    assert len(found) == 5_000
    assert found["bluesky", f"{long}9999"] == f"{long}4999"
    assert len(sink.minutes([(row.minute, "acme", "bluesky") for row in sums], 1, 3)) == 10_000


def test_the_longest_keys_that_an_event_may_have(sink: Sink):
    every = [activity(f"{number:02}" + "\U0001f600" * 2046, thread="'" * 2048) for number in range(50)]
    sink.write(Flush(activities=tuple(every)))
    assert len(sink.find([("bluesky", row.id) for row in every])) == 50
    assert len(sink.threads([("bluesky", "'" * 2048)])) == 50


def test_a_replay_does_not_double_dead_letters(sink: Sink, rows: Rows):
    letters = [dead_letter(offset, body=random.Random(offset).randbytes(300)) for offset in range(20)]
    later = datetime.now(UTC) + timedelta(minutes=1)
    sink.write(Flush(dead_letters=tuple(letters)))
    sink.write(
        Flush(dead_letters=tuple(letter.model_copy(update={"refused_at": later}) for letter in letters))
    )
    kept = sorted(rows(DEAD_LETTERS), key=lambda row: row.source_offset)
    assert [row.body for row in kept] == [letter.body for letter in letters]
    assert {row.refused_at for row in kept} == {later}


def test_a_row_that_does_not_fit_leaves_nothing_behind(engine: Engine, database: str):
    client = engine.client(database=database)
    migrate(client, database)
    unfit = activity().model_copy(update={"version": "one"})
    with pytest.raises(pa.ArrowException):
        ClickHouseSink(client).write(Flush(dead_letters=(dead_letter(),), activities=(unfit,)))
    assert not stored(client, DEAD_LETTERS)
    client.close()


def test_a_letter_that_was_sent_on_is_no_longer_open(sink: Sink, rows: Rows):
    letter = dead_letter()
    sent = letter.model_copy(update={"replayed_at": datetime.now(UTC)})
    sink.write(Flush(dead_letters=(letter,)))
    sink.write(Flush(dead_letters=(sent,)))
    assert rows(DEAD_LETTERS) == [sent]
    again = letter.model_copy(update={"refused_at": datetime.now(UTC) + timedelta(seconds=1)})
    sink.write(Flush(dead_letters=(again,)))
    assert rows(DEAD_LETTERS) == [again]


def test_a_backfill_over_many_years_is_one_flush(sink: Sink, rows: Rows):
    years = [interaction(f"m{day}", published=NOON - timedelta(days=day)) for day in range(0, 3_600, 30)]
    sink.write(Flush(interactions=tuple(years)))
    assert sorted(rows(INTERACTIONS), key=lambda row: row.published, reverse=True) == years


def test_registries_are_kept_by_version(sink: Sink):
    first = RegistryRow(version=1, digest="d1", body='{"brands":[]}', stored_at=NOON)
    second = RegistryRow(version=2, digest="d2", body='{"brands":["é"]}', stored_at=NOON)
    sink.store_registry(second)
    sink.store_registry(first)
    sink.store_registry(first.model_copy(update={"stored_at": NOON + timedelta(seconds=1)}))
    assert sink.newest_registry() == second
    assert sink.registry(1) == first.model_copy(update={"stored_at": NOON + timedelta(seconds=1)})
    assert sink.registry(3) is None


def test_epochs_are_kept_by_number_and_topic(sink: Sink):
    topics = (("a", "1"), ("a", "2"), ("b", "3"))
    epochs = [
        EpochRow(epoch=5, topic=name, topic_id=key, partitions=8, rebuilt=key == "2", began_at=NOON)
        for name, key in topics
    ]
    for row in (*epochs, epochs[0]):
        sink.store_epoch(row)
    assert sorted(sink.epochs(), key=lambda row: row.topic_id) == epochs


def test_merges_change_nothing(engine: Engine, database: str):
    client = engine.client(database=database)
    migrate(client, database)
    sink = ClickHouseSink(client)
    for registry in (1, 2):
        sink.write(Flush(activities=(activity(registry=registry), activity("m2", seen=registry))))
    client.command("OPTIMIZE TABLE activities FINAL")
    sink.write(Flush(activities=(activity(registry=3), activity("m2", seen=1))))
    found = {row.id: (row.registry, row.seen) for row in sink.threads([("bluesky", "t1")])}
    assert found == {"m1": (3, 1), "m2": (1, 2)}
    assert len(sink.find([("bluesky", "m1"), ("bluesky", "m2")])) == 2


def test_tables_that_are_not_there_stop_and_say_what_to_do(engine: Engine, database: str):
    sink = ClickHouseSink(engine.client(database=database))
    with pytest.raises(Stop, match="hubbub migrate"):
        sink.write(Flush(activities=(activity(),)))
    with pytest.raises(Stop, match="hubbub migrate"):
        sink.waiting(10)


def test_a_server_that_is_away_is_tried_again_later(engine: Engine, database: str):
    with Front(engine, port=0) as front:
        address = urlsplit(front.address)
        client = clickhouse_connect.get_client(host=address.hostname, port=address.port, database=database)
    sink = ClickHouseSink(client)
    with pytest.raises(RetryLater, match="writing to interactions"):
        sink.write(Flush(interactions=(interaction(),)))
    with pytest.raises(RetryLater, match="reading back"):
        sink.waiting(10)
    client.close()
