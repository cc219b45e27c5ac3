"""Kafka goes away and comes back, while workers are at it: they live on, and lose and double nothing."""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

import pytest
from support.apache_kafka import CHOSEN, ApacheKafka
from support.sending import Sending
from support.workers import Workers

from schemas.settings import Settings
from streams.broker import create_topics
from streams.ingest import message
from streams.kafka import open_producer
from streams.lag import lag
from streams.registries import announce_registry, keep_registry
from streams.simulator import simulate
from streams.sources.keys import Keys

pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")
pytestmark = [
    pytest.mark.kafka,
    pytest.mark.skipif(not CHOSEN, reason="needs Apache Kafka: make test-kafka"),
    # kafka-python leaves the sockets of a node that is gone to the collector: see `collected`
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

MEMORY = 400 << 20
"""Bytes that a worker may take, whatever Kafka does. It takes some 250 MB, also when all is well."""
AWAY = 5.0
"""Seconds that the only node is away: longer than heartbeats are apart, and than a worker keeps silent."""
DEADLINE = 90.0
PARTITIONS = 4
BROKEN = b"no json"


@pytest.fixture(autouse=True)
def collected():
    """Collect within the test what it leaves, where its warnings are expected."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def world():
    return simulate(days=28, seed=11)


@pytest.fixture(scope="module")
def one_node(tmp_path_factory):
    with ApacheKafka(tmp_path_factory.mktemp("one") / "kafka") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def three_nodes(tmp_path_factory):
    with ApacheKafka(tmp_path_factory.mktemp("three") / "kafka", 3) as cluster:
        yield cluster


@pytest.fixture
def crew(tmp_path, engine, front):
    """Workers by their settings, on a database of their own."""
    return partial(Workers, tmp_path, engine, front)


@pytest.fixture
def settings(request):
    name = request.node.name
    return Settings(
        topic=name,
        dead_letter_topic=f"{name}.dead-letters",
        group=name,
        partitions=PARTITIONS,
        flush_events=500,
        flush_seconds=0.3,
        session_timeout=6.0,
    )


def load(world):
    """Keyed messages; one of fifty cannot be read, so that dead letters are on their way at every moment."""
    keys = Keys()
    for event in world.events:
        keys.note(event)
    for number, event in enumerate(world.events):
        if number % 50 == 0:
            yield str(number).encode(), BROKEN
        yield keys.keyed(event, number).key.encode(), message(event)


@contextmanager
def at_work(cluster, settings, crew, world):
    """Two workers that have joined, on a Kafka with a topic that has the registry and nothing else."""
    settings = settings.model_copy(update={"kafka": cluster.bootstrap})
    create_topics(cluster.up, {settings.topic: PARTITIONS, settings.dead_letter_topic: 1})
    with crew(settings) as workers:
        version = keep_registry(workers.sink(), world.registry, datetime.now(UTC))
        with open_producer(settings) as producer:
            announce_registry(producer, settings.topic, version)
        workers.start(2)
        workers.wait(lambda: behind(cluster, settings) == 0, DEADLINE)
        yield workers


def behind(cluster, settings):
    return lag(settings.model_copy(update={"kafka": cluster.up}))


def hold(cluster, settings, crew, world, fault):
    """Put a fault into the middle of the load, and hold what comes of it to a clean pass."""
    with at_work(cluster, settings, crew, world) as workers:
        with Sending(cluster.bootstrap, settings.topic, load(world), seconds=8.0):
            workers.wait(lambda: workers.count("interactions") > 1000, DEADLINE)
            fault()
        workers.wait(lambda: behind(cluster, settings) == 0, DEADLINE)
        found = workers.tables()
        expected = workers.clean_pass(world.registry, [body for _, body in load(world)])
        for name, rows in expected.items():
            assert rows, name
            assert found[name] == rows, name
        for worker in workers.running:
            assert worker.peak < MEMORY
        assert workers.stop() == [0, 0]
        return [worker.lines for worker in workers.running]


def test_one_node_is_killed_and_comes_back(one_node, settings, crew, world):
    def fault():
        one_node.kill(1)
        time.sleep(AWAY)
        one_node.start(1)

    for away, back in hold(one_node, settings, crew, world, fault):
        assert "Kafka is away: no coordinator of the group answers; waiting for it" in away
        assert "Kafka is back after " in back


@pytest.mark.parametrize("what", ["leader", "coordinator"])
def test_three_nodes_lose(what, three_nodes, settings, crew, world):
    settings = settings.model_copy(update={"topic": what, "dead_letter_topic": f"{what}.dead", "group": what})
    killed = []

    def fault():
        node = three_nodes.leader(what, 0) if what == "leader" else three_nodes.coordinator()
        three_nodes.kill(node)
        killed.append(node)

    try:
        said = hold(three_nodes, settings, crew, world, fault)
    finally:
        three_nodes.start(*killed)
    for lines in said:  # nothing, or that Kafka was away and is back
        assert len(lines) in {0, 2}, lines


def test_a_worker_that_is_told_to_stop_while_kafka_is_away_stops(one_node, settings, crew, world):
    with (
        at_work(one_node, settings, crew, world) as workers,
        Sending(one_node.bootstrap, settings.topic, load(world), seconds=2.0),
    ):
        workers.wait(lambda: workers.count("interactions") > 1000, DEADLINE)
        one_node.kill(1)
        try:
            codes = workers.stop()
        finally:
            one_node.start(1)
    assert codes == [0, 0]
    for worker in workers.running:
        assert "Traceback" not in "".join(worker.lines)


def test_a_session_timeout_that_kafka_refuses_is_one_clear_line(one_node, settings, crew, world):
    short = settings.model_copy(update={"kafka": one_node.bootstrap, "session_timeout": 1.0})
    with crew(short) as workers:
        keep_registry(workers.sink(), world.registry, datetime.now(UTC))
        workers.start(1)
        (worker,) = workers.running
        assert worker.wait(DEADLINE) == 2
    assert len(worker.lines) == 1
    assert worker.lines[0].startswith("hubbub: Kafka refuses the session timeout: set HUBBUB_SESSION_TIMEOUT")
