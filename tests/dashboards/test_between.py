"""Views of a time range say what the report says of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.sql import formula, sums
from schemas.metrics import BY_COLUMN
from sinks.report import read_report

if TYPE_CHECKING:
    from conftest import World

pytestmark = pytest.mark.thorough

ADDED = (
    "dialogue_ratio",
    "reply_rate",
    "help_confirmed_rate",
    "single_reply_closure",
    "pair_reciprocity",
    "repeat_rate",
    "c2c_reciprocity",
    "canned_share",
    "push_penalty",
)
"""Metrics that are divided from sums over platforms."""


@pytest.fixture(scope="module")
def period(world: World) -> tuple[Any, Any]:
    return world.end - timedelta(days=10), world.end - timedelta(days=1)


def told(world: World, source: str, period: tuple[Any, Any], sql: str) -> list[tuple[Any, ...]]:
    since, until = (int(time.timestamp()) for time in period)
    view = f"{source}(since = {since}, until = {until})"
    return [tuple(row) for row in world.client.query(sql.format(view=view), tz_mode="aware").result_rows]


@pytest.mark.parametrize("column", ADDED)
def test_over_the_whole_range(world: World, period: tuple[Any, Any], column: str) -> None:
    inner = f"SELECT brand, {sums(column)} FROM {{view}} AS t GROUP BY brand"
    said = dict(
        told(
            world,
            f"{BY_COLUMN[column].source}_between",
            period,
            f"SELECT brand, {formula(column)} FROM ({inner})",
        )
    )
    wanted = {row["brand"]: row[column] for row in read_report(world.client, period)}
    assert any(value is not None for value in wanted.values())
    assert {brand: said.get(brand) for brand in wanted} == pytest.approx(wanted, nan_ok=False)


def test_by_day(world: World, period: tuple[Any, Any]) -> None:
    inner = f"SELECT t.at AS at, brand, {sums('reply_rate')} FROM {{view}} AS t GROUP BY at, brand"
    sql = f"SELECT brand, at, {formula('reply_rate')} FROM ({inner})"
    said = {row[:2]: row[2] for row in told(world, "exchanges_daily_between", period, sql)}
    report = read_report(world.client, period, "day")
    wanted = {(row["brand"], row["at"]): row["reply_rate"] for row in report if row["reply_rate"] is not None}
    assert len(wanted) > 10
    assert {key: said[key] for key in wanted} == pytest.approx(wanted)


def test_quantiles_are_told_of_each_platform_where_half_or_most_are_answered(
    world: World, period: tuple[Any, Any]
) -> None:
    sql = "SELECT brand, platform, first_response_p50, first_response_p90 FROM {view} ORDER BY ALL"
    rows = told(world, "first_responses_between", period, sql)
    assert {row[0] for row in rows} == {"clarion", "ember", "hearth"}
    assert any(half is None for *_, half, _ in rows)
    assert any(half is not None for *_, half, _ in rows)
    for *_, half, most in rows:
        assert half is None or half > 0
        assert most is None or (half is not None and most >= half)


def test_the_backlog_is_what_is_over_its_time_at_the_end(world: World) -> None:
    period = (world.end - timedelta(days=3), world.end)
    said = dict(
        told(world, "backlog_between", period, "SELECT brand, sum(open_backlog) FROM {view} GROUP BY brand")
    )
    overdue = "SELECT brand, countIf(overdue) FROM exchange_facts GROUP BY brand"
    assert said == dict(world.client.query(overdue).result_rows)


def test_cohorts_are_those_of_the_view_of_all_times(world: World) -> None:
    since = world.end.replace(day=1, hour=0, minute=0) - timedelta(days=31)
    columns = "brand, cohort, k, people, cohort_people, rate"
    wanted = f"SELECT {columns} FROM retention WHERE cohort >= toDate('{since:%Y-%m-%d}') ORDER BY ALL"
    rows = world.client.query(wanted).result_rows
    assert len({row[1] for row in rows}) == 2
    said = told(world, "cohorts_between", (since, world.end), f"SELECT {columns} FROM {{view}} ORDER BY ALL")
    assert said == [tuple(row) for row in rows]
