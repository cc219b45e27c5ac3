"""Rows of each table, and the activities behind them, as tests write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from schemas.event import Activity, Actor, ActorKind, Mention, SocialEvent
from schemas.rows import (
    ActivityRow,
    ConversationRow,
    DeadLetterRow,
    InteractionRow,
    MinuteRow,
    Row,
)
from schemas.vocabulary import Direction, Role, Scope
from sinks.tables import DEAD_LETTERS, Table

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
NASTY = [
    "'",
    '"',
    "\\",
    "\\'",
    "`",
    "\n\r\t",
    "a\0b",
    "%(keys)s",
    "{x:String}",
    "\N{PILE OF POO}é\u2028",
    "--",
]

Rows = Callable[[Table[Any]], list[Row]]
"""The rows of a table that count."""


def activity(id_: str = "m1", thread: str = "t1", seen: int = 1, **other: Any) -> ActivityRow:
    values = {
        "platform": "bluesky",
        "activity": "post",
        "version": 0,
        "published": NOON,
        "body": f'{{"id":"{id_}"}}',
        "waiting": False,
        "registry": 1,
        "source_epoch": 1,
        "source_partition": 0,
        "source_offset": 7,
        "removed": False,
    }
    return ActivityRow(**(values | {"id": id_, "thread": thread, "seen": seen} | other))


def interaction(id_: str = "m1", seen: int = 1, **other: Any) -> InteractionRow:
    values = {
        "brand": "acme",
        "platform": "bluesky",
        "conversation": "t1",
        "activity": "reply",
        "published": NOON,
        "started_at": NOON,
        "direction": Direction.CB,
        "effect": None,
        "indirect": False,
        "adds_brand": False,
        "scope_reason": Scope.ADDRESSED,
        "actor": "ann",
        "actor_role": Role.CUSTOMER,
        "agent": "",
        "followers": None,
        "addressee": "acme.example",
        "addressee_role": Role.BRAND,
        "parent": "m0",
        "depth": 1,
        "latency": 61.5,
        "lang": "en",
        "source_epoch": 1,
        "source_partition": 0,
        "source_offset": 7,
        "removed": False,
    }
    return InteractionRow(**(values | {"id": id_, "seen": seen} | other))


def conversation(conversation_: str = "t1", seen: int = 1, **other: Any) -> ConversationRow:
    values: dict[str, Any] = {
        name: 0
        for name, field in ConversationRow.model_fields.items()
        if field.annotation in (int, float, bool)
    }
    values |= {"brand": "acme", "platform": "bluesky", "started_at": NOON, "last_at": NOON}
    return ConversationRow(**(values | {"conversation": conversation_, "seen": seen} | other))


def minute(applied: int = 1, **other: Any) -> MinuteRow:
    values: dict[str, Any] = {
        name: 0 for name, field in MinuteRow.model_fields.items() if field.annotation is int
    }
    values |= {"minute": NOON.replace(second=0, microsecond=0), "brand": "acme", "platform": "bluesky"}
    return MinuteRow(**(values | {"source_epoch": 1, "source_partition": 3, "applied": applied} | other))


def dead_letter(offset: int = 1, **other: Any) -> DeadLetterRow:
    values = {
        "reason": "unreadable",
        "field": "",
        "detail": "not JSON",
        "body": b"\x00\xff\xfe'\\",
        "source_topic": "social.events",
        "source_epoch": 1,
        "source_partition": 0,
        "source_offset": offset,
        "refused_at": datetime.now(UTC),  # the table forgets what is old
    }
    return DeadLetterRow(**(values | other))


def stored(client: Client, table: Table[Any]) -> list[Row]:
    result = client.query(
        f"SELECT {', '.join(table.columns)} FROM {table.name} FINAL",
        tz_mode="aware",
        column_formats={"body": "bytes"} if table is DEAD_LETTERS else None,
    )
    return [table.row(**row) for row in result.named_results()]


def event(id_: str, by: str, **more: Any) -> SocialEvent:
    values = {
        "platform": "bluesky",
        "activity": Activity.POST,
        "published": NOON,
        "actor": Actor(id=by, handle="ann", name=NASTY[9], followers=7, agent="Ann", kind=ActorKind.PERSON),
        "text": f"secret {''.join(NASTY)}",
        "hashtags": ("secret",),
        "urls": ("secret",),
        "raw_ref": "secret",
        "lang": "en",
        "mentions": (Mention(id="acme", inherited=False),),
    }
    return SocialEvent(**(values | {"id": id_} | more))


def held(id_: str, by: str, thread: str = "t1", **more: Any) -> ActivityRow:
    body = event(id_, by).model_dump_json(exclude_defaults=True)
    return activity(id_, thread, **({"body": body} | more))
