"""The thread in which aiokafka reads: whatever Kafka does, it goes on.

Faust ends the worker when a commit fails, when a fetch fails and when a seek after a rebalance fails; and it
does not hear of what aiokafka cannot mend by itself, upon which aiokafka does nothing more, for ever. None of
them loses anything here: what is not committed is delivered again, and rows that have seen it take no notice.
So each of them is tried again, and `Presence` tells once that Kafka is away and once that it is back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from aiokafka.errors import (
    ConsumerStoppedError,
    InconsistentGroupProtocolError,
    InvalidGroupIdError,
    InvalidSessionTimeoutError,
    KafkaError,
)
from aiokafka.structs import OffsetAndMetadata
from faust.tables.recovery import RebalanceAgain
from faust.transport.drivers import aiokafka
from mode import Service

from schemas.errors import Stop
from streams.presence import Presence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from faust.types import TP

log = logging.getLogger(__name__)


class _Unwrapped(OrderedDict[Any, Any]):
    """What aiokafka has fetched, by partition, in the place where it keeps it.

    aiokafka copies every record into an object of its own, which costs as much as reading it. Here records
    stay what the parser made of them; they lack only topic and partition, which a batch has once. Should
    aiokafka change inside, its own objects come through, and all is well but slower.
    """

    def __setitem__(self, tp: object, fetched: object) -> None:
        records = getattr(fetched, "_partition_records", None)
        if records is not None:
            records._consumer_record = lambda _, record: record  # noqa: SLF001
        super().__setitem__(tp, fetched)


class ConsumerThread(aiokafka.AIOKafkaConsumerThread):
    """Reads, commits and seeks, and holds out."""

    #: Seconds that Kafka has to answer a commit or a seek. Less than Faust's own patience with a seek,
    #: after which it would stop reading for good.
    patience: ClassVar[float] = 10.0
    #: Seconds between two tries, and between two looks at whether Kafka is there.
    pause: ClassVar[float] = 0.5
    #: Seconds that Kafka may be away without a word: a leader or a coordinator moves in that time.
    grace: ClassVar[float] = 2.0

    _unreadable: str | None = None
    """Why the last fetch has failed."""

    async def on_start(self) -> None:
        """Start, and keep fetched records as they are."""
        await super().on_start()
        self._ensure_consumer()._fetcher._records = _Unwrapped()  # noqa: SLF001

    async def call_thread(self, fun: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - mode's own
        """Have something done in the thread, and wait for it.

        Raises:
            ConsumerStoppedError: The thread has ended, or it ends before that is done: after a crash it does
                so by itself, while its callers are still about to commit. They would wait for ever, or take
                the thread's end for their own.
        """
        call = asyncio.ensure_future(super().call_thread(fun, *args, **kwargs))
        ended = asyncio.ensure_future(self._shutdown.wait())
        try:
            await asyncio.wait([call, ended], return_when=asyncio.FIRST_COMPLETED)
            if not call.done() or call.cancelled():
                raise ConsumerStoppedError
            return call.result()
        except RuntimeError as error:
            if self.thread_loop.is_closed():
                raise ConsumerStoppedError from error
            raise
        finally:
            call.cancel()
            ended.cancel()

    async def ends(self, tps: Iterable[TP]) -> dict[TP, int]:
        """Where partitions end, from Kafka itself; may be cancelled.

        Not by Faust's queue of calls: two that hang there would hold up the fetches and the commits.
        """
        asking = self._ensure_consumer().end_offsets(list(tps))
        ends: dict[TP, int] = await asyncio.wrap_future(
            asyncio.run_coroutine_threadsafe(asking, self.thread_loop)
        )
        return ends

    def highwater(self, tp: TP) -> int | None:  # type: ignore[override]
        """Where a partition ended at the last fetch; None before the first, and once it is somebody else's.

        aiokafka fails of the latter, which may happen at any time: it reads in another thread than who asks.
        """
        subscription = self._ensure_consumer()._subscription.subscription  # noqa: SLF001
        assignment = None if subscription is None else subscription.assignment
        state = None if assignment is None else assignment.state_value(tp)
        return None if state is None else state.highwater

    @property
    def knows_coordinator(self) -> bool:
        """Whether the group's coordinator is known."""
        coordinator = getattr(self._consumer, "_coordinator", None)
        return getattr(coordinator, "coordinator_id", None) is not None

    async def on_thread_stop(self) -> None:
        """Stop, also while Kafka is away.

        aiokafka cancels its fetches then, and takes the end of one that waits for Kafka for its own. The
        thread would end without a word to who waits for it.
        """
        try:
            await super().on_thread_stop()
        except asyncio.CancelledError:
            await self._ensure_consumer()._client.close()  # noqa: SLF001 - what it did not come to

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        """Commit; gives whether that was achieved, or else it is tried again with the next commit."""
        now = monotonic()
        mine = {tp: offset for tp, offset in offsets.items() if tp in self.assignment()}
        self.tp_last_committed_at.update(dict.fromkeys(mine, now))
        structured = {aiokafka.ensure_aiokafka_TP(tp): OffsetAndMetadata(mine[tp], "") for tp in mine}
        try:
            await asyncio.wait_for(self._ensure_consumer().commit(structured), self.patience)
        except (KafkaError, TimeoutError):
            return False
        return True

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek to what is committed, and to the start where nothing is.

        Raises:
            RebalanceAgain: Kafka does not tell what is. The partitions are dealt out anew; to read on from
                where the client is would leave out what was fetched while the flow stood still.
        """
        return await self.call_thread(self._seek_to_committed)  # type: ignore[no-any-return]

    async def _seek_to_committed(self) -> Mapping[TP, int]:
        consumer = self._ensure_consumer()
        if not consumer.assignment():
            return {}
        try:
            committed: dict[TP, int] = await asyncio.wait_for(consumer.seek_to_committed(), self.patience)
            for tp, offset in committed.items():
                # aiokafka stays where it is there, and that is behind what was fetched while the flow stood
                # still: a partition that is lost before its first commit would go on in its middle.
                if not offset:
                    consumer.seek(tp, 0)  # where the log begins later, aiokafka goes there
        except (KafkaError, TimeoutError) as error:
            consumer._coordinator.request_rejoin()  # noqa: SLF001
            raise RebalanceAgain from error
        return committed

    async def take_back(self, records: Mapping[TP, Sequence[Any]]) -> None:
        """Go back to before some records that were fetched last, unless somebody has gone elsewhere since.

        Args:
            records: By partition, in the order of their offsets; none is empty.
        """
        await self.call_thread(self._take_back, records)

    async def _take_back(self, records: Mapping[TP, Sequence[Any]]) -> None:
        consumer = self._ensure_consumer()
        subscription = consumer._subscription.subscription  # noqa: SLF001
        if subscription is None or subscription.assignment is None:
            return
        for tp, fetched in records.items():
            with contextlib.suppress(KafkaError):  # it is somebody else's now
                state = subscription.assignment.state_value(tp)
                if state is not None and state.has_valid_position and state.position > fetched[-1].offset:
                    consumer.seek(aiokafka.ensure_aiokafka_TP(tp), fetched[0].offset)

    async def _fetch_records(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Faust's own
        try:
            records = await super()._fetch_records(*args, **kwargs)
        except KafkaError as error:
            self._unreadable = f"{type(error).__name__} when reading"
            await asyncio.sleep(self.pause)
            return {}
        self._unreadable = None
        return records

    @Service.task
    async def _watch(self) -> None:
        """Hear what aiokafka has to say, and tell it in few lines."""
        presence = Presence("Kafka", self.grace)
        while not self.should_stop:
            await asyncio.sleep(self.pause)
            if self._consumer is None:
                continue
            coordinator = self._consumer._coordinator  # noqa: SLF001
            fault = self._fault()
            try:
                coordinator.check_errors()
            except KafkaError as error:
                if (reason := _hopeless(error)) or coordinator._coordination_task.done():  # noqa: SLF001
                    await self._give_up(
                        reason or f"Kafka's client has failed: {error}; start the worker again"
                    )
                    return
                fault = type(error).__name__
            if line := presence.look(fault, monotonic()):
                log.warning(line)

    def _fault(self) -> str | None:
        """What keeps us from Kafka now; None when nothing does."""
        consumer = self._ensure_consumer()
        if consumer._coordinator.coordinator_id is None:  # noqa: SLF001
            return "no coordinator of the group answers"
        for tp in consumer.assignment():
            if consumer._client.cluster.leader_for_partition(tp) in {None, -1}:  # noqa: SLF001
                return f"partition {tp.partition} of {tp.topic} has no leader"
        return self._unreadable

    async def _give_up(self, reason: str) -> None:
        try:
            raise Stop(reason)  # noqa: TRY301 - raised, so that the log knows it for what it is
        except Stop as error:
            await self.app.crash(error)

    def _stopped_set(self) -> None:
        # After a crash the thread has ended by itself, and its loop takes no more calls.
        with contextlib.suppress(RuntimeError):
            super()._stopped_set()


def _hopeless(error: KafkaError) -> str | None:
    """What has to be changed before the worker can join its group; None when waiting may help."""
    match error:
        case InvalidSessionTimeoutError():
            return (
                "Kafka refuses the session timeout: set HUBBUB_SESSION_TIMEOUT to what its "
                "group.min.session.timeout.ms and group.max.session.timeout.ms allow, or change those"
            )
        case InconsistentGroupProtocolError():
            return "another kind of consumer is in the group: set HUBBUB_GROUP to a group of its own"
        case InvalidGroupIdError():
            return "Kafka does not take the name of the group: set HUBBUB_GROUP to another"
        case _:
            return None
