"""Events a second through a Faust agent that does nothing: record batches next to stock Faust.

Each reader starts anew in every round, in its own consumer group, on the same topic of one embedded broker.
The clock runs from a reader's first record to its last, so joining the group does not count.

    python bench/transport.py --rounds 5 --json
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
import uuid
from typing import TYPE_CHECKING, Any

import faust
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams.broker import Broker, create_topics
from streams.transport import faust_settings, raw_topic, relax_garbage_collection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TOPIC = "bench"
DEADLINE = 120.0  # seconds for one reader in one round


class Stopwatch:
    """Counts records and knows the rate once `expected` have come."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        self.seen = 0
        self.first_batch = 0
        self.done = asyncio.Event()

    def add(self, records: int) -> None:
        """Count records that have just come."""
        if not self.seen:
            self.started, self.first_batch = time.perf_counter(), records
        self.seen += records
        if self.seen >= self.expected and not self.done.is_set():
            self.ended = time.perf_counter()
            self.done.set()

    @property
    def rate(self) -> float:
        """Records a second, not counting the first delivery, which started the clock."""
        return (self.seen - self.first_batch) / (self.ended - self.started)


async def produce(bootstrap: str, messages: int, size: int) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=bootstrap, linger_ms=20, max_batch_size=1 << 18
    ) as producer:
        for number in range(messages):
            await producer.send(TOPIC, str(number).zfill(size).encode(), key=str(number).encode())


async def through_faust(app: faust.App, watch: Stopwatch) -> float:
    await app.start()
    try:
        await asyncio.wait_for(watch.done.wait(), DEADLINE)
    finally:
        await app.stop()
    return watch.rate


def new_app(bootstrap: str, scheme: str, folder: str, **settings: Any) -> faust.App:
    settings = faust_settings(session_timeout=3.0) | {"web_enabled": False, "datadir": folder} | settings
    return faust.App(f"bench-{uuid.uuid4()}", broker=f"{scheme}://{bootstrap}", **settings)


async def batches(bootstrap: str, messages: int, folder: str) -> float:
    app, watch = new_app(bootstrap, "batches", folder), Stopwatch(messages)

    @app.agent(raw_topic(app, TOPIC))
    async def nothing(stream: Any) -> None:
        async for event in stream.events():
            watch.add(len(event.value))
            app.consumer.ack(event.message)

    return await through_faust(app, watch)


async def stock(bootstrap: str, messages: int, folder: str) -> float:
    # Faust's own defaults: ours are meant for batches.
    own = {"stream_buffer_maxsize": 4096, "consumer_max_fetch_size": 1 << 20}
    app, watch = new_app(bootstrap, "aiokafka", folder, **own), Stopwatch(messages)

    @app.agent(app.topic(TOPIC, value_serializer="raw", key_serializer="raw"))
    async def nothing(stream: Any) -> None:
        async for _ in stream:
            watch.add(1)

    return await through_faust(app, watch)


async def getmany(bootstrap: str, messages: int, _: str) -> float:
    watch, partitions = Stopwatch(messages), [TopicPartition(TOPIC, number) for number in range(4)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign(partitions)
        async with asyncio.timeout(DEADLINE):
            while not watch.done.is_set():
                for records in (await consumer.getmany(timeout_ms=1000)).values():
                    watch.add(len(records))
    finally:
        await consumer.stop()
    return watch.rate


def measure(options: argparse.Namespace) -> dict[str, list[float]]:
    readers: dict[str, tuple[Callable[[str, int, str], Awaitable[float]], int]] = {
        "batches": (batches, options.messages),
        "stock": (stock, options.stock_messages),
        "getmany": (getmany, options.messages),
    }
    rates: dict[str, list[float]] = {name: [] for name in readers}
    with Broker(0) as broker, tempfile.TemporaryDirectory() as folder:
        create_topics(broker.bootstrap, {TOPIC: 4})
        asyncio.run(produce(broker.bootstrap, options.messages, options.size))
        for number in range(options.rounds):
            for name, (reader, messages) in readers.items():
                print(f"round {number + 1}: {name}", file=sys.stderr)
                rates[name].append(asyncio.run(reader(broker.bootstrap, messages, folder)))  # type: ignore[arg-type]
    return rates


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--messages", type=int, default=200_000, help="messages in the topic (default: %(default)s)"
    )
    parser.add_argument(
        "--stock-messages", type=int, default=60_000, help="of which stock Faust reads (%(default)s)"
    )
    parser.add_argument(
        "--size", type=int, default=300, help="bytes of one message's value (default: %(default)s)"
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds of every reader (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    options = parser.parse_args()

    # As in a worker, and for all readers alike.
    relax_garbage_collection()
    rates = measure(options)
    result = {
        name: {"median": round(statistics.median(r)), "min": round(min(r)), "max": round(max(r))}
        for name, r in rates.items()
    }
    ratio = statistics.median(rates["batches"]) / statistics.median(rates["stock"])
    if options.json:
        print(json.dumps({"events_per_second": result, "batches_over_stock": round(ratio, 1)}))
        return
    print(f"{'events a second':<18}{'median':>10}{'min':>10}{'max':>10}")
    for name, row in result.items():
        print(f"{name:<18}{row['median']:>10,}{row['min']:>10,}{row['max']:>10,}")
    print(f"batches over stock {ratio:.1f}x")


if __name__ == "__main__":
    main()
