"""Whatever happens, in whatever order: the tables are those of one clean pass.

A topic of two partitions, a group of workers that join, leave, die, stall and come back, a sink that fails,
and a clock that is only told what time it is. No servers: what a worker does is cut at every call to the sink
(`support.stepped`), so that two workers meet between any two tables.

    pending ─ produce ─▶ log ─ flush, step ─▶ tables      ═?═      one clean pass over the log
                          ▲                      │
                          └──── settlements ─────┘
"""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from support.clean import Stretch, batch_of
from support.families import family, pool
from support.group import CAPACITIES, FAULTS, NOT_EVENTS, PARTITIONS, TOPIC, Group
from support.stepped import SteppedWorker
from support.worlds import ACCOUNTS, REGISTRY

from schemas.event import Mention
from schemas.registry import Account, Brand, Registry
from streams.control import RegistryChange, encode
from streams.ingest import message
from streams.pipeline import Source
from streams.replay import EPOCH, Line
from streams.settlement import settlements

if TYPE_CHECKING:
    from random import Random

    import pytest

FULL = os.environ.get("HUBBUB_FAULTS") == "full"
POOL = 2000 if FULL else 100
REGISTRIES = (
    REGISTRY,
    Registry(brand=REGISTRY.brand[:1]),
    Registry(brand=(*REGISTRY.brand, Brand(name="third", account=(Account(platform="x", id="bob"),)))),
)
CHANCE = st.randoms(use_true_random=True)


