"""One clean pass over a history, and what the tables have to say after it, reckoned another way too."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from support.tables import said

from schemas.event import SocialEvent
from schemas.rows import FENCE_MARK, SETTLE_MARK, SUMS, RegistryChangeRow
from schemas.vocabulary import Direction, Effect, Role
from sinks.memory import MemorySink
from sinks.sink import Flush
from sinks.tables import ACTIVITIES, CONVERSATIONS, DEAD_LETTERS, INTERACTIONS, REGISTRIES
from streams.decode import Record, decode
from streams.pipeline import Batch, Pipeline, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from schemas.rows import InteractionRow


@dataclass(frozen=True)
class Stretch:
    """Records of one partition that were stored before the next stretch was."""

    source: Source
    partition: int
    records: Sequence[Record]
    registry: int
    """The version that the partition begins with."""


def batch_of(records: Sequence[Record]) -> Batch:
    """Records of one partition, in a row, as the gatherer hands them on."""
    decoded = decode(records)
    return Batch(decoded.arrivals, decoded.refusals, records[0].offset, records[-1].offset + 1)


def one_clean_pass(sink: MemorySink, history: Sequence[Stretch], now: datetime) -> MemorySink:
    """Fold a history into a fresh sink that knows the same registries: one worker, nothing goes wrong."""
    clean = MemorySink()
    for row in sink.rows(REGISTRIES):
        clean.store_registry(row)
    for stretch in history:
        if stretch.records:
            begins = RegistryChangeRow(
                version=stretch.registry,
                source_epoch=stretch.source.epoch,
                source_partition=stretch.partition,
                source_offset=0,
            )
            clean.write(Flush(registry_changes=(begins,)))
            pipeline = Pipeline(clean)
            pipeline.assign(stretch.source, stretch.partition, stretch.records[0].offset)
            clean.write(pipeline.fold({stretch.partition: batch_of(stretch.records)}, now))
    return clean


def all_said(sink: MemorySink) -> dict[str, Any]:
    """Everything that has to be the same, whatever happened on the way."""
    return said(sink) | {
        "activities": sorted(
            (row.platform, row.thread, row.id, row.activity, row.version, row.published, row.body)
            for row in sink.rows(ACTIVITIES)
            if row.activity != FENCE_MARK
        ),
        "dead_letters": sorted(
            row.model_dump_json(exclude={"refused_at", "body"}) + repr(row.body)
            for row in sink.rows(DEAD_LETTERS)
        ),
    }


def identities(history: Sequence[Stretch]) -> Counter[tuple[str, str, str, int]]:
    """What makes two deliveries one activity, each once."""
    return Counter(
        {
            (item.platform, item.id, item.activity, item.version): 1
            for stretch in history
            for _, item in decode(stretch.records).arrivals
            if isinstance(item, SocialEvent)
        }
    )


def kept(sink: MemorySink) -> Counter[tuple[str, str, str, int]]:
    """The activities that are stored, and how often each is."""
    return Counter(
        (row.platform, row.id, row.activity, row.version)
        for row in sink.rows(ACTIVITIES)
        if row.activity not in (SETTLE_MARK, FENCE_MARK)
    )


def reckoned(sink: MemorySink) -> Mapping[Any, Counter[str]]:
    """The sums of every window, reckoned from the rows of `interactions` instead of by increments."""
    windows: dict[Any, Counter[str]] = defaultdict(Counter)
    threads: dict[tuple[str, str, str], list[InteractionRow]] = defaultdict(list)
    for row in sink.rows(INTERACTIONS):
        own = windows[_minute(row.published), row.brand, row.platform]
        if row.direction is None:
            own["gives"] += row.effect is Effect.GIVE
            continue
        threads[row.brand, row.platform, row.conversation].append(row)
        if _counts(row):
            own[row.direction.lower()] += 1
            own.update(_own(row))
            if row.actor_role is Role.CUSTOMER and row.parent_direction is Direction.BO and row.parent_at:
                above = windows[_minute(row.parent_at), row.brand, row.platform]
                above.update(bo_replies=row.sentiment is not None, bo_negative=row.sentiment == -1)
    starts = {(row.brand, row.platform, row.conversation): row.started_at for row in sink.rows(CONVERSATIONS)}
    assert starts.keys() == threads.keys()
    for key, rows in threads.items():
        brand, platform, root = key
        customers = [row for row in rows if row.actor_role is Role.CUSTOMER]
        brand_root = any(row.id == root and row.actor_role is Role.BRAND and _opens(row) for row in rows)
        talk = sum(row.direction is Direction.CC for row in rows if _counts(row))
        theirs = [row for row in rows if row.actor_role is Role.BRAND]
        windows[_minute(starts[key]), brand, platform].update(
            two_sided=bool(theirs and customers),
            loops=_has_loop(rows),
            started_cc=talk,
            brand_free_cc=0 if any(row.id != root or row.depth for row in theirs) else talk,
            customer_conversations=bool(customers),
            c2c_conversations=(len({row.actor for row in customers}) > 1 and talk > 0),
            brand_roots=brand_root,
            root_replies=brand_root * sum(_counts(row) for row in customers),
        )
    assert {name for sums in windows.values() for name in sums} <= set(SUMS)
    return {key: +sums for key, sums in windows.items() if any(sums.values())}


def _own(row: InteractionRow) -> dict[str, int]:
    if row.actor_role is Role.CUSTOMER:
        return {
            "positive": row.sentiment == 1,
            "neutral": row.sentiment == 0,
            "negative": row.sentiment == -1,
            "love_known": row.love is not None,
            "loving": row.love is True,
            "questions": row.question is True,
            "peer_answered": row.question is True and row.answered_by is Role.CUSTOMER,
        }
    if row.actor_role is not Role.BRAND or row.direction is Direction.UNDECIDED:
        return {}
    return {
        "brand_messages": 1,
        "named": bool(row.agent or row.signature),
        "automation_known": row.automation is not None,
        "automated": row.automation is True,
        "deflection_known": row.direction is Direction.BC and row.deflection is not None,
        "deflections": row.direction is Direction.BC and row.deflection is True,
        "asks": row.direction is Direction.BO and row.asks is True,
    }


def _has_loop(rows: Sequence[InteractionRow]) -> bool:
    replies = {row.id: row for row in rows if _counts(row)}
    for last in replies.values():
        middle = replies.get(last.parent) if last.activity != "quote" else None
        first = replies.get(middle.parent) if middle and middle.activity != "quote" else None
        if middle and first and first.id != last.id:
            roles = (first.actor_role, middle.actor_role, last.actor_role)
            if roles == (Role.BRAND, Role.CUSTOMER, Role.BRAND) or (
                roles == (Role.CUSTOMER, Role.BRAND, Role.CUSTOMER) and first.actor == last.actor
            ):
                return True
    return False


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _counts(row: InteractionRow) -> bool:
    return Role.BOT not in (row.actor_role, row.addressee_role)


def _opens(row: InteractionRow) -> bool:
    return row.activity != "reply" and _counts(row)
