"""A brand's days, folded into what each alert says after the last one, and when it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.alerts import DRIFT, LEVEL, PUSH, STEP, STOPPED
from streams.alerts.answering import answering
from streams.alerts.drift import drift
from streams.alerts.level import level
from streams.alerts.push import push
from streams.alerts.state import follow
from streams.alerts.step import step
from streams.alerts.windows import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.alerts import Alert, State
    from streams.alerts.days import Day
    from streams.alerts.reading import Reading
    from streams.alerts.state import Standing
    from streams.alerts.windows import Baseline


@dataclass(frozen=True, slots=True)
class Rule:
    """How one alert is judged."""

    alert: Alert
    read: Callable[[Sequence[Day], Baseline | None], Reading | None]
    """One day's reading: of the days up to it, and the frozen baseline if there is one."""
    on: int
    """Judged days in a row with which it fires."""
    off: int
    """Judged days in a row with which it clears; for AL2 weeks."""


RULES = (
    Rule(STEP, step, STEP.on_days, STEP.clear_on_days),
    Rule(DRIFT, drift, 1, DRIFT.clear_on_weeks),
    Rule(STOPPED, answering, STOPPED.on_days, STOPPED.clear_on_days),
    Rule(PUSH, push, PUSH.on_days, PUSH.clear_on_days),
    Rule(LEVEL, level, 1, LEVEL.clear_on_days),
)
"""Every alert's, in the order of the domain."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of state."""

    before: State | None
    """None for the first state of all."""
    after: Standing


@dataclass(frozen=True, slots=True)
class Course:
    """What one alert said of a brand."""

    now: Standing
    changes: tuple[Change, ...]
    """In order; at most one a day."""


def course(days: Sequence[Day], rule: Rule) -> Course:
    """Fold all of a brand's days.

    Args:
        days: Closed days in order, without a hole; at least one.
        rule: The alert's.
    """
    standing: Standing | None = None
    changes: list[Change] = []
    for number, day in enumerate(days, start=1):
        past = days[max(0, number - LONGEST) : number]
        after = follow(
            standing, rule.read(past, standing.frozen if standing else None), day.date, rule.on, rule.off
        )
        if standing is None or after.state is not standing.state:
            changes.append(Change(standing.state if standing else None, after))
        standing = after
    if standing is None:
        raise ValueError("a course has at least one day")
    return Course(standing, tuple(changes))
