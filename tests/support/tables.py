"""What the tables say, apart from how much each row has seen and where it came from."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from schemas.rows import SUMS
from sinks.tables import CONVERSATIONS, INTERACTIONS, MINUTES

if TYPE_CHECKING:
    from sinks.memory import MemorySink

_STAMPS = frozenset({"seen", "source_epoch", "source_partition", "source_offset", "removed"})


def said(sink: MemorySink) -> dict[str, Any]:
    """The rows that count, by table, as values that can be compared; windows over all partitions."""
    windows: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in sink.rows(MINUTES):
        for name in SUMS:
            windows[row.minute, row.brand, row.platform][name] += getattr(row, name)
    return {
        "interactions": sorted(row.model_dump_json(exclude=_STAMPS) for row in sink.rows(INTERACTIONS)),
        "conversations": sorted(row.model_dump_json(exclude=_STAMPS) for row in sink.rows(CONVERSATIONS)),
        "windows": {key: +sums for key, sums in windows.items() if any(sums.values())},
    }
