"""From readings to states: days in a row, hysteresis, held, stale, and the frozen baseline.

A day that cannot be judged moves nothing: it neither adds to a run of days nor breaks it, and an alert that
fires goes on firing. After `STALE_AFTER` such days in a row everything that was known is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from schemas.alerts import STALE_AFTER, State
from streams.alerts.reading import FEW, Reading

if TYPE_CHECKING:
    from datetime import date

    from streams.alerts.windows import Baseline

FIRED = frozenset({State.FIRING, State.QUIET})


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one alert after a day."""

    day: date
    state: State
    since: date
    """Day from which on it is in that state."""
    streak: int = 0
    """Judged days in a row that speak for firing; while it fires, for clearing."""
    held_days: int = 0
    frozen: Baseline | None = None
    reading: Reading = field(default_factory=Reading)
    """The last one."""


def follow(before: Standing | None, reading: Reading | None, day: date, on: int, off: int) -> Standing:
    """What is known after one more day.

    Args:
        before: What was known the day before; None before the first day.
        reading: What the rule says of the day; None where it says nothing new.
        day: The day.
        on: Judged days in a row with which it fires.
        off: Judged days in a row with which it clears.
    """
    known = before or Standing(day, State.HELD, day, reading=Reading(why=FEW))
    if reading is None:
        held = known.held_days > 0 or before is None
        return _held(known, known.reading, day) if held else replace(known, day=day)
    if reading.why:
        return _held(known, reading, day)
    if known.state in FIRED:
        streak = known.streak + 1 if reading.clears else 0
        if streak >= off:
            return Standing(day, State.OK, day, reading=reading)
        # Once it writes again and still does not answer, it has stopped answering; never the other way.
        wakes = known.state is State.QUIET and reading.fires and not reading.quiet
        state = State.FIRING if wakes else known.state
        return _in(known, state, day, streak=streak, frozen=known.frozen, reading=reading)
    streak = known.streak + 1 if reading.fires else 0
    if streak >= on:
        state = State.QUIET if reading.quiet else State.FIRING
        return Standing(day, state, day, frozen=reading.against, reading=reading)
    return _in(known, State.OK, day, streak=streak, reading=reading)


def _held(known: Standing, reading: Reading, day: date) -> Standing:
    held_days = known.held_days + 1
    if held_days >= STALE_AFTER:
        return _in(known, State.STALE, day, held_days=held_days, reading=reading)
    state = known.state if known.state in FIRED else State.HELD
    return _in(
        known, state, day, streak=known.streak, held_days=held_days, frozen=known.frozen, reading=reading
    )


def _in(
    known: Standing,
    state: State,
    day: date,
    *,
    streak: int = 0,
    held_days: int = 0,
    frozen: Baseline | None = None,
    reading: Reading,
) -> Standing:
    since = known.since if state is known.state else day
    return Standing(day, state, since, streak, held_days, frozen, reading)
