"""The demo's brands: the one that drifts sets off AL1 and AL2 on the days that a reckoning of its own says.

The reckoning shares no code with the rules: it reads the simulator's truth, in pandas and numpy.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from inspect import signature
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sql_guide import NOW, demo_data

from sinks.alerts import AlertStore
from streams.alerts.course import RULES, course
from streams.alerts.days import Counts, days_of
from streams.alerts.evaluation import evaluate
from streams.cli.demo import demo
from streams.cli.play import HISTORY
from streams.simulator import Simulation, simulate

if TYPE_CHECKING:
    from sinks.engine import Engine

DRIFTER = "ember"
LAST = date(2026, 3, 1)


@pytest.fixture(scope="module")
def world() -> Simulation:
    options = signature(demo).parameters
    return simulate(options["days"].default, options["seed"].default, HISTORY)


def frame(world: Simulation, brand: str) -> pd.DataFrame:
    """Broadcasts and answers by day, as the simulator meant them."""
    rows = {day: totals for (name, day), totals in world.totals_by_day.items() if name == brand}
    return pd.DataFrame.from_dict(rows, orient="index")[["bo", "bc"]].set_axis(pd.to_datetime(list(rows)))


def first_step(days: pd.DataFrame) -> date | None:
    """AL1 by hand: the second day in a row with a rise of .15 and z of 3."""
    spoken = days["bo"] + days["bc"]
    in_a_row = 0
    for number in range(34, len(days)):
        now, before = slice(number - 6, number + 1), slice(number - 34, number - 6)
        if spoken.iloc[number - 34 : number + 1].mean() < 15:
            now, before = slice(number - 27, number + 1), slice(max(0, number - 83), number - 27)
        x, n = days["bo"].iloc[now].sum(), spoken.iloc[now].sum()
        y, m = days["bo"].iloc[before].sum(), spoken.iloc[before].sum()
        if n < 30 or m < 100:
            continue
        share, pooled = y / m, (x + y) / (n + m)
        table = np.array([days["bo"].iloc[before], days["bc"].iloc[before]])[:, spoken.iloc[before] > 0]
        expected = np.outer([share, 1 - share], table.sum(axis=0))
        phi = max(1, ((table - expected) ** 2 / expected).sum() / (table.shape[1] - 1))
        rise = x / n - share
        z = rise / np.sqrt(phi * pooled * (1 - pooled) * (1 / n + 1 / m))
        in_a_row = in_a_row + 1 if rise >= 0.15 and z >= 3 else 0
        if in_a_row == 2:
            return days.index[number].date()
    return None


def first_drift(days: pd.DataFrame) -> date | None:
    """AL2 by hand: the Sunday after which 8 weeks have S of 20 and a slope that makes .15."""
    weeks = days.resample("W-SUN").sum()
    spoken = weeks["bo"] + weeks["bc"]
    for end in range(8, len(weeks) + 1):
        share = (weeks["bo"] / spoken).iloc[end - 8 : end].to_numpy()
        if spoken.iloc[end - 8 : end].min() < 20:
            continue
        late, early = np.tril_indices(8, -1)
        rises = share[late] - share[early]
        if np.sign(rises).sum() >= 20 and 7 * np.median(rises / (late - early)) >= 0.15:
            return weeks.index[end - 1].date()
    return None


def fired(world: Simulation, brand: str, alert: str) -> date | None:
    """The first day on which the rule fires, on the same truth."""
    counts = {
        ("all", day): Counts(totals["bo"], totals["bc"])
        for (name, day), totals in world.totals_by_day.items()
        if name == brand
    }
    (rule,) = [rule for rule in RULES if rule.alert.id == alert]
    changes = course(days_of(counts, LAST), rule).changes
    return next((change.after.day for change in changes if change.after.state == "firing"), None)


@pytest.mark.parametrize("brand", ["ember", "hearth", "clarion"])
def test_the_rules_fire_on_the_day_that_is_reckoned_by_hand(world, brand):
    days = frame(world, brand)
    assert fired(world, brand, "AL1") == first_step(days)
    assert fired(world, brand, "AL2") == first_drift(days)
    assert (first_step(days) is None) == (brand != DRIFTER)


@pytest.mark.thorough
def test_what_went_through_the_pipeline_sets_off_the_same_alerts(world, engine: Engine):
    with demo_data(engine) as client:
        store = AlertStore(client)
        assert store.watermark() > datetime(2026, 3, 1, tzinfo=UTC)
        evaluate(store, LAST, NOW)
        firing = {(row.brand, row.alert): row.since for row in store.states() if row.firing}
        days = frame(world, DRIFTER)
        assert firing[DRIFTER, "AL1"] == first_step(days)
        assert firing[DRIFTER, "AL2"] == first_drift(days)
        assert {brand for brand, _ in firing} == {DRIFTER}
        again = evaluate(store, LAST, NOW)
        assert (again.states, again.history) == ([], [])
