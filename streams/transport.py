"""A Faust transport that hands an agent one message per fetched *list* of records of one partition.

Faust spends two tasks, two locks and a conductor pass on every message; here it spends them on a batch.
Everything else - agents, rebalancing, the commit timer, the web server - stays Faust's. The agent:

    app = faust.App("hubbub", broker="batches://127.0.0.1:9092", **faust_settings())

    @app.agent(raw_topic(app, "social.events"))
    async def events(stream):
        async for event in stream.events():
            await store(event.value)            # records: offset, key, value, headers, timestamp
            app.consumer.ack(event.message)     # by hand, and only now

`consumer.ack` is the *only* thing that acknowledges a batch. Faust's own acknowledgements (at the end of an
iteration, in `take`'s finally, for an exception that leaves the agent) do not count, so what was not stored
is delivered again after a restart or a rebalance. Call it in the event loop's thread.

Back-pressure: to hold the stream, for example while the database is away, stay in the loop's body. Batches
wait in the stream's buffer; when that is full, the reader waits at its door, and does not fetch. So each
partition stands still with a bounded number of batches in memory, see `faust_settings`, and none is dropped.
Heartbeats come from the consumer's own thread, so the membership in the group lives on for as long as it
takes. `consumer.pause_partitions`, the other way, would lose a batch that is fetched but not yet delivered.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, cast

import faust
from aiokafka.errors import ConsumerStoppedError, KafkaError
from faust.transport.drivers import aiokafka
from faust.types import TP, ConsumerMessage
from mode import Service
from mode.utils.futures import notify

from streams.consumer_thread import ConsumerThread
from streams.inflight import Batch, InFlight

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from faust.types import AppT, Message, TopicT
    from faust.types.transports import ConsumerCallback, SchedulingStrategyT, TPorTopicSet, TransportT


class BatchMessage(ConsumerMessage):
    """A batch as Faust sees it: `value` is the list of records, `offset` that of the last one."""

    batch: Batch

    def __init__(self, tp: TP, records: list[Any], generation: int) -> None:
        last = records[-1]
        super().__init__(
            tp.topic,
            tp.partition,
            last.offset,
            timestamp=(last.timestamp or 0) / 1000,
            timestamp_type=last.timestamp_type,
            headers=None,
            key=None,
            value=cast("bytes", records),
            checksum=None,
            tp=tp,
            # Without it the stream takes the batch for one from before the last rebalance and drops it.
            generation_id=generation,
        )
        # One reference more than there are streams: the consumer's own. So no stream gives back the last
        # one, which would acknowledge the message (and compiled streams do it past `Consumer.ack`).
        self.refcount = 1


class _ByPartition:
    """In place of Faust's scheduler, which deals out single records in turn."""

    @staticmethod
    def iterate(records: Mapping[TP, list[Any]]) -> Iterator[tuple[TP, list[Any]]]:
        return iter(records.items())


