"""A simulated community, from the events in the topic to the figures in the database."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Console

from schemas.errors import Stop
from schemas.metrics import CATALOGUE
from sinks.alerts import AlertStore
from sinks.clickhouse import ClickHouseSink
from sinks.reconcile import ALWAYS, reconcile
from sinks.vitals import record_reconcile
from streams.alerts.evaluation import evaluate
from streams.cli.differences import as_row
from streams.cli.figures import Figures, read_figures
from streams.ingest import ingest_events
from streams.kafka import open_producer
from streams.registries import announce_registry, keep_registry
from streams.simulator import Simulation, simulate
from streams.sources.keys import Keys
from streams.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from clickhouse_connect.driver.client import Client

    from schemas.rows import AlertStateRow
    from schemas.settings import Settings
    from streams.sources import Keyed

CLOSE = 1e-9
"""How far an answer may be from the truth: what is left is the rounding of floats."""
HISTORY = 112
"""Days before the period, with a little in each: who comes back, and who is new, is told from them."""
PATIENCE = 600.0
"""Seconds that the workers have for all of it."""


@dataclass(frozen=True)
class Answer:
    """One metric of one brand, twice."""

    found: float | None
    truth: float | None

    @property
    def same(self) -> bool:
        """Whether they agree."""
        if self.found is None or self.truth is None:
            return self.found is self.truth
        return abs(self.found - self.truth) <= CLOSE


@dataclass(frozen=True)
class Played:
    """What has come of a demo."""

    days: int
    seed: int
    events: int
    seconds: float
    answers: dict[str, dict[str, Answer]]
    """By brand and column, over the whole period: of the metrics whose truth the simulator knows."""
    daily: list[Answer]
    """The same by day, for the metrics whose sums are kept by the minute."""
    weeks: dict[str, list[float | None]]
    """The broadcast share of each brand, week by week."""
    firing: list[AlertStateRow]
    """The alerts that fire after the last day."""

    @property
    def different(self) -> int:
        """Answers that are not the truth."""
        whole = (answer for answers in self.answers.values() for answer in answers.values())
        return sum(not answer.same for answer in (*whole, *self.daily))


def play(folder: Path, settings: Settings, *, days: int, seed: int) -> Played:
    """Simulate, send, wait until it is stored, and read the answers.

    Args:
        folder: For the database; empty or new.
        settings: Names and limits; the servers are the demo's own.
        days: How long the community goes on.
        seed: Which community.

    Raises:
        Stop: There is something in the folder, or a part of the stack does not work.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(
            f"{folder} is not empty: the demo wants a folder of its own, name a new one with --data DIR"
        )
    started = time.monotonic()
    with _status(f"simulating {days} days"):
        world = simulate(days, seed, HISTORY)
    with Stack(folder, settings, kafka_port=0, http_port=0, workers=1) as stack:
        with _status(f"sending {len(world.events):,} events"), open_producer(stack.settings) as producer:
            topic = stack.settings.topic
            version = keep_registry(ClickHouseSink(stack.client()), world.registry, datetime.now(UTC))
            announce_registry(producer, topic, version)
            ingest_events(_keyed(world), producer, topic)
        with _status("waiting until the worker has stored them"):
            stack.wait_until_stored(PATIENCE)
        client = stack.client()
        with _status("comparing what is stored with what the interactions say"):
            _reconcile(client)
        period = world.period
        whole = {figures.brand: figures for figures in read_figures(client, period)}
        by_day = {
            (figures.brand, figures.at.date()): figures for figures in read_figures(client, period, "day")
        }
        by_week = read_figures(client, period, "week")
        alerts = AlertStore(client)
        evaluate(alerts, (period[1] - timedelta(days=1)).date(), datetime.now(UTC))
        firing = [row for row in alerts.states() if row.firing]
    return Played(
        days=days,
        seed=seed,
        events=len(world.events),
        seconds=time.monotonic() - started,
        answers={
            brand: {
                metric.column: _answer(whole.get(brand), truth, metric.column)
                for metric in CATALOGUE
                if metric.column in truth
            }
            for brand, truth in world.truth.items()
        },
        daily=[
            _answer(by_day.get(key), truth, metric.column)
            for key, truth in world.truth_by_day.items()
            for metric in CATALOGUE
            if metric.source == "dialogue_minutes" and metric.column in truth
        ],
        weeks={
            brand: [figures.metrics["broadcast_share"] for figures in by_week if figures.brand == brand]
            for brand in world.truth
        },
        firing=firing,
    )


def _reconcile(client: Client) -> None:
    """Compare and write down what has come of it, as somebody does who looks after a database."""
    started = time.monotonic()
    found = reconcile(client, ALWAYS)
    record_reconcile(client, as_row(found, (None, None), datetime.now(UTC), time.monotonic() - started))


def _answer(found: Figures | None, truth: Mapping[str, float | None], column: str) -> Answer:
    return Answer(found.metrics[column] if found else None, truth[column])


def _keyed(world: Simulation) -> Iterator[Keyed]:
    keys = Keys()
    for event in world.events:
        keys.note(event)
    return (keys.keyed(event, number) for number, event in enumerate(world.events, start=1))


def _status(what: str) -> AbstractContextManager[object]:
    console = Console(stderr=True)
    return console.status(what) if console.is_terminal else nullcontext()
