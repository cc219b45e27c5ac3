"""Events through the real pipeline into a database, as a replay of a file does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.settings import Settings
from sinks.clickhouse import ClickHouseSink
from streams.ingest import message
from streams.registries import keep_registry
from streams.replay import FilePlace, Line, replay_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from clickhouse_connect.driver.client import Client

    from schemas.event import SocialEvent
    from schemas.registry import Registry


def store(
    client: Client,
    events: Sequence[SocialEvent],
    registry: Registry,
    now: datetime,
    *,
    partition: int = 0,
    size: int = 5_000,
) -> None:
    """Store events; what waits for its parent since more than a week is settled at the end.

    Args:
        client: A migrated database.
        events: In the order of arrival.
        registry: The brands.
        now: Wall-clock time.
        partition: Tells one source from another.
        size: Events that are folded at once.
    """
    sink = ClickHouseSink(client)
    keep_registry(sink, registry, now)
    logged = int(now.timestamp() * 1000)
    lines = [Line(offset, message(event), logged) for offset, event in enumerate(events)]
    batches = (lines[start : start + size] for start in range(0, len(lines), size))
    replay_lines(batches, FilePlace(f"part {partition}", partition), sink, Settings(), now)