class Machine(Group, RuleBasedStateMachine):
    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        Group.__init__(self, REGISTRY)

    @initialize(capacity=st.sampled_from(CAPACITIES), chance=CHANCE)
    def begin(self, capacity: int, chance: Random) -> None:
        # A partition begins with the registry that is the newest when its first flush is stored.
        for partition in PARTITIONS:
            self.send(partition, *encode(RegistryChange(version=1)))
        self.add_member(capacity)
        self.assign([0] * len(PARTITIONS))
        self.store_all()
        for _ in range(4):
            self.happen(chance)

    # What goes into the log.

    @rule(chance=CHANCE)
    def happen(self, chance: Random) -> None:
        """Something happens on the platform; nobody has collected it yet."""
        name = f"f{self.families}"
        self.families += 1
        self.pending[name] = family(name, POOL, chance)

    @precondition(lambda self: self.pending)
    @rule(chance=CHANCE)
    def produce(self, chance: Random) -> None:
        self.produce_some(chance)

    @precondition(lambda self: any(len(records) > 1 for records in self.log.values()))
    @rule(chance=CHANCE)
    def deliver_again(self, chance: Random) -> None:
        """The same once more, or as another collector saw it."""
        events = self.events()
        if not events:
            return
        partition, event = chance.choice(events)
        if chance.random() < 0.5:
            saw = event.published + timedelta(seconds=chance.choice((0, 30, 500)))
            names = chance.sample(ACCOUNTS, chance.randint(0, 2))
            event = event.model_copy(
                update={"observed": saw, "mentions": tuple(Mention(id=name) for name in names)}
            )
        self.send(partition, message(event))

    @rule(partition=st.sampled_from(PARTITIONS), value=st.sampled_from(NOT_EVENTS))
    def send_what_is_no_event(self, partition: int, value: bytes) -> None:
        self.send(partition, value)

    @rule(partition=st.sampled_from(PARTITIONS))
    def name_a_registry_that_nobody_has(self, partition: int) -> None:
        self.send(partition, *encode(RegistryChange(version=999)))

    @rule(registry=st.sampled_from(REGISTRIES))
    def change_registry(self, registry: Registry) -> None:
        version = self.keep_registry(registry)
        for partition in PARTITIONS:
            self.send(partition, *encode(RegistryChange(version=version)))

    @rule(days=st.integers(0, 10))
    def settle_what_is_due(self, days: int) -> None:
        self.now += timedelta(days=days)
        for partition in PARTITIONS:
            for settlement in settlements(self.sink, self.now, TOPIC.epoch, partition):
                self.send(partition, *encode(settlement))

    # What workers do.

    @rule(chance=CHANCE, flushes=st.integers(1, 5))
    def work(self, chance: Random, flushes: int) -> None:
        """Workers store some of what has come, while others that are at it go on too."""
        for _ in range(flushes):
            self.go_on_with(self.take(chance), chance.choice((5, 50, 50)), chance)

    @rule(chance=CHANCE, steps=st.integers(0, 15), flushes=st.integers(1, 5))
    def stall(self, chance: Random, steps: int, flushes: int) -> None:
        """A worker is taken for dead in the middle of a flush, and others go on in its place."""
        worker = self.take(chance)
        if worker is not None:
            for _ in range(steps):
                self.step(worker, chance)
            self.cut_off(worker)
            self.rebalance(chance)
        self.work(chance, flushes)

    @precondition(lambda self: self.busy())
    @rule(chance=CHANCE, steps=st.integers(1, 12))
    def go_on(self, chance: Random, steps: int) -> None:
        """A worker goes on with its flush for a while."""
        worker = chance.choice(self.busy())
        for _ in range(steps):
            self.step(worker, chance)

    @precondition(lambda self: self.members)
    @rule(chance=CHANCE)
    def crash(self, chance: Random) -> None:
        worker = chance.choice(self.members)
        worker.kill()
        self.members.remove(worker)
        self.rebalance(chance)

    @rule(chance=CHANCE, capacity=st.sampled_from(CAPACITIES))
    def join(self, chance: Random, capacity: int) -> None:
        if len(self.members) < 3:
            self.add_member(capacity)
        self.rebalance(chance)

    @precondition(lambda self: any(not worker.batches for worker in self.zombies))
    @rule(chance=CHANCE)
    def go_on_unaware(self, chance: Random) -> None:
        """A worker that was cut off folds what it has read before, with what it remembers."""
        worker = chance.choice([worker for worker in self.zombies if not worker.batches])
        spans = self.zombies[worker]
        ends = {partition: chance.randint(start, end) for partition, (start, end) in spans.items()}
        todo = {number: (spans[number][0], end) for number, end in ends.items() if end > spans[number][0]}
        for number, (_, end) in todo.items():
            spans[number] = (end, spans[number][1])
        if todo:
            self.begin_flush(worker, todo)
        else:  # it learns of it, and joins again
            del self.zombies[worker]
            worker.store.forget()
            self.members.append(worker)

    @rule(chance=CHANCE)
    def rewind(self, chance: Random) -> None:
        """The group's offsets are set back; for that, the group has to be stopped."""
        back = {
            number: chance.choice((0, 0, offset, offset // 2)) for number, offset in self.committed.items()
        }
        self.rebalance(chance)
        self.committed.update(back)
        self.position.update(back)

    # What must hold.

    @rule()
    def catch_up(self) -> None:
        self.store_all()
        self.compare()

    @precondition(lambda self: self.told != dict.fromkeys(PARTITIONS, 1))
    @rule(chance=CHANCE, again=st.integers(1, 2), capacity=st.sampled_from(CAPACITIES))
    def replay_a_file(self, chance: Random, again: int, capacity: int) -> None:
        """A backfill, while the group is stopped and nothing of it is half written."""
        self.store_all()
        events = [event for _, event in self.events()]
        events += [event for name in sorted(self.pending) for event in self.pending[name]]
        events = chance.choices(events, k=chance.randint(1, 20)) if events else []
        newest = self.sink.newest_registry()
        assert newest is not None
        source, number = Source("file", EPOCH), len(self.history)
        records = [
            Line(offset, message(event), int(self.now.timestamp() * 1000))
            for offset, event in enumerate(events)
        ]
        for _ in range(again if records else 0):
            worker = SteppedWorker(self.sink, source, capacity)
            start = 0
            while start < len(records):
                end = chance.randint(start + 1, len(records))
                worker.begin({number: batch_of(records[start:end])}, self.now)
                for _ in range(chance.randint(0, 15)):
                    if worker.batches:
                        worker.step(chance.choice(FAULTS))
                if worker.batches and chance.random() < 0.5:
                    worker.kill()
                    worker, end = SteppedWorker(self.sink, source, capacity), 0
                worker.finish()
                start = end
        self.history.append(Stretch(source, number, records, newest.version))
        for worker in self.members:
            worker.store.forget()

    @invariant()
    def count(self) -> None:
        self.ran["steps"] += 1

    def teardown(self) -> None:
        try:
            if self.owner:  # else nothing has begun
                self.compare_at_the_end()
        finally:
            for worker in (*self.members, *self.zombies):
                worker.kill()

    def compare_at_the_end(self) -> None:
        self.store_all()
        self.compare()
        for worker in self.zombies:
            worker.finish()
        self.compare()
        self.ran["histories"] += 1
        self.ran["records"] += sum(len(records) for records in self.log.values())


def test_whatever_happens_the_tables_are_those_of_one_clean_pass(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.ERROR, "streams.store")
    pool(POOL)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=200 if FULL else 25,
            stateful_step_count=50 if FULL else 40,
            derandomize=not FULL,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    with capsys.disabled():
        print(", ".join(f"{number} {what}" for what, number in sorted(Machine.ran.items())))  # noqa: T201
    assert Machine.ran["workers cut off in a flush"]
