"""Sends in the background, at a pace, and goes on when Kafka is back."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Self

from aiokafka import AIOKafkaProducer

if TYPE_CHECKING:
    from collections.abc import Iterable

PATIENCE = 90.0
SLICES = 50


class Sending:
    """A load that outlasts a fault. A context manager; leaving it waits until everything has arrived.

    Args:
        bootstrap: Kafka's servers.
        topic: Where to.
        messages: Keys and values.
        seconds: How long it takes when all is well.
    """

    def __init__(
        self, bootstrap: str, topic: str, messages: Iterable[tuple[bytes, bytes]], seconds: float
    ) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._messages = list(messages)
        self._seconds = seconds
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        if self._failed is not None:
            raise self._failed

    def _run(self) -> None:
        try:
            asyncio.run(self._send())
        except BaseException as error:  # noqa: BLE001 - raised again in the test's own thread
            self._failed = error

    async def _send(self) -> None:
        size = len(self._messages) // SLICES + 1
        async with AIOKafkaProducer(
            bootstrap_servers=self._bootstrap,
            enable_idempotence=True,  # else what is sent again may be in the log twice
            request_timeout_ms=int(PATIENCE * 1000),
        ) as producer:
            arriving = []
            for start in range(0, len(self._messages), size):
                for key, value in self._messages[start : start + size]:
                    arriving.append(await producer.send(self._topic, value, key=key))
                await asyncio.sleep(self._seconds / SLICES)
            await asyncio.gather(*arriving)
