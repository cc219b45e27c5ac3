"""How often AL1 and AL2 fire for nothing, and how soon they see what they should, next to the domain.

    python bench/alerts.py --years 200 --to bench/alerts.md

A brand's days are drawn: messages Poisson with a weekly cycle, each day's broadcast share from a beta
distribution around the true one, also with a weekly cycle, so that days scatter more than chance alone
(rho is the correlation within a day). The rules are the product's own, day by day with their states; only
the two rules without phi and without everything are made here, to be held against.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from schemas.alerts import STEP, State
from streams.alerts.course import RULES, Rule, course
from streams.alerts.days import Day
from streams.alerts.overdispersion import phi_of_shares
from streams.alerts.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.alerts.windows import Baseline

MONDAY = date(2024, 1, 1)
WARM_UP = 84
"""Days before anything is counted: as far as any rule looks back."""
YEAR = 365
CHANGE_AT = 120
"""Day on which the share begins to rise."""
STEP_HORIZON, RAMP_DAYS, RAMP_HORIZON = 28, 56, 84
"""Days after it in which an alert counts as seen; and how long a ramp takes."""
VOLUMES = (15, 30, 60)
"""Messages a day."""
VOLUME_CYCLE = (1.15, 1.2, 1.2, 1.15, 1.05, 0.65, 0.6)
SHARE_CYCLE = (-0.03, -0.02, 0.0, 0.0, 0.01, 0.02, 0.02)
BEFORE, AFTER = 0.5, 0.75
RHO = 0.05
"""Correlation of two messages of a day: phi is about 1 + (messages a day - 1) * RHO."""
NAIVE_Z = 1.64
AL1, AL2 = RULES[0], RULES[1]


@dataclass(frozen=True)
class Shape:
    """How the true share runs."""

    days: int
    ramp: int = 0
    """Days that the rise takes, from `CHANGE_AT` on; 0: at once."""
    rises: bool = False

    def share(self) -> np.ndarray[Any, Any]:
        """The true share of each day."""
        day = np.arange(self.days)
        done = np.clip((day - CHANGE_AT + 1) / self.ramp, 0, 1) if self.ramp else (day >= CHANGE_AT) * 1.0
        share = BEFORE + (AFTER - BEFORE) * done * self.rises
        return np.clip(share + np.resize(SHARE_CYCLE, self.days), 0.01, 0.99)


def brands(rng: np.random.Generator, count: int, volume: float, shape: Shape, rho: float) -> list[list[Day]]:
    """Days of so many brands."""
    share = np.tile(shape.share(), (count, 1))
    spoken = rng.poisson(np.resize(VOLUME_CYCLE, shape.days) * volume, share.shape)
    strength = (1 - rho) / rho
    bo = rng.binomial(spoken, rng.beta(share * strength, (1 - share) * strength))
    dates = [MONDAY + timedelta(days=number) for number in range(shape.days)]
    return [
        [
            Day(bo=int(x), bc=int(n - x), decided=int(n), messages=int(n), date=day)
            for x, n, day in zip(xs, ns, dates, strict=True)
        ]
        for xs, ns in zip(bo, spoken, strict=True)
    ]


def without_phi(days: Sequence[Day], frozen: Baseline | None) -> Reading:
    """AL1 as if a day's messages were independent."""
    reading = AL1.read(days, frozen)
    if reading is None or reading.score is None:
        return reading or Reading()
    z = reading.score * (reading.phi or 1.0) ** 0.5
    return replace(reading, score=z, fires=(reading.change or 0) >= STEP.step and z >= STEP.z)


def naive(days: Sequence[Day], frozen: Baseline | None) -> Reading:
    """Any significant rise: z of 1.64 or more, however small, on one day."""
    reading = without_phi(days, frozen)
    rises = (reading.score or 0.0) >= NAIVE_Z
    return reading if reading.why else replace(reading, fires=rises, clears=not rises)


NO_PHI = replace(AL1, read=without_phi)
NAIVE = replace(AL1, read=naive, on=1, off=1)


def fired(days: Sequence[Day], rule: Rule, since: int = WARM_UP) -> list[int]:
    """Numbers of the days, from one on, after which the alert began to fire."""
    began = [change.after.day for change in course(days, rule).changes if change.after.state is State.FIRING]
    return [number for day in began if (number := (day - MONDAY).days) >= since]


def false_alarms(worlds: Sequence[list[Day]], rule: Rule) -> float:
    """Alerts a year and brand in which nothing changes."""
    years = len(worlds) * (len(worlds[0]) - WARM_UP) / YEAR
    return sum(len(fired(days, rule)) for days in worlds) / years