class _NoReadOffsets(MutableMapping[TP, "int | None"]):
    """In place of the offsets up to which Faust has read, behind which it drops what is fetched.

    It notes them also for what a rebalance has kept it from delivering, and that after the seek that fetches
    it again. Dropped, it would never be acknowledged, and be behind what is committed for the next batch.
    """

    def __getitem__(self, tp: TP) -> None:
        return None

    def __setitem__(self, tp: TP, offset: int | None) -> None:
        pass

    def __delitem__(self, tp: TP) -> None:
        pass

    def __iter__(self) -> Iterator[TP]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Consumer(aiokafka.Consumer):
    """Tracks batches instead of messages, and commits the finished head of each partition only."""

    _thread: ConsumerThread

    #: Seconds for the agents to finish what they hold when partitions are revoked or the worker stops.
    #: What is not acknowledged by then is delivered again, here or to another worker.
    drain_timeout: ClassVar[float] = 10.0

    def __init__(self, transport: TransportT, callback: ConsumerCallback, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Faust's own
        super().__init__(transport, self._deliver, *args, **kwargs)
        self.scheduler = cast("SchedulingStrategyT", _ByPartition())
        self._read_offset = _NoReadOffsets()
        self._conduct = callback
        self._in_flight: dict[TP, InFlight] = {}
        self._committed: dict[TP, int] = {}
        self._ends: dict[TP, int] = {}
        self._asking: asyncio.Future[None] | None = None
        self.drain: Callable[[], Awaitable[None]] = self._wait_for_agents
        """Has what was delivered stored, as far as that is possible soon; who gathers puts its own here."""

    async def _deliver(self, message: Message) -> None:
        # Here and not at the fetch: what the reader drops in between must not count as in flight.
        message = cast("BatchMessage", message)
        first = cast("list[Any]", message.value)[0].offset
        message.batch = self._in_flight.setdefault(message.tp, InFlight()).start(first, message.offset)
        await self._conduct(message)

    async def _wait_next_records(self, timeout: float) -> tuple[Any, set[TP] | None]:
        """Fetch; what comes while a rebalance holds the flow comes again after it.

        Faust asks Kafka then how far to go back, and goes on without an answer: with these records lost.
        """
        records, active = await super()._wait_next_records(timeout)
        if self.flow_active:
            return records, active
        if records:
            await self._thread.take_back(records)
        return None, None

    def _new_consumer_thread(self) -> aiokafka.AIOKafkaConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _to_message(self, tp: TP, record: Any) -> ConsumerMessage:  # noqa: ANN401 - Faust's own
        return BatchMessage(tp, record, self.app.consumer_generation_id)

    def ack(self, message: Message) -> bool:
        """Acknowledge a batch: everything in it is stored.

        Args:
            message: The batch's message, `event.message`.

        Returns:
            Whether it counted: False for a repeated call, and for a batch that was delivered again or
            whose partition was revoked since.
        """
        message.acked = True
        self._unacked_messages.discard(message)
        in_flight = self._in_flight.get(message.tp)
        counted = in_flight is not None and in_flight.finish(cast("BatchMessage", message).batch)
        self._n_acked += counted
        notify(self._waiting_for_ack)
        return counted

    def set_aside(self, message: Message) -> None:
        """Let a rebalance and a stop not wait for a batch that may take long: it is delivered again then."""
        self._unacked_messages.discard(message)
        notify(self._waiting_for_ack)

    def _filter_tps_with_pending_acks(self, topics: TPorTopicSet | None = None) -> Iterator[TP]:
        return (tp for tp in self._in_flight if topics is None or tp in topics or tp.topic in topics)

    def _new_offset(self, tp: TP) -> int | None:
        return self._in_flight[tp].committable

    def _should_commit(self, tp: TP, offset: int) -> bool:
        return offset > self._committed.get(tp, 0)

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        try:
            committed = await super()._commit(offsets)
        except ConsumerStoppedError:
            return False  # the reader has ended before us; what is not committed comes again
        # Faust notes an offset as committed also when that has failed, and would not try again.
        if committed:
            self._committed.update(offsets)
        return committed

    @Service.task
    async def _commit_handler(self) -> None:
        # In place of Faust's timer, which complains of every commit that takes longer than its interval.
        while not self.should_stop:
            await self.sleep(self.commit_interval)
            await self.commit()

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Do nothing: a stream that is held is no fault, and the thread tells when Kafka is away."""

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Keep no list of missing offsets; the end of the next batch covers them."""

    def on_buffer_full(self, tp: TP) -> None:
        """Do nothing: a full buffer makes the reader wait for room.

        Faust would take the partition out of the fetch, and sleep a second once all are.
        """

    async def wait_empty(self) -> None:
        """Drain, when partitions are revoked and when the worker stops; then commit what is acknowledged.

        Faust waits for ever, and swallows the cancellation that would end it.
        """
        await self.drain()
        if self._unacked_messages:
            self.log.warning("%s batches are not stored: they come again", len(self._unacked_messages))
        await self.commit_and_end_transactions()

    async def _wait_for_agents(self) -> None:
        """Wait until the agents have acknowledged what they hold, at most `drain_timeout`."""
        until = monotonic() + self.drain_timeout
        while self._unacked_messages and not self.should_stop and monotonic() < until:
            await self._wait_for_ack(timeout=1)

    @property
    def knows_coordinator(self) -> bool:
        """Whether the group's coordinator is known: not before the first contact, nor while it is away."""
        return self._thread.knows_coordinator

    async def behind(self, timeout: float) -> dict[TP, int]:
        """Messages of each assigned partition that are not acknowledged.

        Fetches tell where the partitions end, but there are none while the agents hold; so Kafka is asked.

        Args:
            timeout: Seconds to wait for its answer, which may stand in line behind a fetch. One that comes
                later counts the next time.
        """
        assigned = self.assignment()
        if not assigned:
            return {}  # perhaps the client is only just starting, and cannot be asked
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._ask_for_ends(assigned))
            self.add_future(self._asking)
        await asyncio.wait([self._asking], timeout=timeout)
        still = assigned & self.assignment()  # a rebalance may have come in between
        ends = {tp: max(self.highwater(tp) or 0, self._ends.get(tp, 0)) for tp in still}
        return {tp: max(0, end - self._stored_up_to(tp)) for tp, end in ends.items()}

    async def _ask_for_ends(self, assigned: Iterable[TP]) -> None:
        with suppress(KafkaError):
            self._ends = await self._thread.ends(assigned)

    def _stored_up_to(self, tp: TP) -> int:
        in_flight = self._in_flight.get(tp)
        stored = in_flight.committable if in_flight is not None else None
        return stored if stored is not None else self._committed_offset[tp] or 0

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Let the agents finish and commit, then forget what they did not: it comes again."""
        await super().on_partitions_revoked(revoked)
        for tp in revoked:
            self._in_flight.pop(tp, None)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Start with nothing in flight: a batch may be at an agent's door since before."""
        self._in_flight.clear()
        self._committed.clear()
        await super().on_partitions_assigned(assigned, generation_id)


