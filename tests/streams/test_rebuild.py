"""Everything counted anew beside what is served, and put in its place without losing or doubling anything."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime

import pytest
from kafka.admin import NewPartitions
from kafka.errors import IncompatibleBrokerVersion
from support.tables import said

from schemas.errors import BadInput, Stop, Superseded
from schemas.rows import RegistryRow
from schemas.settings import Settings
from sinks.clickhouse import ClickHouseSink
from sinks.memory import MemorySink
from sinks.migrate import migrate
from sinks.rebuild import RebuiltTables
from sinks.sink import Flush
from sinks.tables import CONVERSATIONS, DEAD_LETTERS, INTERACTIONS, MINUTES
from streams.decode import decode
from streams.epochs import describe_topic, epoch_of
from streams.ingest import message
from streams.kafka import Producer
from streams.pipeline import Batch, Pipeline, Source
from streams.rebuild import rebuild
from streams.replay import Line
from streams.simulator import simulate
from streams.store import Store
from streams.topic_reader import ends_of, open_reader

NOW = datetime.now(UTC)  # dead letters of long ago would be gone at once


class Scene:
    """A topic, a database, and a worker that stores when it is told to."""

    def __init__(self, broker, topic, client, registry):
        self.settings = Settings(kafka=broker.bootstrap, topic=topic, flush_events=500)
        self.client = client
        self.sink = ClickHouseSink(client)
        self.keep(self.sink, registry)
        self.registry = registry
        self.messages: list[bytes] = []
        self.producer = Producer(broker.bootstrap)
        self.positions: dict[int, int] = {}
        self.worker = self.new_worker()

    @staticmethod
    def keep(sink, registry):
        row = RegistryRow(version=1, digest=registry.digest, body=registry.to_json(), stored_at=NOW)
        sink.store_registry(row)

    def new_worker(self):
        return Store(self.sink, Pipeline(self.sink), self.source)

    def source(self):
        topic = describe_topic(self.settings.kafka, self.settings.topic)
        return Source(topic.name, epoch_of(topic, self.sink, NOW))

    def send(self, events):
        for event in events:
            self.send_bytes(event.conversation or event.id, message(event))
        self.producer.flush(self.settings.topic)

    def send_bytes(self, key, value):
        self.messages.append(value)
        self.producer.send(self.settings.topic, key.encode(), value)

    def fetch(self):
        """What the worker has not stored yet."""
        place = (self.settings.kafka, self.settings.topic)
        partitions = describe_topic(*place).partitions
        positions = dict.fromkeys(range(partitions), 0) | self.positions
        batches = {}
        ends = ends_of(*place, positions)
        with open_reader(*place, positions) as reader:
            while reader.behind(ends):
                for partition, records in reader.poll().items():
                    decoded = decode(records)
                    batch = Batch(
                        decoded.arrivals, decoded.refusals, records[0].offset, records[-1].offset + 1
                    )
                    before = batches.get(partition)
                    if before is not None:
                        batch = Batch(
                            before.arrivals + batch.arrivals,
                            before.refusals + batch.refusals,
                            before.start,
                            batch.end,
                        )
                    batches[partition] = batch
        return batches

    def work(self, batches=None):
        """Store what is there; another worker may have to wait for the change-over."""
        batches = self.fetch() if batches is None else batches
        flush = self.worker.store(batches, NOW, lambda seconds: time.sleep(min(seconds, 0.05)))
        self.positions |= {partition: batch.end for partition, batch in batches.items()}
        return flush

    def rebuild(self, **options):
        topic = describe_topic(self.settings.kafka, self.settings.topic)
        return rebuild(self.settings, self.client, topic, **options)

    def stored(self):
        """What the tables say, in a sink that can be compared."""
        copy = MemorySink()
        rows = {
            table: self.sink.read_rows(table, f"SELECT * FROM {table.name} FINAL")
            for table in (MINUTES, CONVERSATIONS, INTERACTIONS, DEAD_LETTERS)
        }
        copy.write(
            Flush(
                minutes=tuple(rows[MINUTES]),
                conversations=tuple(rows[CONVERSATIONS]),
                interactions=tuple(rows[INTERACTIONS]),
            )
        )
        return said(copy) | {"refused": sorted(row.body for row in rows[DEAD_LETTERS])}

    def clean(self):
        """What one pass over all that was sent makes."""
        sink = MemorySink()
        self.keep(sink, self.registry)
        pipeline = Pipeline(sink)
        pipeline.assign(Source("clean", 1), 0, 0)
        lines = [
            Line(offset, value, int(NOW.timestamp() * 1000)) for offset, value in enumerate(self.messages)
        ]
        decoded = decode(lines)
        sink.write(pipeline.fold({0: Batch(decoded.arrivals, decoded.refusals, 0, len(lines))}, NOW))
        return said(sink) | {"refused": sorted(row.body for row in sink.rows(DEAD_LETTERS))}


@pytest.fixture
def world():
    return simulate(days=1)


@pytest.fixture
def scene(broker, new_topic, engine, database, world):
    migrate(engine.client(), database)
    client = engine.client(database=database)
    scene = Scene(broker, new_topic(2), client, world.registry)
    yield scene
    scene.producer.close()
    client.close()


def test_a_rebuild_of_what_is_right_changes_nothing(scene, world):
    scene.send(world.events)
    scene.send_bytes("x", b"no json")
    scene.send([])
    scene.work()
    before = scene.stored()
    assert before == scene.clean()
    done = scene.rebuild()
    assert (done.epoch, done.events, done.carried, done.refused) == (2, len(scene.messages), 0, 1)
    assert scene.stored() == before
    scene.work()
    assert scene.stored() == before


def test_numbers_that_are_wrong_are_right_after_it(scene, world):
    scene.send(world.events)
    scene.work()
    scene.client.command(
        "INSERT INTO dialogue_minutes SELECT * REPLACE (bo + 5 AS bo, applied + 1000000 AS applied) "
        "FROM dialogue_minutes FINAL"
    )
    scene.client.command(
        "INSERT INTO interactions SELECT * REPLACE (true AS removed, 9999 AS seen) FROM interactions"
    )
    assert scene.stored() != scene.clean()
    scene.rebuild()
    assert scene.stored() == scene.clean()


def test_what_the_topic_lacks_is_taken_over(scene, world):
    half = len(world.events) // 2
    lines = [
        Line(number, message(event), int(NOW.timestamp() * 1000)) for number, event in enumerate(world.events)
    ]
    file = Store(scene.sink, Pipeline(scene.sink), lambda: Source("file", 0))
    decoded = decode([*lines[:half], Line(half, b"no json", 0)])
    file.store({7: Batch(decoded.arrivals, decoded.refusals, 0, half + 1)}, NOW, lambda _: True)
    scene.send(world.events[half:])
    scene.work()
    before = scene.stored()
    done = scene.rebuild()
    assert done.carried > 0
    assert scene.stored() == before
    assert before["refused"] == [b"no json"]


def test_partitions_that_were_added_stop_the_worker_until_it_is_rebuilt(scene, world, kafka_admin):
    half = len(world.events) // 2
    scene.send(world.events[:half])
    scene.work()
    try:
        kafka_admin.create_partitions({scene.settings.topic: NewPartitions(3)})
    except IncompatibleBrokerVersion:
        pytest.skip("the embedded broker cannot add partitions: make test-kafka shows it")
    scene.producer.close()
    scene.producer = Producer(scene.settings.kafka)
    scene.send(world.events[half:])
    scene.worker = scene.new_worker()
    with pytest.raises(Stop, match=r"has 3 partitions.* spread over 2: run hubbub rebuild"):
        scene.work()
    scene.rebuild()
    scene.work()
    assert scene.stored() == scene.clean()


def test_a_worker_that_goes_on_meanwhile_loses_nothing_and_doubles_nothing(scene, world, monkeypatch):
    """It stores during the rebuild, is shut out for the change-over, and folds again afterwards."""
    third = len(world.events) // 3
    scene.send(world.events[:third])
    scene.work()
    held, waiting = [], []
    carry_over, close = RebuiltTables.lacking, RebuiltTables.close_served

    def lacking(tables, size):
        if not held:
            scene.send(world.events[third : 2 * third])
            scene.work()
            # This is fetched and folded before the change-over, and written after it.
            scene.send(world.events[2 * third :])
            held.append(scene.fetch())
        return carry_over(tables, size)

    def close_served(tables):
        close(tables)
        waiting.append(threading.Thread(target=scene.work, args=held))
        waiting[0].start()

    monkeypatch.setattr(RebuiltTables, "lacking", lacking)
    monkeypatch.setattr(RebuiltTables, "close_served", close_served)
    scene.rebuild()
    waiting[0].join(timeout=30)
    assert not waiting[0].is_alive()
    assert scene.stored() == scene.clean()


def test_a_worker_that_was_stalled_since_cannot_write_what_it_once_saw(scene, world):
    scene.send(world.events)
    batches = scene.fetch()
    stalled = Pipeline(scene.sink)
    for partition in batches:
        stalled.assign(scene.source(), partition, 0)
    late = stalled.fold(batches, NOW)
    scene.rebuild()
    with pytest.raises(Superseded):
        scene.sink.write(late)
    assert scene.stored() == scene.clean()


def test_only_one_runs_at_a_time_and_one_that_was_cut_off_can_be_begun_again(scene, world, monkeypatch):
    scene.send(world.events)
    scene.work()
    exchange = RebuiltTables.change_over

    def cut_off(*_):
        scene.client.command("EXCHANGE TABLES activities AND activities_rebuilt")
        raise KeyboardInterrupt

    monkeypatch.setattr(RebuiltTables, "change_over", cut_off)
    with pytest.raises(Stop, match="run hubbub rebuild --restart"):
        scene.rebuild()
    monkeypatch.setattr(RebuiltTables, "change_over", exchange)
    with pytest.raises(BadInput, match="another rebuild is under way"):
        scene.rebuild()
    scene.rebuild(restart=True)
    scene.work()
    assert scene.stored() == scene.clean()


def test_one_that_fails_leaves_what_is_served_as_it_was(scene, world, monkeypatch):
    scene.send(world.events)
    scene.work()
    before = scene.stored()

    def fails(*_):
        raise Stop("Kafka does not answer")

    monkeypatch.setattr(RebuiltTables, "keep_dead_letters", fails)
    with pytest.raises(Stop, match="Kafka does not answer"):
        scene.rebuild()
    assert scene.stored() == before
    scene.send_bytes(
        "new", json.dumps(json.loads(scene.messages[0]) | {"id": "new", "conversation": "new"}).encode()
    )
    scene.send([])
    scene.work()
    assert scene.stored() == scene.clean()
