"""The worker's part in the alerts: look whether a day has closed, judge it, and tell what has changed."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from streams.alerts.evaluation import closed_day, find, judge
from streams.alerts.ledger import news
from streams.alerts.message import encode, sentence
from streams.aside import aside

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sinks.alerts import AlertStore
    from streams.alerts.evaluation import Found

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class Read(Protocol):
    """Runs something that uses the database, in a thread and by itself."""

    def __call__(self, work: Callable[[], Answer], /) -> Awaitable[Answer]:
        """Give what the work gives."""


class Alerting:
    """Judges the alerts of all brands, once after each closed day.

    Several may do so at once: rows are absolute, and say the same whoever writes them. Changes are stored
    before they are sent, and marked when they are, so whatever a crash leaves behind is sent by the next
    look: at least once, each under a key of its own.

    Args:
        store: The database.
        read: Runs what uses the store.
        send: Sends key and value to the topic of the alerts, and waits until Kafka has them.
    """

    def __init__(
        self, store: AlertStore, read: Read, send: Callable[[bytes, bytes], Awaitable[None]]
    ) -> None:
        self._store = store
        self._read = read
        self._send = send

    async def look(self, now: datetime) -> None:
        """Judge what has closed since the last look, and send what is not sent.

        Args:
            now: Wall-clock time.

        Raises:
            RetryLater: The database or Kafka does not answer now.
        """
        found = await self._read(lambda: self._find(now))
        if found is not None:
            # Between the two uses of the database, so that flushes go on meanwhile.
            told = await aside(judge, found, now)
            await self._read(lambda: self._store.write(*told))
        fresh = await self._read(lambda: news(self._store.history(), now))
        for row in fresh:
            await self._send(*encode(row))
            log.info("%s", sentence(row))
        if fresh:
            at = datetime.now(UTC)  # later than what the rows say: of two rows of a change, the newer counts
            sent = [row.model_copy(update={"published_at": at, "judged_at": at}) for row in fresh]
            await self._read(lambda: self._store.write((), sent))

    def _find(self, now: datetime) -> Found | None:
        day = closed_day(self._store, now)
        judged = self._store.judged()
        if day is None or (judged is not None and judged >= day):
            return None
        return find(self._store, day)