class Transport(aiokafka.Transport):
    """The transport behind `batches://host:port`."""

    Consumer = Consumer


class _Untouched(faust.Schema):  # type: ignore[type-arg]
    """Decodes nothing: the agent gets the records as they came."""

    def loads_key(self, app: AppT, message: Message, **_: Any) -> None:  # noqa: ANN401 - Faust's own
        """Return no key: each record of the batch has its own."""

    def loads_value(self, app: AppT, message: Message, **_: Any) -> Any:  # noqa: ANN401, ARG002 - Faust's own
        """Return the list of records."""
        return message.value


def relax_garbage_collection() -> None:
    """Let the collector look less often, for the whole process. Called once, when a worker starts.

    Records come by the hundred thousand and die young without its help; by default it would look through
    all that lives each time that some hundreds have come, and take half of the reading's time. A flush makes
    some hundred thousand objects more than it drops, until it is stored; it is to go through without a look.
    """
    gc.set_threshold(500_000, 50, 100)


def raw_topic(app: AppT, name: str) -> TopicT:
    """Describe a topic whose events carry lists of undecoded records.

    Args:
        app: An app whose broker is `batches://...`.
        name: The topic, which must exist.
    """
    return app.topic(name, schema=_Untouched())


def faust_settings(session_timeout: float = 30.0) -> dict[str, Any]:
    """Give the `faust.App` settings that go with this transport; the caller may override each.

    Memory: at most `stream_buffer_maxsize` + 2 batches wait for an agent, and the client holds one more of
    each partition. A batch is what one fetch brings, `consumer_max_fetch_size` bytes as the producer
    compressed them; larger fetches read faster.

    Args:
        session_timeout: Seconds without a heartbeat after which a worker is taken for dead. Apache Kafka
            refuses less than 6 s; the embedded broker makes a joining member wait half of it.
    """
    return {
        "broker_session_timeout": session_timeout,  # seconds, like all of these
        "broker_heartbeat_interval": session_timeout / 6,
        # An agent may wait for the database as long as it takes: heartbeats say that the worker lives.
        "broker_max_poll_interval": 24 * 3600.0,
        "broker_commit_interval": 1.0,
        # A commit waits for what is being sent, and a stop waits for both; by default 20 minutes.
        "producer_request_timeout": 10.0,
        "consumer_max_fetch_size": 4 << 20,  # bytes
        "stream_buffer_maxsize": 4,  # batches
        # No tables: no standbys, no leader election, and only the topics that we make ourselves.
        "table_standby_replicas": 0,
        "topic_disable_leader": True,
        "topic_allow_declare": False,
    }
