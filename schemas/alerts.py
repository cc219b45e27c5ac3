"""The alerts: what each asks, when it fires and when it clears. Rules, dashboards and the runbook read it.

AL1 to AL4 hold a window against a baseline before it; windows are whole UTC days. Shares and rates are 0..1.
docs/metrics.md says the rules in words, `streams/alerts/` computes them, docs/runbook.md says what to do.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

AlertId = Literal["AL1", "AL2", "AL3", "AL4", "AL5"]


class State(StrEnum):
    """What is known of one alert of one brand after a day."""

    OK = "ok"
    FIRING = "firing"
    """It stays so while it cannot be judged, until it is stale."""
    QUIET = "quiet"
    """AL3 only: fewer are answered in time, but the brand also writes less than half of what it did."""
    HELD = "held"
    """It cannot be judged today (too few messages, or numbers that cannot be trusted), and did not fire."""
    STALE = "stale"
    """It could not be judged for `STALE_AFTER` days: whatever was known before is out of date."""


STALE_AFTER = 14
"""Held days after which a state is stale."""
COVERAGE = 0.9
"""Direction coverage (Q1) that every window must have."""
GAP_EXPECTED = 7.0
"""Customers' messages on one platform, over phi, that were to be expected and did not come: the feed is lost.

Of a count with that mean, 0 has a probability of about exp(-7): by chance, a day in three years.
"""
GAP_REACH = 7
"""Days for which a lost feed holds every alert; days of it that lie longer back are left out of windows."""
GAP_LONGEST = 28
"""Days without a message after which nobody is expected on that platform any more."""
CONFIDENCE = 1.959963984540054
"""Standard deviations of the two-sided 95% intervals."""


class Windows(BaseModel):
    """How much is held against how much."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: int
    """Days of the current window; its last one is the judged day."""
    before: int
    """Days of the baseline, right before it."""


USUAL = Windows(days=7, before=28)
LOW_VOLUME = Windows(days=28, before=56)
LOW = 15.0
"""Messages a day (AL3: exchanges), over both usual windows, below which the longer windows hold."""


class Alert(BaseModel):
    """What all alerts say of themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: AlertId
    name: str
    question: str
    metrics: tuple[str, ...]
    """Columns of the metric catalogue that it judges; `value` and `baseline` are of the first."""
    fires: str
    """When it fires, in words."""
    clears: str
    """When it clears, in words."""
    change: str
    """What the column `change` holds."""
    score: str
    """What the column `score` holds."""
    n: str
    """What the columns `n` and `n_before` count."""
    minimum: int
    """The least `n` with which it is judged."""
    minimum_before: int = 0
    """The least `n_before` with which it is judged."""
    runbook: str
    """Anchor of its heading in docs/runbook.md."""


class Step(Alert):
    """A share of one window against that of the baseline: AL1, and AL3 the other way round."""

    step: float
    """Change, in the bad direction, from which on it fires."""
    z: float
    """Standard deviations that the change must be away from none."""
    on_days: int
    """Judged days in a row."""
    clear_step: float
    """Change below which it clears."""
    clear_on_days: int


class Stopped(Step):
    """AL3."""

    output: float
    """Share of the baseline's messages a day that the brand must still write; else it has gone quiet."""


class Drift(Alert):
    """AL2."""

    weeks: int
    """Calendar weeks, Monday to Sunday, that are looked at."""
    trend: int
    """Mann-Kendall S from which on it fires."""
    rise: float
    """Theil-Sen slope a week, times the steps between the weeks, from which on it fires."""
    clear_slope: float
    """Slope at or below which it clears."""
    clear_on_weeks: int
    """Judged weeks in a row."""


class Push(Alert):
    """AL4."""

    up: float
    """Broadcasts a day over those of the baseline, from which on it fires."""
    down: float
    """Conversation rate over that of the baseline, down to which it fires."""
    on_days: int
    clear_up: float
    """Ratio of the broadcasts below which it clears."""
    clear_down: float
    """Ratio of the conversation rates above which it clears."""
    clear_on_days: int


class Level(Alert):
    """AL5."""

    days: int
    """Days of the window."""
    floor: float
    """Lower bound of the broadcast share from which on it fires."""
    clear_share: float
    """Broadcast share below which it clears."""
    clear_on_days: int


