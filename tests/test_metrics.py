"""Every metric of the report against an independent computation from the raw events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from oracle.exchanges import exchanges_of
from oracle.metrics import Values, measure, views_of
from oracle.seen import see
from oracle.talks import talks_of
from oracle.view import View
from support.handmade import REGISTRY, Case, cases
from support.proof import fresh_database
from support.storing import store

from schemas.event import Activity
from schemas.metrics import CATALOGUE
from schemas.registry import Brand
from streams.cli.figures import read_figures, stored_period
from streams.labels import label
from streams.simulator import START, simulate
from streams.sources.twcs import Twcs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from clickhouse_connect.driver.client import Client
    from oracle.seen import Seen

    from schemas.event import SocialEvent
    from schemas.registry import Registry
    from sinks.engine import Engine

NOW = datetime(2027, 7, 1, tzinfo=UTC)
PATIENCE = timedelta(days=7)
CLOSE = 1e-9
SLOW = 8
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
    """Eight times as slow, with some topics and people who leave; shuffled, and a fifth of it twice.

    So there are months, quiet weeks and first contacts after ninety days; what comes late may come last.
    """
    slow = [_slower(event) for event in events]
    rng = Random(5)
    slow += rng.sample(slow, len(slow) // 5)
    rng.shuffle(slow)
    return slow


def _slower(event: SocialEvent) -> SocialEvent:
    chance = crc32(event.id.encode())
    changes = {
        "published": START + SLOW * (event.published - START),
        "observed": event.observed and START + SLOW * (event.observed - START),
    }
    if event.activity is Activity.FOLLOW:
        changes["activity"] = (Activity.FOLLOW, Activity.UNFOLLOW, Activity.BLOCK)[chance % 3]
    elif event.is_message and chance % 2:
        changes["hashtags"] = (("spring", "Filters", "parcels")[chance % 3],)
    return event.model_copy(update=changes)


def _events(name: str, request: pytest.FixtureRequest) -> tuple[list[SocialEvent], Registry]:
    if name == "twcs":
        folder: Path = request.getfixturevalue("shared_data")
        source = Twcs(folder / "twcs_5000.csv")
        return [keyed.event for keyed in source.events()], source.brands()
    simulation = simulate(56 if name == "eight weeks" else 14)
    return _untidy(simulation.events) if name == "untidy" else simulation.events, simulation.registry


LARGE = ("eight weeks", "untidy", "twcs")
"""Worlds that make test leaves to make test-thorough."""


@pytest.fixture(
    scope="module", params=["two weeks", *(pytest.param(name, marks=pytest.mark.thorough) for name in LARGE)]
)
def world(request: pytest.FixtureRequest, engine: Engine) -> Iterator[World]:
    events, registry = _events(request.param, request)
    with fresh_database(engine, f"metrics_{request.param.replace(' ', '_')}") as client:
        store(client, events, registry, NOW)
        if request.param == "untidy":
            store(client, events[::-1], registry, NOW, partition=1, size=777)
        rows = see(events, registry, label, NOW - PATIENCE)
        yield World(client, registry, rows, stored_period(client), {})


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


PLAIN = (
    "conversation",
    "started_at",
    "direction",
    "effect",
    "indirect",
    "adds_brand",
    "actor",
    "actor_role",
    "agent",
    "followers",
    "addressee",
    "addressee_role",
    "parent",
    "parent_direction",
    "parent_at",
)


def test_each_interaction_equals_an_independent_one(world: World) -> None:
    told = {_key(row): [row.at, *(getattr(row, name) or None for name in PLAIN)] for row in world.rows}
    assert _interactions(world, ("published", *PLAIN)) == told


def test_each_exchange_equals_an_independent_one(world: World) -> None:
    columns = {
        "exchange_sla": lambda _, view: 60 * view.brand.reply_sla_minutes,
        "exchange_reply": lambda one, _: one.reply.id if one.reply else None,
        "exchange_reply_at": lambda one, _: one.reply.at if one.reply else None,
        "exchange_agent": lambda one, _: one.agent or None,
        "exchange_replies": lambda one, _: len(one.replies) or None,
        "exchange_back_at": lambda one, _: one.back_at,
        "exchange_confirmed_at IS NOT NULL": lambda one, _: one.confirmed or None,
        "exchange_classified": lambda one, _: one.classified or None,
        "exchange_quiet_from": lambda one, _: one.quiet_from,
        "exchange_closed_at": lambda one, _: one.closed_at,
        "exchange_single": lambda one, _: one.single or None,
    }
    told = {
        _key(one.opened): [tell(one, view) for tell in columns.values()]
        for view in views_of(world.rows, world.registry).values()
        for one in exchanges_of(view)
    }
    assert _interactions(world, columns, "exchange_sla IS NOT NULL") == told


def test_each_loop_equals_an_independent_one(world: World) -> None:
    query = "SELECT brand, platform, conversation FROM conversations FINAL WHERE loop"
    told = {
        (name, talk.messages[0].platform, talk.messages[0].conversation)
        for name, view in views_of(world.rows, world.registry).items()
        for talk in talks_of(view)
        if talk.loop
    }
    assert set(world.client.query(query).result_rows) == told


def _key(row: Seen) -> tuple[str, ...]:
    return row.brand, row.platform, row.activity, row.id


def _interactions(world: World, columns: Iterable[str], where: str = "true") -> dict[tuple[str, ...], list]:
    query = (
        f"SELECT brand, platform, activity, id, {', '.join(columns)} FROM interactions FINAL WHERE {where}"
    )
    rows = world.client.query(query, tz_mode="aware").result_rows
    return {row[:4]: [value or None for value in row[4:]] for row in rows}


@pytest.mark.thorough
def test_how_fast_brands_answer_real_customers(
    shared_data: Path, engine: Engine, record_property: Callable[[str, object], None]
) -> None:
    source = Twcs(shared_data / "twcs_5000.csv")
    events, registry = [keyed.event for keyed in source.events()], source.brands()
    with fresh_database(engine, "metrics_answers") as client:
        store(client, events, registry, NOW)
        rows = client.query(
            """SELECT brand, count(), quantileExactInclusive(0.5)(
                dateDiff('microsecond', published, exchange_reply_at) / 1e6)
            FROM interactions FINAL WHERE exchange_reply_at IS NOT NULL GROUP BY brand"""
        ).result_rows
    found = {brand: (answered, seconds) for brand, answered, seconds in rows}
    told = {}
    for name, view in views_of(see(events, registry, label, NOW - PATIENCE), registry).items():
        if waited := [one.waited for one in exchanges_of(view) if one.reply]:
            told[name] = len(waited), median(waited)
    for name in sorted(told, key=lambda name: -told[name][0])[:20]:
        (number, seconds), (other, others) = found[name], told[name]
        line = f"{number} answered requests (own count {other}), median {seconds:.0f} s ({others:.0f} s)"
        record_property("measured", f"twcs {name}: {line}")
    assert found == {name: (number, pytest.approx(seconds)) for name, (number, seconds) in told.items()}


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
