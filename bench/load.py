"""A data set into a topic, as fast as one process can: batches put together here, a partition by its key."""

from __future__ import annotations

import asyncio
import time
import zlib
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaProducer

if TYPE_CHECKING:
    from collections.abc import Iterable

_BATCH = 1 << 18  # bytes
_UNDER_WAY = 64  # batches
_PAUSE = 0.01  # seconds between two handfuls


def load(
    bootstrap: str, topic: str, partitions: int, handfuls: Iterable[Iterable[tuple[bytes, bytes]]]
) -> int:
    """Send events; gives how many, all of them confirmed.

    Args:
        bootstrap: Where Kafka is.
        topic: The topic, which exists.
        partitions: How many it has.
        handfuls: Keys and bodies; after each handful, everything is on its way.
    """
    return asyncio.run(_load(bootstrap, topic, partitions, handfuls))


async def _load(
    bootstrap: str, topic: str, partitions: int, handfuls: Iterable[Iterable[tuple[bytes, bytes]]]
) -> int:
    sent = 0
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, max_batch_size=_BATCH) as producer:
        batches = [producer.create_batch() for _ in range(partitions)]
        under_way: set[asyncio.Future[Any]] = set()

        async def send(partition: int) -> None:
            under_way.add(await producer.send_batch(batches[partition], topic, partition=partition))
            batches[partition] = producer.create_batch()
            if len(under_way) >= _UNDER_WAY:
                await _some(under_way)

        for handful in handfuls:
            for key, body in handful:
                partition, now = zlib.crc32(key) % partitions, time.time_ns() // 1_000_000
                while batches[partition].append(timestamp=now, key=key, value=body) is None:
                    await send(partition)
                sent += 1
            for partition in range(partitions):
                if batches[partition].record_count():
                    await send(partition)
            await asyncio.sleep(_PAUSE)
        while under_way:
            await _some(under_way)
    return sent


async def _some(under_way: set[asyncio.Future[Any]]) -> None:
    """Wait until some of the batches have arrived."""
    done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
    for future in done:
        under_way.discard(future)
        future.result()