STEP = Step(
    id="AL1",
    name="broadcast step",
    question="Has the brand suddenly begun to talk at people?",
    metrics=("broadcast_share",),
    fires="The broadcast share of 7 days is 0.15 or more above that of the 28 days before, and 3 standard "
    "deviations, on 2 days in a row. Below 15 messages a day: 28 days against 56.",
    clears="The rise over the baseline from before it fired is below 0.08 on 3 days in a row.",
    change="rise of the share",
    score="standard deviations (z) that the rise is away from none",
    n="messages of the brand, broadcasts and answers",
    minimum=30,
    minimum_before=100,
    runbook="al1-step",
    step=0.15,
    z=3.0,
    on_days=2,
    clear_step=0.08,
    clear_on_days=3,
)
DRIFT = Drift(
    id="AL2",
    name="broadcast drift",
    question="Does the brand talk at people a little more every week?",
    metrics=("broadcast_share",),
    fires="Over 8 whole weeks, the broadcast share rises: Mann-Kendall S of 20 or more, and a Theil-Sen "
    "slope that makes 0.15 or more from the first to the last week.",
    clears="The slope is 0 or less in 2 weeks in a row.",
    change="rise of the share from the first to the last week: Theil-Sen slope times 7",
    score="Mann-Kendall S, -28 to 28",
    n="messages of the brand in the week that has fewest of the 8",
    minimum=20,
    runbook="al2-drift",
    weeks=8,
    trend=20,
    rise=0.15,
    clear_slope=0.0,
    clear_on_weeks=2,
)
STOPPED = Stopped(
    id="AL3",
    name="stopped answering",
    question="Do people who write to the brand still get an answer in the promised time?",
    metrics=("reply_rate",),
    fires="Of the exchanges whose promised time ended in 7 days, a share is answered in time that is 0.15 or "
    "more below that of the 28 days before, and 3 standard deviations, on 2 days in a row, while the brand "
    "writes at least half as much as before; else it has gone quiet. Below 15 exchanges a day: 28 days "
    "against 56.",
    clears="The fall below the baseline from before it fired is less than 0.08 on 3 days in a row.",
    change="fall of the rate, as a negative number",
    score="standard deviations (z) that the fall is away from none, as a negative number",
    n="exchanges whose promised time ended",
    minimum=30,
    minimum_before=100,
    runbook="al3-stopped-answering",
    step=0.15,
    z=3.0,
    on_days=2,
    clear_step=0.08,
    clear_on_days=3,
    output=0.5,
)
PUSH = Push(
    id="AL4",
    name="push up, pull down",
    question="Does the brand broadcast more while people answer less?",
    metrics=("conversation_rate",),
    fires="Broadcasts a day are 1.3 times those of the baseline or more, and customers' messages under a "
    "post, within 24 hours, 0.7 times those of the baseline or fewer; both quasi-Poisson 95% intervals "
    "exclude 1; on 2 days in a row. Windows as in AL1.",
    clears="Broadcasts are below 1.15 times, or answers above 0.85 times, those of the baseline from before "
    "it fired, on 3 days in a row.",
    change="broadcasts a day over those of the baseline",
    score="customers' messages under a post over those of the baseline",
    n="broadcasts; before: customers' messages under posts",
    minimum=20,
    minimum_before=100,
    runbook="al4-push-up-pull-down",
    up=1.3,
    down=0.7,
    on_days=2,
    clear_up=1.15,
    clear_down=0.85,
    clear_on_days=3,
)
LEVEL = Level(
    id="AL5",
    name="broadcast level",
    question="Is nearly everything that the brand says a broadcast?",
    metrics=("broadcast_share",),
    fires="The lower bound (Wilson, 95%) of the broadcast share of 28 days is 0.8 or more.",
    clears="The broadcast share of 28 days is below 0.7 on 7 days in a row.",
    change="none",
    score="lower bound of the share",
    n="messages of the brand, broadcasts and answers",
    minimum=30,
    runbook="al5-level",
    days=28,
    floor=0.8,
    clear_share=0.7,
    clear_on_days=7,
)

ALERTS: tuple[Alert, ...] = (STEP, DRIFT, STOPPED, PUSH, LEVEL)
"""Every alert, in the order of the domain."""

BY_ID: Mapping[str, Alert] = {alert.id: alert for alert in ALERTS}
"""The same by their ids."""
