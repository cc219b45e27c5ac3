"""Stored rows by hand: what matters is said, the rest is nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.rows import ConversationRow, InteractionRow, MinuteRow
from schemas.vocabulary import Direction, Effect, Role, Scope

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def sums(
    at: datetime, brand: str = "acme", platform: str = "x", partition: int = 0, **counts: int
) -> MinuteRow:
    zeros = {name: 0 for name, field in MinuteRow.model_fields.items() if field.annotation is int}
    place = {"source_epoch": 1, "source_partition": partition, "applied": 1}
    return MinuteRow(minute=at, brand=brand, platform=platform, **(zeros | place | counts))


def said(
    id_: str,
    actor: str,
    at: datetime,
    direction: Direction | None = Direction.CB,
    role: Role = Role.CUSTOMER,
    **other: Any,
) -> InteractionRow:
    values = {
        "brand": "acme",
        "platform": "x",
        "conversation": "t1",
        "activity": "reply" if direction else "like",
        "effect": None if direction else Effect.APPLAUSE,
        "indirect": False,
        "adds_brand": False,
        "scope_reason": Scope.WROTE,
        "agent": "",
        "followers": None,
        "addressee": "",
        "addressee_role": None,
        "parent": "",
        "depth": 0,
        "latency": None,
        "lang": "",
        "seen": 1,
        "source_epoch": 1,
        "source_partition": 0,
        "source_offset": 0,
        "removed": False,
    }
    named = {"id": id_, "actor": actor, "published": at, "direction": direction, "actor_role": role}
    return InteractionRow(**(values | {"started_at": at} | named | other))


def spoke(id_: str, account: str, at: datetime, followers: int | None, **other: Any) -> InteractionRow:
    return said(id_, account, at, Direction.BO, Role.BRAND, followers=followers, **other)


def talk(id_: str, at: datetime, **other: Any) -> ConversationRow:
    values: dict[str, Any] = {
        name: 0
        for name, field in ConversationRow.model_fields.items()
        if field.annotation in (int, float, bool)
    }
    values |= {"brand": "acme", "platform": "x", "started_at": at, "last_at": at, "seen": 1}
    return ConversationRow(**(values | {"conversation": id_} | other))


def hour(number: int) -> datetime:
    return MONDAY + timedelta(hours=number)


def day(number: float) -> datetime:
    return MONDAY + timedelta(days=number)


def asked(
    id_: str, actor: str, at: datetime, answered: datetime | None = None, **other: Any
) -> InteractionRow:
    """A message that opens an exchange, with a promised time of an hour."""
    values = {"exchange_sla": 3600, "exchange_reply_at": answered, "exchange_reply": "r" if answered else ""}
    return said(id_, actor, at, **(values | other))


def answered(id_: str, to: str, at: datetime, **other: Any) -> InteractionRow:
    """A message of the brand to a customer."""
    values = {"addressee": to, "addressee_role": Role.CUSTOMER}
    return said(id_, "main", at, Direction.BC, Role.BRAND, **(values | other))


def talked(id_: str, actor: str, to: str, at: datetime, **other: Any) -> InteractionRow:
    """A message of a customer to a customer."""
    return said(id_, actor, at, Direction.CC, addressee=to, addressee_role=Role.CUSTOMER, **other)


def reacted(
    id_: str, actor: str, at: datetime, activity: str, effect: Effect, **other: Any
) -> InteractionRow:
    """A reaction; by default of a customer to the brand."""
    values = {"activity": activity, "effect": effect, "addressee": "main", "addressee_role": Role.BRAND}
    return said(id_, actor, at, None, **(values | other))