def delays(worlds: Sequence[list[Day]], rules: Sequence[Rule], horizon: int) -> list[int | None]:
    """Days from the beginning of the rise to the first alert, by brand; None where it was not seen."""
    firsts = [
        min((day for rule in rules for day in fired(days, rule, CHANGE_AT)), default=CHANGE_AT + horizon)
        for days in worlds
    ]
    return [first - CHANGE_AT + 1 if first < CHANGE_AT + horizon else None for first in firsts]


def seen(found: Sequence[int | None]) -> str:
    """Share of what was seen, and the median of its delays."""
    known = [delay for delay in found if delay is not None]
    middle = f", {statistics.median(known):.0f} d" if known else ""
    return f"{len(known) / len(found):.0%}{middle}"


def measure(years: int, rho: float, seed: int) -> list[list[str]]:
    """Cells of the table: what, and its figure for each volume."""
    rows: dict[str, list[str]] = {}

    def put(what: str, cell: str) -> None:
        rows.setdefault(what, []).append(cell)

    for number, volume in enumerate(VOLUMES):
        rng = np.random.default_rng([seed, number])
        still = brands(rng, years, volume, Shape(WARM_UP + YEAR), rho)
        stepped = brands(rng, years, volume, Shape(CHANGE_AT + STEP_HORIZON, rises=True), rho)
        ramped = brands(rng, years, volume, Shape(CHANGE_AT + RAMP_HORIZON, RAMP_DAYS, rises=True), rho)
        phis = [
            phi_of_shares([day.bo for day in days[-28:]], [day.spoken for day in days[-28:]])
            for days in still
        ]
        put("phi, median of 28 days", f"{statistics.median(phis):.2f}")
        put("AL1: false alarms a year", f"{false_alarms(still, AL1):.2f}")
        put("AL2: false alarms a year", f"{false_alarms(still, AL2):.2f}")
        put("AL1 without phi: false alarms a year", f"{false_alarms(still, NO_PHI):.2f}")
        put("naive z of 1.64: false alarms a year", f"{false_alarms(still, NAIVE):.1f}")
        put("step .5 to .75: AL1 within 28 days, median delay", seen(delays(stepped, [AL1], STEP_HORIZON)))
        ramps = {"AL1": [AL1], "AL2": [AL2], "AL1 or AL2": [AL1, AL2]}
        for name, rules in ramps.items():
            what = f"ramp .5 to .75 over 8 weeks: {name} within 12 weeks, median delay"
            put(what, seen(delays(ramped, rules, RAMP_HORIZON)))
    return [[what, *cells] for what, cells in rows.items()]


DOMAIN = {
    "AL1: false alarms a year": "0.1",
    "AL1 without phi: false alarms a year": "up to 2.3",
    "naive z of 1.64: false alarms a year": "6 to 15",
    "step .5 to .75: AL1 within 28 days, median delay": "59-100%, 4 to 7 d",
    "ramp .5 to .75 over 8 weeks: AL1 or AL2 within 12 weeks, median delay": "76-100%",
}
"""What section 5 of the domain says, for 15 to 60 messages a day."""


def table(rows: Sequence[Sequence[str]], rho: float) -> list[str]:
    """Lines of Markdown."""
    heads = [f"rho {rho:g}", *(f"{volume} a day" for volume in VOLUMES), "domain"]
    told = [[*row, DOMAIN.get(row[0], "")] for row in rows]
    return [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *told)]


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--years", type=int, default=200, help="brands with a year each, a volume")
    parser.add_argument("--rho", type=float, nargs="+", default=[0.02, 0.05], help="correlation within a day")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--to", type=Path, help="file for the table")
    given = parser.parse_args()
    begun = time.monotonic()
    lines: list[str] = []
    for rho in given.rho:
        told = [*table(measure(given.years, rho, given.seed), rho), ""]
        print("\n".join(told))
        lines += told
    print(f"{time.monotonic() - begun:.0f} s")
    if given.to:
        given.to.write_text("\n".join([*HEAD.format(given=given).splitlines(), "", *lines]))


HEAD = """# False alarms and delays of AL1 and AL2

Written by `make bench-alerts`: {given.years} brands with a year each for every volume, seed {given.seed}.
Days are beta-binomial with a weekly cycle in volume and share; the true broadcast share is .5. Delays are in
days from the beginning of the rise. The last column is what the alerts were designed for."""

if __name__ == "__main__":
    main()
