"""Bringing a brand registry into force: kept in the database, announced in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.registry import Registry
from schemas.rows import RegistryRow
from streams.control import RegistryChange, encode

if TYPE_CHECKING:
    from datetime import datetime

    from sinks.sink import Sink
    from streams.kafka import Producer


def newest_registry(sink: Sink) -> Registry:
    """The registry with the highest version, or one without brands."""
    row = sink.newest_registry()
    return Registry.model_validate_json(row.body) if row else Registry()


def keep_registry(sink: Sink, registry: Registry, now: datetime) -> int:
    """Keep a registry, unless it is the newest already; gives its version."""
    newest = sink.newest_registry()
    if newest is not None and newest.digest == registry.digest:
        return newest.version
    version = newest.version + 1 if newest else 1
    sink.store_registry(
        RegistryRow(version=version, digest=registry.digest, body=registry.to_json(), stored_at=now)
    )
    return version


def announce_registry(producer: Producer, topic: str, version: int) -> None:
    """Bring a kept registry into force for everything that is sent to a topic from now on."""
    value, headers = encode(RegistryChange(version=version))
    for partition in producer.partitions(topic):
        producer.send(topic, None, value, headers=headers, partition=partition)
    producer.flush(topic)
