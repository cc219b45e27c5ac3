"""What is known of the alerts."""

from __future__ import annotations

from datetime import date, datetime

from schemas.alerts import State
from schemas.rows.row import Row


class AlertStateRow(Row):
    """Table `alert_states`: what is known of one alert of one brand after the last closed day.

    Key: brand, alert. Version: judged_at. What value, change and score hold, each alert says itself:
    `schemas/alerts.py`. Days are UTC.
    """

    brand: str
    alert: str
    """AL1 to AL5."""
    state: State
    firing: int
    """1 while it fires, also on days on which it cannot be judged; else 0. Grafana's rules read it."""
    since: date
    """Day from which on it is in that state."""
    day: date
    """The last day that was judged."""
    value: float | None
    """The share or rate that is judged; none where it could not be, and for AL2 until the week is over."""
    baseline: float | None
    change: float | None
    score: float | None
    phi: float | None
    n: int
    n_before: int
    window_days: int
    baseline_from: date | None
    baseline_to: date | None
    """First and last day of the baseline."""
    frozen: bool
    """Whether the baseline stays where it was when the alert fired."""
    streak: int
    """Judged days in a row (AL2: weeks) that speak for firing, or while it fires, for clearing."""
    held_days: int
    held_why: str
    judged_at: datetime


class AlertHistoryRow(Row):
    """Table `alert_history`: one change of the state of one alert.

    Key: brand, alert, day. Version: judged_at.
    """

    brand: str
    alert: str
    day: date
    """The day after which it changed."""
    before: str
    """The state before; empty for the first one."""
    state: State
    firing: int
    value: float | None
    baseline: float | None
    change: float | None
    score: float | None
    phi: float | None
    n: int
    n_before: int
    held_why: str
    withdrawn: bool
    """Whether late events have shown since that it did not change that day."""
    judged_at: datetime
    published_at: datetime | None
    """When it was sent to the topic of the alerts; none: not, or not yet."""
