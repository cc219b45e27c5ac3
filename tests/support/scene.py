"""One world on its way through one topic into one database, and the proof at its end."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from kafka import KafkaConsumer, TopicPartition
from support.members import Victim, Worker
from support.proof import assert_nothing_lost, assert_refused, assert_same, read_tables
from support.world import FOREVER, bad

from sinks.clickhouse import ClickHouseSink
from sinks.reconcile import reconcile
from streams.forgetting import announce
from streams.kafka import Producer
from streams.lag import LagGauge
from streams.registries import announce_registry, keep_registry
from streams.settlement import send_due

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from random import Random

    from clickhouse_connect.driver.client import Client
    from support.members import Doom, Member
    from support.proof import Tables
    from support.world import Message, World

    from schemas.settings import Settings

MEMORY = 400 << 20
"""Bytes that a worker may have in memory at the most, whatever happens."""


PART = 60
"""Messages of the load that are sent at a time."""

AHEAD = 1000
"""Messages that the load may be ahead of the workers."""


class Scene:
    """A context manager: whatever was started is gone at its end.

    Args:
        world: What is sent.
        clean: What the tables must say in the end.
        settings: Of the workers; the topics are there.
        client: Of their database, which is migrated.
        folder: For the workers' logs.
    """

    def __init__(self, world: World, clean: Tables, settings: Settings, client: Client, folder: Path) -> None:
        self.world = world
        self.settings = settings
        self.client = client
        self.sink = ClickHouseSink(client)
        self.sent: Counter[Message] = Counter()
        self.members: list[Member] = []
        self._clean = clean
        self._folder = folder
        self._producer = Producer(settings.kafka)
        self._gauge = LagGauge(settings, timeout=30.0)

    def __enter__(self) -> Self:
        self.announce(0)
        self._gauge.__enter__()
        return self

    def regroup(self, group: str) -> None:
        """Let the workers that start from now on be another group, which begins at the start of the topic."""
        self._gauge.__exit__(None, None, None)
        self.settings = self.settings.model_copy(update={"group": group})
        self._gauge = LagGauge(self.settings, timeout=30.0).__enter__()

    @property
    def lag(self) -> int:
        """Messages that the workers have not committed."""
        return self._gauge.read()

    def __exit__(self, *_: object) -> None:
        for member in self.members:
            if member.exit_code is None:
                member.end()
        self._gauge.__exit__(None, None, None)
        self._producer.close()

    def announce(self, number: int) -> None:
        """Bring one of the world's registries into force; with the second, an account is to be forgotten."""
        version = keep_registry(self.sink, self.world.registries[number], datetime.now(UTC))
        announce_registry(self._producer, self.settings.topic, version)
        if number:
            announce(self._producer, self.settings.topic, [self.world.forgotten], FOREVER)

    def send(self, messages: Iterable[Message]) -> None:
        """Send messages; gives back control when Kafka has them."""
        for message in messages:
            self._producer.send(self.settings.topic, message.key, message.value)
            self.sent[message] += 1
        self._producer.flush(self.settings.topic)

    def send_all(self) -> None:
        """Send the whole world, with the change of the registry in its midst."""
        self.send(self.world.early)
        self.announce(1)
        self.send(self.world.late)

    def load(self, rng: Random) -> Iterator[None]:
        """Send the world in small parts, and parts of it again for as long as there are steps.

        A step sends a part, or waits a moment while the workers are too far behind.
        """
        for number, _ in enumerate(self._parts(rng)):
            yield
            # Now and then: asking takes as long as sending some parts.
            while number % 4 == 0 and self.lag > AHEAD:
                yield

    def feed(self, load: Iterator[None], until: Callable[[], object], seconds: float, what: str) -> None:
        """Keep the load up until something has happened."""
        deadline = time.monotonic() + seconds
        while not until():
            next(load)
            self._watch()
            assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s; see {self._folder}"

    def tell(self, load: Iterator[None]) -> None:
        """Keep the load up until all of the world has been sent."""
        everything = set(self.world.late)
        self.feed(load, lambda: self.sent.keys() >= everything, 300, "the world is told")

    def _parts(self, rng: Random) -> Iterator[None]:
        unusable = [message for message in self.world.late if bad(message)]
        for number, messages in enumerate((self.world.early, self.world.late)):
            for start in range(0, len(messages), PART):
                if start % (3 * PART) == 0:
                    self.announce(number)
                self.send(messages[start : start + PART])
                yield
        while True:
            self.announce(1)
            self.send([*rng.choices(self.world.late, k=PART), rng.choice(unusable)])
            yield

    @property
    def applied(self) -> int:
        """How far the workers are: the offsets that the tables have seen, over all partitions."""
        newest = "SELECT max(applied) AS applied FROM dialogue_minutes GROUP BY source_partition"
        return int(self.client.command(f"SELECT sum(applied) FROM ({newest})"))

    def _log(self) -> Path:
        return self._folder / f"worker-{len(self.members)}.log"

    def _join(self, member: Member) -> Member:
        self.members.append(member)
        return member

    def start(self, **changes: object) -> Member:
        """Start a worker by the command, with other settings where they are given."""
        return self._join(Worker(self.settings.model_copy(update=changes), self._log()))

    def fork(self, doom: Doom | None = None, **changes: object) -> Member:
        """Start a worker that is there sooner, and may be to die."""
        return self._join(Victim(self.settings.model_copy(update=changes), self._log(), doom))

    def wait_until(self, condition: Callable[[], object], seconds: float, what: str) -> None:
        """Wait for a condition, and watch the members meanwhile."""
        deadline = time.monotonic() + seconds
        while not condition():
            self._watch()
            assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s; see {self._folder}"
            time.sleep(0.05)

    def finish(self, seconds: float = 120.0) -> None:
        """Wait until everything is stored and committed, and what is due is settled."""
        while True:
            self.wait_until(lambda: self.lag == 0, seconds, "everything is stored")
            if not send_due(self.sink, self.settings, datetime.now(UTC)):
                return

    def check(self) -> None:
        """End the workers, and hold the tables to what was promised."""
        for member in self.members:
            if member.exit_code is None:
                member.end()
        assert_nothing_lost(self.client, self.world)
        assert_refused(self.client, self.sent)
        assert_same(read_tables(self.client), self._clean)
        assert not reconcile(self.client).differences
        peak = max(member.peak for member in self.members)
        assert peak < MEMORY, f"a worker has had {peak >> 20} MiB in memory"
        refused = {message.value for message in self.sent if bad(message)}
        assert refused == self._dead_letters()

    def _watch(self) -> None:
        for member in self.members:
            ended = not member.look()
            # Killed or asked to end is what tests do; anything else is a worker that gave up.
            gave_up = ended and (member.exit_code or 0) > 0 and member.exit_code != 143
            assert not gave_up, member.log.read_text(encoding="utf-8")[-4000:]

    def _dead_letters(self) -> set[bytes]:
        """What has come to the topic of the dead letters."""
        partition = TopicPartition(self.settings.dead_letter_topic, 0)
        with closing(
            KafkaConsumer(bootstrap_servers=self.settings.kafka, consumer_timeout_ms=1000)
        ) as reader:
            reader.assign([partition])
            reader.seek_to_beginning(partition)
            return {message.value for message in reader}
