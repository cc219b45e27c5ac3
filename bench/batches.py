"""A data set as the core sees it: records, in batches as large as a worker's flush."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING

from bench.data import Data
from schemas.settings import Settings
from streams.replay import Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLUSH = Settings.model_fields["flush_events"].default


def records(path: Path, events: int, flush: int = FLUSH) -> Iterator[list[Line]]:
    """The first events of a data set, in one partition, so many at a time."""
    logged = time.time_ns() // 1_000_000
    lines = (
        Line(offset, body, logged) for offset, (_, body) in enumerate(islice(Data(path).lines(), events))
    )
    while batch := list(islice(lines, flush)):
        yield batch
