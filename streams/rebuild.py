"""Everything counted anew: from the start of the topic, and from what is stored and the topic lacks.

    served    ──────────────── workers write ──────────────┤ closed ├──────── workers write ─────▶
    rebuilt      ├─ topic from its start ─┼─ what it lacks ─┼─ end ─┤
                                                                    ▲ change-over, a new epoch

Needed when partitions were added to a topic, and useful whenever the numbers are in doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from schemas.errors import Stop
from schemas.event import SocialEvent
from schemas.rows import SETTLE_MARK, EpochRow
from sinks.clickhouse import ClickHouseSink
from sinks.rebuild import RebuiltTables
from streams.control import Settle
from streams.decode import Arrival, decode
from streams.epochs import Topic, begin_epoch
from streams.pipeline import Batch, Pipeline, Source
from streams.store import Store
from streams.topic_reader import ends_of, open_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clickhouse_connect.driver.client import Client

    from schemas.rows import ActivityRow
    from schemas.settings import Settings
    from sinks.sink import Flush, Sink

CLOSE_ENOUGH = 1000
"""Events at most that came during the last reading before the served tables are closed."""
_STORED = Source("", 0)
"""What is carried over has the epoch of files: no offset of the topic stands behind it."""


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild has done."""

    epoch: int
    events: int = 0
    """Records of the topic that were read."""
    carried: int = 0
    """Activities that came from the tables, because the topic does not hold them (any more)."""
    refused: int = 0
    """Records that went to the table `dead_letters`."""


def rebuild(
    settings: Settings,
    client: Client,
    topic: Topic | None,
    *,
    restart: bool = False,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Rebuilt:
    """Count everything anew, and serve that.

    What is carried over from the tables is seen with the newest registry; the topic says itself which holds
    where.

    Args:
        settings: Name Kafka, and say how much is written at once.
        client: A client of the database. Workers may go on writing to it.
        topic: The topic; None when there is none, and all comes from the tables.
        restart: Whether to drop what an earlier rebuild has left.
        on_progress: Told how many events are done, and how many there are.

    Raises:
        Stop: Kafka or the database is away for long; what was served is served still.
    """
    tables = RebuiltTables(client)
    if restart:
        tables.drop()
    tables.prepare()
    changing_over = False
    try:
        work = _Rebuild(settings, ClickHouseSink(client), tables, topic or Topic("", "", 0), on_progress)
        work.follow()
        work.carry_over()
        work.follow()
        tables.close_served()
        # Whatever a worker has stored was in the topic, or in the tables, before this moment.
        work.catch_up()
        work.carry_over()
        work.keep_dead_letters()
        changing_over = True
        tables.change_over(work.rebuilt.epoch)
        work.begin()
    except BaseException as error:
        if changing_over:
            raise Stop(f"the change-over was cut off ({error}): run hubbub rebuild --restart") from error
        tables.drop()
        raise
    tables.drop()
    return work.rebuilt


class _Rebuild:
    """One rebuild, into the tables beside those that are served."""

    def __init__(
        self,
        settings: Settings,
        served: Sink,
        tables: RebuiltTables,
        topic: Topic,
        on_progress: Callable[[int, int], None],
    ) -> None:
        self._settings = settings
        self._served = served
        self._tables = tables
        self._topic = topic
        self._on_progress = on_progress
        # The topic is not in this epoch before the change-over; until then the number is only taken.
        taken = Topic(topic.name, f"rebuild of {topic.id}", topic.partitions)
        self.rebuilt = Rebuilt(begin_epoch(taken, served, datetime.now(UTC)))
        known = [row.epoch for row in served.epochs() if topic.id and row.topic_id == topic.id]
        self._before = max(known, default=None)
        if self._before is not None:
            tables.begin_as(self._before, self.rebuilt.epoch)
        self._positions = dict.fromkeys(range(topic.partitions), 0)
        self._first: dict[int, int] = {}
        """The first offset that the topic still holds, by partition."""
        self._log = self._store(Source(topic.name, self.rebuilt.epoch))
        self._stored = self._store(_STORED)

    def follow(self) -> None:
        """Read the topic until not much comes while it is read."""
        while self.catch_up() > CLOSE_ENOUGH:
            pass

    def catch_up(self) -> int:
        """Read the topic up to where it ends now; gives how many records that were."""
        if not self._positions:
            return 0
        before = self.rebuilt.events
        place = (self._settings.kafka, self._topic.name)
        ends = ends_of(*place, self._positions)
        with open_reader(*place, self._positions) as reader:
            while behind := reader.behind(ends):
                self._on_progress(self.rebuilt.events, self.rebuilt.events + behind)
                self._fold(reader.poll())
            self._positions = reader.positions
        self._log.forget()
        return self.rebuilt.events - before

    def carry_over(self) -> None:
        """Take over what is stored, and what the topic did not bring."""
        for rows in self._tables.lacking(self._settings.flush_events):
            start = self.rebuilt.carried
            arrivals = [Arrival(start + number, _item(row)) for number, row in enumerate(rows)]
            end = start + len(arrivals)
            self._write(self._stored, {0: Batch(arrivals, [], start, end)})
            self.rebuilt.carried = end
            self._on_progress(self.rebuilt.events + end, self.rebuilt.events + end)
        self._stored.forget()

    def keep_dead_letters(self) -> None:
        """Take over what was refused, and is not in the topic any more."""
        self._tables.keep_dead_letters(self._before, self._first)

    def begin(self) -> None:
        """Let the topic be in the new epoch: workers go on with it."""
        row = EpochRow(
            epoch=self.rebuilt.epoch,
            topic=self._topic.name,
            topic_id=self._topic.id,
            partitions=self._topic.partitions,
            rebuilt=True,
            began_at=datetime.now(UTC),
        )
        self._served.store_epoch(row)

    def _fold(self, polled: Mapping[int, list[Any]]) -> None:
        batches = {}
        for partition, records in polled.items():
            self._first.setdefault(partition, records[0].offset)
            decoded = decode(records, keep_direct=self._settings.keep_direct)
            end = records[-1].offset + 1
            batches[partition] = Batch(
                decoded.arrivals, decoded.refusals, records[0].offset, end, decoded.dropped
            )
            self.rebuilt.events += len(records)
        if batches:
            self.rebuilt.refused += len(self._write(self._log, batches).dead_letters)

    def _store(self, source: Source) -> Store:
        sink, settings = self._tables.sink, self._settings
        pipeline = Pipeline.of(sink, settings)
        return Store(sink, pipeline, lambda: source)

    @staticmethod
    def _write(store: Store, batches: Mapping[int, Batch]) -> Flush:
        return store.store_patiently(batches, datetime.now(UTC))


def _item(row: ActivityRow) -> SocialEvent | Settle:
    if row.activity == SETTLE_MARK:
        return Settle(platform=row.platform, thread=row.thread, until=row.published)
    return SocialEvent.model_validate_json(row.body)
