"""Applications on the transport, and what they commit."""

from __future__ import annotations

import faust
import pytest
from kafka import KafkaProducer, TopicPartition

from streams.transport import Consumer, faust_settings


@pytest.fixture(autouse=True)
def drain_timeout(monkeypatch):
    """What a test leaves unacknowledged shall not hold up its end."""
    monkeypatch.setattr(Consumer, "drain_timeout", 0.1)


@pytest.fixture
def make_app(broker, tmp_path):
    def make(group, **settings):
        settings = (
            faust_settings(session_timeout=3.0) | {"web_enabled": False, "datadir": tmp_path} | settings
        )
        return faust.App(group, broker=f"batches://{broker.bootstrap}", **settings)

    return make


@pytest.fixture
def produce(broker):
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap)

    def send(topic, numbers, partition=None):
        for number in numbers:
            record = {"key": f"key {number}".encode(), "value": str(number).encode()}
            producer.send(topic, **record, headers=[("n", str(number).encode())], partition=partition)
        producer.flush()

    yield send
    producer.close()


@pytest.fixture
def committed(kafka_admin):
    def read(group, topic, partition=0):
        offsets = kafka_admin.list_group_offsets({group: [TopicPartition(topic, partition)]})
        offset = next(iter(offsets[group].values())).offset
        return None if offset < 0 else offset

    return read
