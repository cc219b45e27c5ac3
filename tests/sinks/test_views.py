"""The views and the report against values computed by hand."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from support.stored import MONDAY, hour, said, spoke, sums, talk

from schemas.metrics import CATALOGUE
from schemas.rows import ActivityRow, DeadLetterRow
from schemas.vocabulary import Direction, Role
from sinks.clickhouse import ClickHouseSink
from sinks.report import read_report
from sinks.sink import Flush
from sinks.views import views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clickhouse_connect.driver.client import Client

    from sinks.engine import Engine

SUNDAY = MONDAY - timedelta(days=1)
HIDDEN = {"seen", "applied", "removed"}


@pytest.fixture
def client(engine: Engine, tables: str) -> Iterator[Client]:
    client = engine.client(database=tables)
    yield client
    client.close()


@pytest.fixture
def sink(client: Client) -> ClickHouseSink:
    return ClickHouseSink(client)


def select(client: Client, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    return list(client.query(sql, parameters, tz_mode="aware").named_results())


def report(client: Client, by: Any = None, brand: str = "", **period: datetime) -> list[dict[str, Any]]:
    period = {"from": MONDAY, "to": MONDAY + timedelta(days=1)} | period
    return read_report(client, (period["from"], period["to"]), by, brand)


def test_sums_add_up_over_minutes_and_partitions_and_ratios_are_divided_last(
    client: Client, sink: ClickHouseSink
):
    sink.write(
        Flush(
            minutes=(
                sums(hour(9), bo=1, bc=1, undecided=1),
                sums(hour(9), partition=1, bo=3, cb=2, cc=-1, brand_roots=4, root_replies=6),
                sums(hour(9) + timedelta(minutes=59), bo=2, bc=3, cc=3, co=1, cx=2, bx=1),
                sums(hour(10), bo=100),
                sums(hour(9), platform="mastodon", bo=100),
                sums(hour(9), brand="other", bo=100),
            )
        )
    )
    (row,) = select(
        client,
        "SELECT * FROM dialogue_hourly WHERE at = {at:DateTime} AND brand='acme' AND platform='x'",
        at=hour(9),
    )
    assert (row["bo"], row["bc"], row["cb"], row["cc"], row["co"]) == (6, 4, 2, 2, 1)
    assert row["dialogue_ratio"] == 4 / 10
    assert row["broadcast_share"] == 6 / 10
    assert (row["mix_bo"], row["mix_co"]) == (6 / 15, 1 / 15)
    assert row["user_generated_share"] == 5 / 15
    assert row["conversation_rate"] == 6 / 4
    assert row["c2c_share"] == 2 / 8
    assert row["c2c_conversation_rate"] is None
    assert row["direction_coverage"] == 18 / 19
    assert len(select(client, "SELECT * FROM dialogue_minutely")) == 5
    assert sum(row["bo"] for row in select(client, "SELECT bo FROM dialogue_daily")) == 306


def test_only_the_row_that_has_seen_most_counts(client: Client, sink: ClickHouseSink):
    sink.write(Flush(minutes=(sums(hour(9), applied=9, bo=5),), interactions=(said("m", "ann", hour(9)),)))
    gone = said("m", "ann", hour(9), seen=2, removed=True)
    sink.write(Flush(minutes=(sums(hour(9), applied=8, bo=4),), interactions=(gone,)))
    assert [row["bo"] for row in select(client, "SELECT bo FROM dialogue_weekly")] == [5]
    assert select(client, "SELECT * FROM interaction_facts") == []


def test_a_window_in_which_everything_was_taken_back_does_not_show(client: Client, sink: ClickHouseSink):
    sink.write(Flush(minutes=(sums(hour(9)), sums(hour(10), bo=1))))
    assert [row["at"] for row in select(client, "SELECT at FROM dialogue_minutely")] == [hour(10)]


def test_weeks_start_on_monday(client: Client, sink: ClickHouseSink):
    ends = (
        SUNDAY + timedelta(hours=23, minutes=59),
        MONDAY,
        MONDAY + timedelta(days=6, hours=23, minutes=59),
    )
    sink.write(
        Flush(
            minutes=tuple(sums(at, bo=1) for at in ends),
            interactions=tuple(said(str(at), "ann", at) for at in ends),
            conversations=tuple(talk(str(at), at, cc=1) for at in ends),
        )
    )
    weeks = [MONDAY - timedelta(days=7), MONDAY]
    for view in ("dialogue_weekly", "participation_weekly", "c2c_weekly"):
        assert [row["at"] for row in select(client, f"SELECT at FROM {view} ORDER BY at")] == weeks
    period = {"from": MONDAY - timedelta(days=30), "to": MONDAY + timedelta(days=30)}
    assert [row["at"] for row in report(client, "week", **period)] == weeks


def test_participants_are_distinct_customers_with_a_message(client: Client, sink: ClickHouseSink):
    sink.write(
        Flush(
            interactions=(
                said("1", "ann", hour(9)),
                said("2", "ann", hour(9)),
                said("3", "bob", hour(10)),
                said("4", "cid", hour(9), None),
                said("5", "robot", hour(9), role=Role.BOT),
                said("6", "ann", hour(9), platform="mastodon"),
            )
        )
    )
    hourly = select(client, "SELECT * FROM participation_hourly ORDER BY at, platform")
    assert [(row["at"], row["platform"], row["participants"]) for row in hourly] == [
        (hour(9), "mastodon", 1),
        (hour(9), "x", 1),
        (hour(10), "x", 1),
    ]
    daily = select(client, "SELECT * FROM participation_daily ORDER BY platform")
    assert [row["participants"] for row in daily] == [1, 2]
    assert [row["participation_rate"] for row in daily] == [None, None]
    (whole,) = report(client)
    assert whole["participants"] == 3


def test_followers_are_the_sum_of_what_was_last_seen_of_each_account(client: Client, sink: ClickHouseSink):
    # hour     8         9         10        11
    # main     100       .         300, 200  .
    # agent    .         50        .         .
    # people   .         ann       ann, bob  .
    sink.write(
        Flush(
            interactions=(
                spoke("1", "main", hour(8), 100),
                spoke("2", "agent", hour(9), 50),
                spoke("3", "main", hour(10), 300),
                spoke("4", "main", hour(10) + timedelta(minutes=1), 200),
                spoke("5", "main", hour(10) + timedelta(minutes=2), None),
                said("6", "ann", hour(9)),
                said("7", "ann", hour(10)),
                said("8", "bob", hour(10)),
                said("9", "ann", hour(11), None),
                said("10", "eve", hour(9), followers=7, brand="other"),
            )
        )
    )
    rows = select(client, "SELECT * FROM participation_hourly WHERE brand = 'acme' ORDER BY at")
    assert [(row["participants"], row["followers"], row["participation_rate"]) for row in rows] == [
        (0, 100, 0.0),
        (1, 150, 1 / 150),
        (2, 250, 2 / 250),
        (0, 250, 0.0),
    ]
    (other,) = select(client, "SELECT * FROM participation_hourly WHERE brand = 'other'")
    assert (other["participants"], other["followers"], other["participation_rate"]) == (1, None, None)
    late = report(client, brand="acme", **{"from": hour(9), "to": hour(10)})
    assert [(row["participants"], row["followers"]) for row in late] == [(1, 150)]


def test_followers_of_all_platforms_are_known_or_the_rate_is_not(client: Client, sink: ClickHouseSink):
    sink.write(
        Flush(
            interactions=(
                spoke("1", "main", hour(8), 100),
                spoke("2", "main@home", hour(8), 20, platform="mastodon"),
                said("3", "ann", hour(9)),
                said("4", "ann", hour(10)),
                said("5", "bob", hour(10), platform="reddit"),
            )
        )
    )
    hours = report(client, "hour")
    assert [(row["at"], row["participants"], row["followers"]) for row in hours] == [
        (hour(8), 0, 120),
        (hour(9), 1, 120),
        (hour(10), 2, None),
    ]
    assert [row["participation_rate"] for row in hours] == [0.0, 1 / 120, None]


def test_quantiles_are_of_conversations_with_talk_among_customers(client: Client, sink: ClickHouseSink):
    sink.write(
        Flush(
            conversations=(
                talk("1", hour(9), cc=1, c2c_depth=1, c2c_duration=0.5),
                talk("2", hour(9), cc=4, c2c_depth=2, c2c_duration=10.0),
                talk("3", hour(9), cc=0),
                talk("4", hour(10), cc=0),
                talk("5", hour(9), cc=1, c2c_depth=9, removed=True),
            )
        )
    )
    first, second = select(client, "SELECT * FROM c2c_hourly ORDER BY at")
    assert (first["with_c2c"], first["c2c_depth_p50"]) == (2, 1.5)
    assert first["c2c_duration_p90"] == pytest.approx(9.05, rel=1e-12)
    assert (second["with_c2c"], second["c2c_depth_p50"], second["c2c_duration_p90"]) == (0, None, None)
    (whole,) = report(client)
    assert (whole["with_c2c"], whole["c2c_depth_p50"], whole["c2c_depth_p90"]) == (2, 1.5, 1.9)


def test_the_report_joins_what_only_one_table_knows(client: Client, sink: ClickHouseSink):
    sink.write(
        Flush(
            minutes=(
                sums(hour(9), bo=1),
                sums(hour(9), bc=3, platform="mastodon"),
                sums(hour(9), brand="b", cx=1),
            ),
            interactions=(said("1", "ann", hour(10)), said("2", "ann", hour(9), brand="c")),
            conversations=(talk("1", hour(10), cc=1, c2c_turns=2), talk("2", hour(11), cc=1, brand="d")),
        )
    )
    rows = report(client, "hour")
    assert [(row["brand"], row["at"]) for row in rows] == [
        ("acme", hour(9)),
        ("acme", hour(10)),
        ("b", hour(9)),
        ("c", hour(9)),
        ("d", hour(11)),
    ]
    assert (rows[0]["bo"], rows[0]["bc"], rows[0]["dialogue_ratio"], rows[0]["participants"]) == (
        1,
        3,
        0.75,
        0,
    )
    assert (rows[1]["bo"], rows[1]["dialogue_ratio"], rows[1]["participants"]) == (0, None, 1)
    assert rows[1]["c2c_turns_p50"] == 2.0
    assert rows[2]["dialogue_ratio"] is None
    assert {metric.column for metric in CATALOGUE} <= set(rows[0])

    assert [(row["brand"], row["at"]) for row in report(client)] == [
        ("acme", MONDAY),
        ("b", MONDAY),
        ("c", MONDAY),
        ("d", MONDAY),
    ]
    assert [row["brand"] for row in report(client, brand="c")] == ["c"]
    assert report(client, brand="it's nobody") == []
    assert report(client, **{"from": hour(12)}) == []


def test_the_report_reads_only_the_period(client: Client, sink: ClickHouseSink):
    times = (hour(8), hour(9), hour(10))
    sink.write(
        Flush(
            minutes=tuple(sums(at, bo=1) for at in times),
            interactions=tuple(said(str(at), str(at), at) for at in times),
            conversations=tuple(talk(str(at), at, cc=1) for at in times),
        )
    )
    (row,) = report(client, **{"from": hour(9), "to": hour(10)})
    assert (row["at"], row["bo"], row["participants"], row["with_c2c"]) == (hour(9), 1, 1, 1)


def test_nan_never_comes_out(client: Client, sink: ClickHouseSink):
    sink.write(
        Flush(
            minutes=(sums(hour(9), cx=1), sums(hour(10), cb=1)),
            interactions=(
                said("1", "ann", hour(9), exchange_sla=60),
                spoke("2", "main", hour(9), 0),
                said("3", "bob", hour(9), exchange_sla=60, exchange_reply_at=hour(9), exchange_agent="Al"),
                said(
                    "4", "ann", hour(9), Direction.CC, sentiment=1, addressee="bob", addressee_role="customer"
                ),
                *(said(f"5{n}", "ann", hour(9 + 12 * n), Direction.CO, topics=("tea",)) for n in range(3)),
            ),
            conversations=(talk("1", hour(9)),),
        )
    )
    answers = [
        select(client, f"SELECT * FROM {view}") for view in views("any") if view != "dead_letter_facts"
    ]
    answers += [report(client), report(client, "day")]
    for rows in answers:
        assert rows
        numbers = [value for row in rows for value in row.values() if isinstance(value, float)]
        assert all(math.isfinite(number) for number in numbers)
    assert answers[-1][0]["participation_rate"] is None


def test_analysts_see_nothing_of_the_machinery(client: Client):
    for view in views("any"):
        columns = {row["name"] for row in select(client, f"DESCRIBE {view}")}
        assert not columns & HIDDEN, view


def test_messages_say_what_their_newest_edit_says(client: Client, sink: ClickHouseSink):
    def told(id_: str, text: str, version: int = 0, activity: str = "reply", **other: Any) -> ActivityRow:
        values = {
            "thread": "t1",
            "platform": "x",
            "published": hour(9),
            "body": f'{{"id":"{id_}","text":"{text}"}}' if text else f'{{"id":"{id_}","text":null}}',
            "waiting": False,
            "registry": 1,
            "seen": 1,
            "source_epoch": 1,
            "source_partition": 0,
            "source_offset": 0,
            "removed": False,
        }
        return ActivityRow(**(values | {"id": id_, "version": version, "activity": activity} | other))

    sink.write(
        Flush(
            interactions=(
                spoke("1", "main", hour(9), 10),
                said("2", "ann", hour(10), parent="1", depth=1),
                said("3", "bob", hour(11)),
                said("4", "bob", hour(12), None),
            ),
            activities=(
                told("1", "", activity="post"),
                told("2", "first"),
                told("2", "second \\u00e9", 1, "update"),
                told("3", "elsewhere", platform="mastodon"),
                told("4", "a like says nothing", activity="like"),
            ),
        )
    )
    rows = select(client, "SELECT * FROM conversation_messages WHERE conversation = 't1' ORDER BY published")
    assert [(row["platform"], row["id"], row["role"], row["direction"], row["text"]) for row in rows] == [
        ("x", "1", "brand", "BO", ""),
        ("x", "2", "customer", "CB", "second é"),
        ("x", "3", "customer", "CB", ""),
    ]
    assert (rows[1]["parent"], rows[1]["depth"], rows[1]["actor"]) == ("1", 1, "ann")


def test_yes_and_no_are_no_numbers_in_any_view(client: Client, tables: str):
    columns = select(
        client,
        "SELECT table, name, type FROM system.columns WHERE database = {database:String}",
        database=tables,
    )
    found = {(row["table"], row["name"]): row["type"] for row in columns if row["table"] in views(tables)}
    assert found["exchange_facts", "overdue"] == "Bool"
    assert found["exchange_facts", "confirmed"] == "Nullable(Bool)"
    assert [column for column, kind in found.items() if "UInt8" in kind] == []


def test_dead_letters_show_once(client: Client, sink: ClickHouseSink):
    letter = DeadLetterRow(
        reason="missing",
        field="actor.id",
        detail="Field required",
        body=b'{"a":1}',
        source_topic="social.events",
        source_epoch=1,
        source_partition=0,
        source_offset=5,
        refused_at=datetime.now(UTC),
    )
    sink.write(Flush(dead_letters=(letter,)))
    sink.write(Flush(dead_letters=(letter,)))
    (row,) = select(client, "SELECT * FROM dead_letter_facts")
    assert (row["reason"], row["field"], row["body"], row["source_offset"]) == (
        "missing",
        "actor.id",
        '{"a":1}',
        5,
    )


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT * FROM dialogue_hourly WHERE at >= '2026-03-02 00:00:00'", "minute"),
        ("SELECT * FROM dialogue_weekly WHERE at >= '2026-03-02 00:00:00'", "minute"),
        (
            "SELECT * FROM interaction_facts WHERE brand = 'acme' AND published >= '2026-03-02 00:00:00'",
            "brand",
        ),
        ("SELECT * FROM conversation_facts WHERE conversation = 't1'", "conversation"),
    ],
)
def test_filters_reach_the_primary_key(client: Client, sink: ClickHouseSink, sql: str, index: str):
    sink.write(
        Flush(
            minutes=(sums(hour(9)),),
            interactions=(said("1", "ann", hour(9)),),
            conversations=(talk("t1", hour(9)),),
        )
    )
    plan = "\n".join(row["explain"] for row in select(client, f"EXPLAIN indexes = 1 {sql}"))
    condition = plan[plan.index("PrimaryKey") :].split("Condition: ")[1].split("\n")[0]
    assert index in condition
