# ruff: noqa: E501 - SQL, a column a line
"""A large made-up database for the benchmarks: rows of the tables, made by the database itself.

Deterministic: a row is a function of its number. Twenty-five rows in a row are one conversation: a broadcast,
what is said below it, and reactions; a brand has from a few to a few hundred thousand of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

START = "toDateTime64('2024-01-01 00:00:00', 6, 'UTC')"
DAYS = 730
BRANDS = 50
_CHUNK = 2_500_000
_LENGTH = 25  # rows of a conversation

# What the rows of a conversation are, in turn: direction (empty for a reaction), activity, effect, and whether
# the brand does it.
_KINDS = (
    ("BO", "post", "", 1),
    *(("CB", "reply", "", 0), ("BC", "reply", "", 1), ("CC", "reply", "", 0)) * 3,
    *(("CB", "reply", "", 0), ("CC", "reply", "", 0)) * 2,
    ("CO", "post", "", 0),
    *(("", "like", "applause", 0),) * 5,
    *(("", "repost", "amplification", 0),) * 2,
    ("", "like", "give", 1),
    ("", "like", "trust", 0),
)
_RELATION = ("", "unfollow", "relation", 0)


def fill(client: Client, rows: int, *, activities: bool = False) -> None:
    """Fill the tables of a migrated database that is empty.

    Args:
        client: A client whose database it is.
        rows: Rows of `interactions`.
        activities: Also what the fold remembers of them, which no query reads.
    """
    for first in range(0, rows, _CHUNK):
        client.command(_interactions(first, min(_CHUNK, rows - first), rows))
        if activities:
            client.command(_activities(first, min(_CHUNK, rows - first)))
    client.command("OPTIMIZE TABLE interactions FINAL")
    client.command(_conversations())
    client.command(_minutes())
    for table in ("conversations", "dialogue_minutes"):
        client.command(f"OPTIMIZE TABLE {table} FINAL")


def _interactions(first: int, rows: int, of: int) -> str:
    kinds = [*_KINDS, *[_RELATION] * (_LENGTH - len(_KINDS))]
    directions, activities, effects, ours = zip(*kinds, strict=True)
    columns = {
        "brand": "concat('brand-', leftPad(toString(own), 2, '0'))",
        "platform": "platform_",
        "conversation": "concat('at://root/', toString(block))",
        "id": "if(place = 0, conversation, concat('at://message/', toString(number)))",
        "activity": f"{list(activities)}[place + 1]",
        "published": "at_",
        "started_at": f"{START} + toIntervalMillisecond(block * {_LENGTH} * step)",
        "direction": f"nullIf({list(directions)}[place + 1], '')",
        "effect": f"nullIf({list(effects)}[place + 1], '')",
        "scope_reason": "if(ours, 'wrote', 'root')",
        "actor": "if(ours, account, person)",
        "actor_role": "if(ours, 'brand', 'customer')",
        "agent": "if(ours AND dice % 3 > 0, concat('agent-', toString(dice % 20)), '')",
        "followers": "if(ours, 100000 + dice % 1000, NULL)",
        "addressee": "multiIf(direction IN ('BC', 'CC') OR effect IN ('give', 'trust'), other, direction = 'CB' OR ours = 0 AND direction IS NULL, account, '')",
        "addressee_role": "multiIf(addressee = '', NULL, addressee = account, 'brand', 'customer')",
        "parent": "if(place = 0 OR direction = 'CO', '', conversation)",
        "depth": "if(place = 0, 0, 1 + dice % 5)",
        "question": "if(direction IS NULL OR dice % 20 = 0, NULL, dice % 4 = 1)",
        "love": "if(direction IS NULL OR dice % 20 = 0, NULL, dice % 9 = 1)",
        "sentiment": "if(direction IS NULL OR dice % 20 = 0, NULL, toInt8(dice % 3) - 1)",
        "sketch": "if(direction = 'BC', arrayMap(slot -> toUInt32(cityHash64(own, words, if((changed + slot) % 8 = 0, dice, 0), slot)), range(32)), [])",
        "topics": "if(direction IS NOT NULL AND dice % 3 = 0, [concat('topic-', toString(toUInt32(300 * pow((dice % 997) / 997, 3))))], [])",
        "parent_direction": "if(parent = '' OR direction IS NULL, NULL, if(dice % 2 = 0, 'BO', 'CC'))",
        "exchange_sla": "if(direction = 'CB' AND dice % 3 > 0, 86400, NULL)",
        "exchange_reply_at": "if(exchange_sla IS NOT NULL AND dice % 4 > 0, at_ + toIntervalSecond(toUInt32(-20000 * log((dice % 9999 + 1) / 10000))), NULL)",
        "exchange_reply": "if(exchange_reply_at IS NULL, '', 'at://message/answer')",
        "exchange_agent": "if(exchange_reply_at IS NULL, '', concat('agent-', toString(dice % 20)))",
        "exchange_back_at": "if(dice % 5 < 2, exchange_reply_at + toIntervalHour(2), NULL)",
        "exchange_confirmed_at": "if(dice % 5 = 1, exchange_reply_at + toIntervalHour(2), NULL)",
        "exchange_classified": "exchange_reply_at IS NOT NULL AND dice % 5 < 3",
        "exchange_quiet_from": "ifNull(exchange_back_at, ifNull(exchange_reply_at, if(exchange_sla IS NULL, NULL, at_)))",
        "exchange_closed_at": "exchange_reply_at",
        "exchange_single": "exchange_reply_at IS NOT NULL AND dice % 5 > 2",
        "seen": "1",
        "source_offset": "number",
    }
    selected = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    return f"""
    INSERT INTO interactions ({", ".join(columns)})
    WITH
        {DAYS} * 86400000 / {of} AS step,
        intDiv(number, {_LENGTH}) AS block, number % {_LENGTH} AS place,
        toUInt32({BRANDS} * pow(cityHash64(block) % 100000 / 100000, 2)) AS own,
        ['bluesky', 'mastodon', 'x'][cityHash64(block, 1) % 3 + 1] AS platform_,
        cityHash64(number, 2) AS dice,
        cityHash64(number, 3) % 2000 AS words, dice % 16 AS changed,
        {list(ours)}[place + 1] AS ours,
        concat('account-', toString(own)) AS account,
        concat('did:plc:', leftPad(toString(toUInt32(200000 * pow(cityHash64(number, 4) % 100000 / 100000, 3))), 16, 'c')) AS person,
        concat('did:plc:', leftPad(toString(toUInt32(200000 * pow(cityHash64(number, 5) % 100000 / 100000, 3))), 16, 'c')) AS other,
        {START} + toIntervalMillisecond(block * {_LENGTH} * step + if(place = 0, 0, cityHash64(number, 6) % 36000000)) AS at_
    SELECT {selected}
    FROM numbers({first}, {rows})
    SETTINGS max_insert_threads = 2"""


def _activities(first: int, rows: int) -> str:
    """The activities behind the rows, each as large as events are."""
    body = """
        '{"platform":"', platform, '","activity":"', activity, '","id":"', id, '","actor":{"id":"', actor,
        '"},"published":"', formatDateTime(published, '%Y-%m-%dT%H:%i:%s.%fZ'), '","conversation":"',
        conversation, '","in_reply_to":{"id":"', conversation, '"},"text":"', hex(cityHash64(id)),
        hex(cityHash64(id, 1)), ' ', hex(cityHash64(id, 2)), ' is what somebody says here, or nearly.',
        '","lang":"en","generator":"Web","visibility":"public"}'"""
    columns = "platform, conversation, id, activity, published, actor"
    return f"""
    INSERT INTO activities (thread, platform, id, activity, published, body, registry, seen, source_offset)
    SELECT conversation, platform, id, activity, published, concat({body}), 1, 1, source_offset
    FROM (SELECT {columns}, source_offset FROM interactions
        WHERE source_offset >= {first} AND source_offset < {first + rows})
    SETTINGS max_insert_threads = 2"""


_DIRECTIONS = {name: f"countIf(direction = '{name.upper()}')" for name in ("bo", "bc", "cb", "cc", "co")}


def _conversations() -> str:
    counted = {
        "started_at": "any(started_at)",
        "last_at": "max(published)",
        "brand_root": "true",
        "messages": "count()",
        "brand_messages": "countIf(actor_role = 'brand')",
        "customer_messages": "countIf(actor_role = 'customer') + cityHash64(conversation) % 30",
        "customers": "uniqExactIf(actor, actor_role = 'customer')",
        **_DIRECTIONS,
        "c2c_depth": "1 + cityHash64(conversation, 1) % 5",
        "c2c_turns": "1 + cityHash64(conversation, 2) % 9",
        "c2c_duration": "cityHash64(conversation, 3) % 100000",
        "c2c_participants": "uniqExactIf(actor, direction = 'CC')",
        "loop": "cityHash64(conversation, 4) % 3 = 1",
        "seen": "1",
    }
    return f"""
    INSERT INTO conversations (brand, platform, conversation, {", ".join(counted)})
    SELECT brand, platform, conversation, {", ".join(f"{sql} AS {name}_" for name, sql in counted.items())}
    FROM interactions WHERE direction IS NOT NULL GROUP BY brand, platform, conversation
    SETTINGS max_bytes_before_external_group_by = 2000000000"""


def _minutes() -> str:
    counted = {
        **_DIRECTIONS,
        "brand_roots": "bo",
        "root_replies": "cb + cc",
        "customer_conversations": "bo",
        "c2c_conversations": "bo",
        "two_sided": "bo",
        "loops": "intDiv(bo, 2)",
        "brand_messages": "bo + bc",
        "named": "bc",
        "gives": "countIf(effect = 'give')",
        "positive": "countIf(sentiment = 1)",
        "neutral": "countIf(sentiment = 0)",
        "negative": "countIf(sentiment = -1)",
        "love_known": "countIf(love IS NOT NULL)",
        "loving": "countIf(love)",
        "questions": "countIf(question)",
        "applied": "1",
    }
    columns = ", ".join(f"{sql} AS {name}" for name, sql in counted.items())
    return f"""
    INSERT INTO dialogue_minutes (minute, brand, platform, {", ".join(counted)})
    SELECT toStartOfMinute(published) AS minute, brand, platform, {columns}
    FROM interactions GROUP BY minute, brand, platform
    SETTINGS max_bytes_before_external_group_by = 2000000000"""
