"""A topic, a group of workers that read it, and the tables that they share; nothing happens by itself."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from support.clean import Stretch, all_said, batch_of, identities, kept, one_clean_pass, reckoned
from support.stepped import Step, SteppedWorker
from support.worlds import START

from schemas.event import SocialEvent
from schemas.rows import RegistryRow
from sinks.memory import MemorySink
from streams.ingest import message
from streams.pipeline import Source
from streams.replay import Line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from schemas.registry import Registry
    from streams.pipeline import Batch

TOPIC = Source("social.events", 1)
PARTITIONS = range(2)
ZOMBIES = 2
CAPACITIES = (0, 2, 1000)
NOT_EVENTS = (
    b"",
    b"{",
    b'{"platform": "x"}',
    b'{"platform": "x", "activity": "sing", "id": "1"}',
    b"\xff\xfe",
)
MEETING = 0.1
"""How likely somebody else goes on before a step of a worker."""
FAULTS = (*[Step.WORKS] * 50, Step.REFUSED, Step.UNCONFIRMED)


class Group:
    """Members own partitions; one that is cut off goes on in ignorance, as a zombie.

    Args:
        registry: The brands, in force from the start.
    """

    ran: ClassVar[Counter[str]] = Counter()
    """What has happened, over all groups."""

    def __init__(self, registry: Registry) -> None:
        self.now = START + timedelta(days=1)
        self.sink = MemorySink()
        self.families = 0
        self.pending: dict[str, list[SocialEvent]] = {}
        self.log: dict[int, list[Line]] = {partition: [] for partition in PARTITIONS}
        self.committed = dict.fromkeys(PARTITIONS, 0)
        self.members: list[SteppedWorker] = []
        self.owner: dict[int, SteppedWorker] = {}
        self.position: dict[int, int] = {}
        """Of the owner: what it reads next."""
        self.zombies: dict[SteppedWorker, dict[int, tuple[int, int]]] = {}
        """Cut off, but not aware of it: where each would go on, and up to where it has read."""
        self.history: list[Stretch] = []
        self.told = dict.fromkeys(PARTITIONS, 0)
        """How much of each partition is in the history."""
        self.keep_registry(registry)

    def keep_registry(self, registry: Registry) -> int:
        newest = self.sink.newest_registry()
        version = newest.version + 1 if newest else 1
        self.sink.store_registry(
            RegistryRow(version=version, digest="", body=registry.to_json(), stored_at=self.now)
        )
        return version

    def send(self, partition: int, value: bytes, headers: list[tuple[str, bytes]] | None = None) -> None:
        log = self.log[partition]
        log.append(Line(len(log), value, int(self.now.timestamp() * 1000), headers or []))

    def produce_some(self, chance: Random) -> None:
        """Some of what has happened is collected, several conversations at a time."""
        for _ in range(chance.randint(0, 3) if self.pending else 0):
            name = chance.choice(sorted(self.pending))
            waiting = self.pending[name]
            for _ in range(chance.randint(1, min(4, len(waiting)))):
                self.send(_partition(name), message(waiting.pop(0)))
            if not waiting:
                del self.pending[name]
                if not self.pending:
                    break

    def events(self) -> list[tuple[int, SocialEvent]]:
        return [
            (partition, SocialEvent.model_validate_json(record.value))
            for partition, records in self.log.items()
            for record in records[-30:]
            if not record.headers and record.value not in NOT_EVENTS
        ]

    def add_member(self, capacity: int) -> None:
        self.members.append(SteppedWorker(self.sink, TOPIC, capacity))

    def readable(self, worker: SteppedWorker) -> list[int]:
        return [
            partition
            for partition, owner in self.owner.items()
            if owner is worker and self.position[partition] < len(self.log[partition])
        ]

    def ready(self) -> list[SteppedWorker]:
        return [worker for worker in self.members if not worker.batches and self.readable(worker)]

    def busy(self) -> list[SteppedWorker]:
        return [worker for worker in (*self.members, *self.zombies) if worker.batches]

    def go_on_with(self, worker: SteppedWorker | None, steps: int, chance: Random) -> None:
        for _ in range(steps):
            others = [busy for busy in self.busy() if busy is not worker]
            if others and chance.random() < MEETING:
                other = chance.choice(others)
                for _ in range(chance.randint(1, 12)):
                    self.step(other, chance)
            if worker is None or not worker.batches:
                break
            self.step(worker, chance)

    def take(self, chance: Random) -> SteppedWorker | None:
        """Let a worker read some of what there is; of those that have, one that is at it."""
        self.produce_some(chance)
        ready = self.ready()
        if not ready:
            return next((worker for worker in self.members if worker.batches), None)
        worker = chance.choice(ready)
        ends = {}
        for partition in self.readable(worker):
            left = len(self.log[partition]) - self.position[partition]
            ends[partition] = self.position[partition] + chance.randint(1, left)
        self.begin_flush(
            worker, {partition: (self.position[partition], end) for partition, end in ends.items()}
        )
        self.position.update(ends)
        return worker

    def step(self, worker: SteppedWorker, chance: Random) -> None:
        batches = worker.batches
        if not batches:
            return
        self.ran["calls to the sink"] += 1
        worker.step(chance.choice(FAULTS))
        if not worker.batches and worker in self.members:
            self.is_done(worker, batches, chance)

    def begin_flush(self, worker: SteppedWorker, spans: dict[int, tuple[int, int]]) -> None:
        batches = {
            partition: batch_of(self.log[partition][slice(*span)]) for partition, span in spans.items()
        }
        worker.begin(batches, self.now)

    def is_done(self, worker: SteppedWorker, batches: Mapping[int, Batch], chance: Random) -> None:
        assert worker.stored
        if chance.random() < 0.5:  # or the commit comes later, or never
            self.committed.update({partition: batch.end for partition, batch in batches.items()})

    def rebalance(self, chance: Random) -> None:
        """Everybody lets go: stores what is at hand, gives up, or does not notice."""
        for worker in tuple(self.members):
            batches = worker.batches
            fate = chance.choice(("drains", "gives up", "stalls"))
            if fate == "stalls":
                self.cut_off(worker)
                continue
            worker.leaving = fate == "gives up"
            if worker.leaving and worker.batches:
                worker.step(Step.REFUSED)
            worker.finish()
            worker.leaving = False
            if worker.stored and batches:
                self.is_done(worker, batches, chance)
            worker.store.forget()
        if not self.members:
            self.add_member(chance.choice(CAPACITIES))
        self.assign([chance.randint(0, len(self.members) - 1) for _ in PARTITIONS])

    def cut_off(self, worker: SteppedWorker) -> None:
        self.members.remove(worker)
        self.ran["workers cut off in a flush"] += bool(worker.batches)
        self.zombies[worker] = {
            partition: (self.position[partition], len(self.log[partition]))
            for partition, owner in self.owner.items()
            if owner is worker
        }
        while len(self.zombies) > ZOMBIES:
            oldest = next(iter(self.zombies))
            oldest.kill()
            del self.zombies[oldest]

    def assign(self, whom: list[int]) -> None:
        for partition, number in zip(PARTITIONS, whom, strict=True):
            self.owner[partition] = self.members[number]
            self.position[partition] = self.committed[partition]

    def store_all(self) -> None:
        """All members store all that there is; who was cut off stays where it is."""
        for worker in self.members:
            worker.finish()
            spans = {
                partition: (self.position[partition], len(self.log[partition]))
                for partition in self.readable(worker)
            }
            if spans:
                self.begin_flush(worker, spans)
                worker.finish()
                assert worker.stored
        for partition in PARTITIONS:
            self.position[partition] = self.committed[partition] = len(self.log[partition])
            records = self.log[partition][self.told[partition] :]
            self.history.append(Stretch(TOPIC, partition, records, registry=1))
            self.told[partition] = len(self.log[partition])

    def compare(self) -> None:
        clean = all_said(one_clean_pass(self.sink, self.history, self.now))
        found = all_said(self.sink)
        for table, expected in clean.items():
            assert found[table] == expected, table
        assert kept(self.sink) == identities(self.history)
        assert reckoned(self.sink) == found["windows"]


def _partition(name: str) -> int:
    """A family is in one partition, as a conversation has to be."""
    return int(name[1:]) % len(PARTITIONS)
