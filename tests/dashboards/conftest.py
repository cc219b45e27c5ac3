"""A database with a simulated world, its vital signs and its alerts, for all who ask panels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from sql_guide import NOW
from support.proof import fresh_database
from support.storing import store

from dashboards.macros import expand
from streams.cli.play import HISTORY
from streams.simulator import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clickhouse_connect.driver.client import Client
    from clickhouse_connect.driver.query import QueryResult

    from dashboards.macros import Value
    from sinks.engine import Engine

MINUTES = 6 * 60


class World(NamedTuple):
    """A database, and the time at which its story ends."""

    client: Client
    end: datetime

    def ask(
        self, sql: str, variables: Mapping[str, Value], *, span: timedelta, interval: timedelta
    ) -> QueryResult:
        """What a panel's query says of the time up to the end."""
        return self.client.query(expand(sql, self.end - span, self.end, interval, variables))


@pytest.fixture(scope="package")
def world(engine: Engine) -> Iterator[World]:
    """Two weeks of the simulated community."""
    simulation = simulate(14, 7, HISTORY)
    with fresh_database(engine, "dashboards") as client:
        store(client, simulation.events, simulation.registry, NOW)
        newest = client.query("SELECT max(at) FROM dialogue_minutely", tz_mode="aware").first_row[0]
        end = newest.replace(second=0) + timedelta(minutes=20)
        _vital_signs(client, end)
        yield World(client, end)


@pytest.fixture(scope="package")
def pulse(engine: Engine) -> Iterator[World]:
    """Nothing but vital signs, alerts, and one message."""
    end = datetime(2026, 3, 1, tzinfo=UTC)
    with fresh_database(engine, "pulse") as client:
        client.command(
            "INSERT INTO dialogue_minutes (minute, brand, platform, bc, applied) "
            f"SELECT toDateTime({end.timestamp() - 600:.0f}, 'UTC'), 'ember', 'x', 1, 1"
        )
        _vital_signs(client, end)
        yield World(client, end)


def _vital_signs(client: Client, end: datetime) -> None:
    minute = f"toDateTime({end.timestamp():.0f}, 'UTC') - 60 * number"
    late = "toDateTime('2100-01-01 00:00:00', 'UTC')"
    numbers = "events_read, events_stored, cache_hits, cache_misses, rss_bytes, newest_message_delay"
    client.command(
        f"INSERT INTO worker_minutes (minute, worker, looked_at, seconds, state, lag, {numbers}, kept_until) "
        f"SELECT {minute}, 'one', {minute} + 50, 60, 'ok', 7, 60, 60, 9, 1, 100000000, 2, {late} "
        f"FROM numbers({MINUTES})"
    )
    client.command(
        "INSERT INTO storage_minutes (minute, name, looked_at, parts, stored_rows, stored_bytes, kept_until) "
        f"SELECT {minute}, 'interactions', {minute} + 50, 12, 1000, 1000000, {late} FROM numbers({MINUTES})"
    )
    client.command(
        "INSERT INTO reconcile_runs (ended_at, rows_compared, values_compared, differences, seconds) "
        f"SELECT toDateTime({end.timestamp():.0f}, 'UTC') - 3600, 100, 1000, 0, 3.5"
    )
    client.command(
        "INSERT INTO alert_states (brand, alert, state, firing, since, day, value, n, judged_at) "
        "SELECT 'ember', alert, if(alert = 'AL1', 'firing', 'ok'), alert = 'AL1', "
        "toDate(t) - 3, toDate(t) - 1, 0.7, 60, t "
        f"FROM (SELECT toDateTime({end.timestamp():.0f}) AS t, "
        "arrayJoin(['AL1', 'AL2', 'AL3', 'AL4', 'AL5']) AS alert)"
    )
