"""What is erased, forgotten or purged is gone, whichever sink had it, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from support.rows import NASTY, NOON, Rows, activity, dead_letter, event, held, interaction

from schemas.event import SocialEvent
from schemas.rows import (
    ForgottenRow,
)
from sinks.clickhouse import ClickHouseSink
from sinks.erase import threads_with
from sinks.sink import Erased, Flush, Held, Sink
from sinks.tables import DEAD_LETTERS, INTERACTIONS

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


def bodies(client: Client, where: str = "true") -> list[str]:
    """All bodies that any query could see, of superseded rows too."""
    return [row[0] for row in client.query(f"SELECT body FROM activities WHERE {where}").result_rows]


def test_what_is_erased_is_bare_and_all_else_is_as_it_was(sink: Sink):
    nasty = [held(f"id{text}", "ann", thread=f"thread{text}") for text in NASTY]
    others = (
        held("m1", "ann", platform="x"),
        held("m2", "ann"),
        activity("m1", thread="t9", removed=True, body=""),
        held("m1", "bob", activity="update", version=1),
    )
    gone = [("bluesky", id_, "post", 0) for id_ in ("m1", *(row.id for row in nasty))]
    sink.write(Flush(activities=(held("m1", "ann"), *others, *nasty)))
    sink.write(Flush(erased=tuple(Erased(*one) for one in [*gone, ("x", "unknown", "post", 0)])))
    threads = [("bluesky", "t1"), ("x", "t1"), *(("bluesky", row.thread) for row in nasty)]
    found = {(row.platform, row.id, row.activity, row.version): row.body for row in sink.threads(threads)}
    for one in gone:
        assert SocialEvent.model_validate_json(found.pop(one)) == event(one[1], "ann").bare()
    assert found == {
        ("x", "m1", "post", 0): others[0].body,
        ("bluesky", "m2", "post", 0): others[1].body,
        ("bluesky", "m1", "update", 1): others[3].body,
    }
    assert sink.find([("bluesky", "m1")]) == {("bluesky", "m1"): "t1"}


def test_many_are_erased_at_once(sink: Sink):
    long = "at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/"
    every = [held(f"{long}{number}", "ann", thread=f"{long}{number // 2}") for number in range(6_000)]
    sink.write(Flush(activities=tuple(every)))
    sink.write(Flush(erased=tuple(Erased("bluesky", row.id, "post", 0) for row in every[::2])))
    found = sink.threads([("bluesky", row.thread) for row in every])
    assert sum("secret" in row.body for row in found) == 3_000


def test_no_query_sees_what_was_erased(client: Client):
    """
    thread t0    ├── text ──┼── moved away
    thread t1               ├── text ──┼── erased: in neither thread, merged or not
    """
    sink = ClickHouseSink(client)
    client.command("SYSTEM STOP MERGES activities")
    sink.write(Flush(activities=(held("m1", "ann", thread="t0"),)))
    moved = (held("m1", "ann", thread="t0", seen=2, removed=True, body=""), held("m1", "ann", seen=2))
    sink.write(Flush(activities=moved))
    bare = event("m1", "ann").bare().model_dump_json(exclude_defaults=True)
    sink.write(
        Flush(
            erased=(Erased("bluesky", "m1", "post", 0),), activities=(held("m1", "ann", seen=3, body=bare),)
        )
    )
    assert len(bodies(client)) == 4
    assert "secret" not in "".join(bodies(client))
    client.command("SYSTEM START MERGES activities")
    client.command("OPTIMIZE TABLE activities FINAL")
    assert [row.body for row in sink.threads([("bluesky", "t1")])] == [bare]
    assert sink.find([("bluesky", "m1")]) == {("bluesky", "m1"): "t1"}


def test_looking_for_ids_does_not_read_the_table_because_something_was_erased(client: Client):
    """With patches the engine does not read projections; no patch changes a column of this one."""
    sink = ClickHouseSink(client)
    sink.write(Flush(activities=tuple(held(f"m{number}", "ann", f"t{number}") for number in range(2_000))))
    sink.write(Flush(erased=(Erased("bluesky", "m1", "post", 0),)))
    client.set_client_setting("force_optimize_projection", 1)
    assert sink.find([("bluesky", "m1")]) == {("bluesky", "m1"): "t1"}
    found = client.query(threads_with("activities"), {"keys": '[["bluesky", "m1", "post", 0]]'}).result_rows
    assert [row[0] for row in found] == ["t1"]


def test_who_is_forgotten_is_known_by_partition_and_offset(sink: Sink):
    later = NOON + timedelta(days=1)
    sink.write(
        Flush(
            forgotten=tuple(
                ForgottenRow(
                    platform="x",
                    account=account,
                    until=until,
                    source_epoch=epoch,
                    source_partition=partition,
                    source_offset=offset,
                )
                for account, until, epoch, partition, offset in [
                    ("ann", later, 1, 0, 5),
                    ("ann", NOON, 1, 0, 9),
                    ("bob", NOON, 1, 0, 9),
                    ("eve", NOON, 1, 1, 0),
                    ("dan", NOON, 2, 0, 0),
                ]
            )
        )
    )
    assert sink.forgotten(1, 0, 4) == {}
    assert sink.forgotten(1, 0, 5) == {("x", "ann"): later}
    assert sink.forgotten(1, 0, 9) == {("x", "ann"): later, ("x", "bob"): NOON}
    everybody = {("x", "ann"): later} | {("x", name): NOON for name in ("bob", "eve", "dan")}
    assert sink.forgotten(1, 0, None) == sink.forgotten(9, 9, None) == everybody


def test_held_is_what_an_account_did_in_threads_that_do_not_know_it_is_forgotten(sink: Sink):
    later = NOON + timedelta(seconds=1)
    mark = {"activity": "forget", "body": ""}
    sink.write(
        Flush(
            activities=(
                held("m1", "ann", "t1", source_partition=3),
                held("m2", "bob", "t1", source_partition=4),
                activity("", "t1", activity="settle", body="", source_epoch=9),
                held("m3", "ann", "t3", source_epoch=2),
                held("m4", "ann", "t3", published=later),
                held("m5", "ann", "t5"),
                activity(">ann", "t5", **mark, published=NOON),
                held("m6", "ann", "t6", published=later),
                activity(">ann", "t6", **mark, published=NOON),
                held("m7", "ann", "t7", removed=True),
                held("m8", "ann", "t8", platform="x"),
                held("m9", "ann.", "t9"),
            )
        )
    )
    assert sorted(sink.held("bluesky", "ann", NOON)) == [
        Held("t1", "m1", "post", 1, 4),
        Held("t3", "m3", "post", 2, 0),
    ]
    assert {row.id for row in sink.held("bluesky", "ann", later)} == {"m1", "m3", "m4", "m6"}
    assert sink.held("bluesky", "nobody", later) == []


def test_what_is_purged_leaves_the_bare_id(sink: Sink, rows: Rows):
    later = NOON + timedelta(seconds=1)
    letters = [
        dead_letter(1, body=b'{"platform":"bluesky","actor":{"id":"ann"},"text":"secret"}'),
        dead_letter(2, body=b'{"platform":"x","actor":{"id":"ann"}}'),
        dead_letter(3, body=b'"platform":"bluesky","actor":{"id":"ann"}'),
    ]
    told = [
        interaction(
            "m1", seen=1, followers=7, agent="Ann", signature="AB", sketch=(1, 2**32 - 1), topics=("a", "b")
        ),
        interaction("m2", followers=7, agent="Ann", published=later),
        interaction("m3", followers=7, agent="Bob", actor="bob"),
        interaction("m4", actor="bob", exchange_reply="m1", exchange_agent="Ann", topics=("a",)),
        interaction("m5", actor="bob", exchange_reply="m3", exchange_agent="Bob"),
    ]
    said = (held("m1", "ann"), held("m2", "ann", published=later), held("m3", "bob"))
    sink.write(Flush(dead_letters=tuple(letters), interactions=tuple(told), activities=said))
    assert sink.letters("bluesky", "ann") == 1
    sink.purge("bluesky", "ann", NOON)
    assert sink.letters("bluesky", "ann") == 0
    assert {row.source_offset: row.body for row in rows(DEAD_LETTERS)} == {
        1: b"",
        2: letters[1].body,
        3: letters[2].body,
    }
    kept = {row.id: row for row in rows(INTERACTIONS)}
    assert kept == {row.id: row for row in told} | {
        "m1": told[0].model_copy(
            update={
                "followers": None,
                "agent": "",
                "lang": "",
                "signature": "",
                "sketch": (),
                "topics": (),
            }
        ),
        "m4": told[3].model_copy(update={"exchange_agent": ""}),
    }
    texts = {row.id: "secret" in row.body for row in sink.threads([("bluesky", "t1")])}
    assert texts == {"m1": False, "m2": True, "m3": True}


def test_nothing_that_was_purged_is_in_the_files(client: Client):
    """The engine keeps parts that were written anew for some minutes; the active ones are what counts."""
    sink = ClickHouseSink(client)
    client.command("ALTER TABLE activities MODIFY COLUMN body CODEC(NONE)")
    client.command("ALTER TABLE activities MODIFY SETTING min_bytes_for_wide_part = 0")
    sink.write(Flush(activities=(held("m1", "ann"), held("m2", "bob", body='{"id":"m2","text":"other"}'))))
    sink.write(Flush(activities=(held("m1", "ann", seen=2),)))

    def readable(word: bytes) -> bool:
        here = "active AND table LIKE '%activities' AND database = currentDatabase()"
        paths = client.query(f"SELECT path FROM system.parts WHERE {here}").result_rows
        files = [file for (path,) in paths for file in Path(path).rglob("*") if file.is_file()]
        assert files
        return any(word in file.read_bytes() for file in files)

    assert readable(b"secret")
    sink.write(Flush(erased=(Erased("bluesky", "m1", "post", 0),)))
    sink.purge("bluesky", "ann", NOON)
    assert not readable(b"secret")
    assert readable(b"other")
