"""Replies that have waited long enough for their parent.

Time must not enter the fold by itself, or a replay would come to another answer. So when a reply's week is
over, a control is put into the log, and it is settled where that control stands.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from streams.control import Settle

if TYPE_CHECKING:
    from datetime import datetime

    from sinks.sink import Sink

PATIENCE = timedelta(days=7)
"""How long a reply waits before it takes the addressee that the platform names (section 1 of the domain)."""


def settlements(sink: Sink, now: datetime, epoch: int, partition: int | None) -> list[Settle]:
    """What is due in one partition; one control a thread.

    Args:
        sink: Where replies wait.
        now: Wall-clock time.
        epoch: The topic's epoch.
        partition: The partition; None for what waits since another epoch, or comes from a file. Its control
            goes to where its key leads: that is where its parent would come.

    Raises:
        RetryLater: The sink cannot be read now.
    """
    return [
        Settle(platform=platform, thread=thread, until=until)
        for platform, thread, until in sorted(sink.due(now - PATIENCE, epoch, partition))
    ]
