"""A data set in a topic of the embedded broker."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.contender import memory
from bench.load import load
from streams.broker import Broker, create_topics

if TYPE_CHECKING:
    from bench.data import Data

PARTITIONS = 8


@dataclass(frozen=True, slots=True)
class Loaded:
    """Where the events are."""

    bootstrap: str
    topic: str
    partitions: int
    data: Data
    events: int


def load_topic(broker: Broker, data: Data, topic: str, partitions: int = PARTITIONS) -> Loaded:
    """Make a topic and send a data set to it.

    Args:
        broker: A broker that runs.
        data: The data set.
        topic: Its name.
        partitions: How many it gets.
    """
    create_topics(broker.bootstrap, {topic: partitions})
    started = time.perf_counter()
    events = load(broker.bootstrap, topic, partitions, [data.lines()])
    seconds = time.perf_counter() - started
    held = f"; the broker holds {memory(broker.pid):,.0f} MiB" if broker.pid else ""
    sys.stderr.write(f"{events:,} events sent in {seconds:.0f} s{held}\n")
    return Loaded(broker.bootstrap, topic, partitions, data, events)
