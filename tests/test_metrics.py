"""Every metric of the report against an independent computation from the raw events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING

import pytest
from oracle.exchanges import exchanges_of
from oracle.talks import talks_of
from oracle.metrics import Values, measure, views_of
from oracle.seen import see
from oracle.view import View
from support.handmade import REGISTRY, START, Case, cases
from support.labelling import product_label
from support.proof import fresh_database
from support.storing import store

from schemas.metrics import CATALOGUE
from schemas.registry import Brand
from streams.cli.figures import read_figures, stored_period
from streams.simulator import simulate
from streams.sources.twcs import Twcs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clickhouse_connect.driver.client import Client
    from oracle.seen import Seen

    from schemas.event import SocialEvent
    from schemas.registry import Registry
    from sinks.engine import Engine

NOW = datetime(2026, 7, 1, tzinfo=UTC)
PATIENCE = timedelta(days=7)
CLOSE = 1e-9
EVENTS_ARE_IN = (
    "activities",
    "interactions",
    "conversations",
    "dialogue_minutes",
    "dead_letters",
    "registry_changes",
)

CATALOGUED = {metric.column for metric in CATALOGUE}
_NOTHING = View(Brand(name="nobody"), [], (NOW, NOW), NOW)
TOLD = measure({"nobody": _NOTHING})["nobody"].keys()
"""Columns that the independent computation knows."""


@dataclass
class World:
    """A stored world, and its rows told a second way."""

    client: Client
    registry: Registry
    rows: list[Seen]
    period: tuple[datetime, datetime]
    known: dict[str, tuple[dict[str, Values], dict[str, Values]]]

    def both(self, window: str) -> tuple[dict[str, Values], dict[str, Values]]:
        """The report and the other computation, by brand."""
        if window not in self.known:
            period = self._period(window)
            figures = {one.brand: one.metrics for one in read_figures(self.client, period)}
            self.known[window] = figures, measure(views_of(self.rows, self.registry, period))
        return self.known[window]

    def _period(self, window: str) -> tuple[datetime, datetime]:
        start, end = self.period
        if window == "the last 28 days":
            return end - timedelta(days=28), end
        if window == "a week in the middle":
            middle = (start + (end - start) / 2).replace(hour=0, minute=0, second=0, microsecond=0)
            return middle, middle + timedelta(days=7)
        return self.period


WINDOWS = ("all of it", "the last 28 days", "a week in the middle")


def _untidy(events: list[SocialEvent]) -> list[SocialEvent]:
    """Shuffled, a fifth of it twice, a twentieth of it 1 to 400 days older, so that it comes that late."""
    rng = Random(5)
    delays: dict[object, timedelta] = {}
    untidy = []
    for event in events:
        late = timedelta(days=rng.uniform(1, 400)) if rng.random() < 0.05 else timedelta()
        delay = delays.setdefault((event.platform, event.id, event.activity, event.version), late)
        untidy.append(event.model_copy(update={"published": event.published - delay}))
    untidy += rng.sample(untidy, len(untidy) // 5)
    rng.shuffle(untidy)
    return untidy


def _events(name: str, request: pytest.FixtureRequest) -> tuple[list[SocialEvent], Registry]:
    if name == "twcs":
        folder: Path = request.getfixturevalue("shared_data")
        source = Twcs(folder / "twcs_5000.csv")
        return [keyed.event for keyed in source.events()], source.brands()
    simulation = simulate(56 if name == "eight weeks" else 14)
    return _untidy(simulation.events) if name == "untidy" else simulation.events, simulation.registry


@pytest.fixture(scope="module", params=["two weeks", "eight weeks", "untidy", "twcs"])
def world(request: pytest.FixtureRequest, engine: Engine) -> Iterator[World]:
    events, registry = _events(request.param, request)
    with fresh_database(engine, f"metrics_{request.param.replace(' ', '_')}") as client:
        store(client, events, registry, NOW)
        if request.param == "untidy":
            store(client, events[::-1], registry, NOW, partition=1, size=777)
        rows = see(events, registry, product_label(), NOW - PATIENCE)
        yield World(client, registry, rows, stored_period(client), {})


@pytest.mark.xfail(CATALOGUED < TOLD, reason="the catalogue does not have every metric yet", strict=True)
def test_the_catalogue_has_every_metric_and_no_other() -> None:
    assert CATALOGUED == TOLD


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("column", sorted(CATALOGUED))
def test_the_report_equals_an_independent_computation(world: World, window: str, column: str) -> None:
    found, told = world.both(window)
    assert found.keys() <= told.keys()
    for brand, values in told.items():
        if brand in found:
            assert found[brand][column] == pytest.approx(values[column], abs=CLOSE), brand
        else:  # nothing of the brand is in the window
            assert values[column] in (None, 0), brand


@pytest.fixture(scope="module")
def client(engine: Engine) -> Iterator[Client]:
    with fresh_database(engine, "metrics_by_hand") as client:
        yield client


CASES = cases(Path(__file__).parent / "metrics")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_report_of_a_small_world(client: Client, case: Case) -> None:
    for table in EVENTS_ARE_IN:
        client.command(f"TRUNCATE TABLE {table}")
    store(client, case.events, REGISTRY, NOW)
    figures = {one.brand: one.metrics for one in read_figures(client, case.window or stored_period(client))}
    for brand, values in case.expect.items():
        known = {column: value for column, value in values.items() if column in CATALOGUED}
        found = figures.get(brand, dict.fromkeys(known))
        assert {column: found[column] for column in known} == pytest.approx(known, abs=CLOSE), brand
