"""Hubbub next to its alternatives and its own parts: one broker, one data set, each in turn, several rounds.

python -m bench.run --events 1000000 10000000 --rounds 5
python -m bench.run --quick --only hubbub stock-faust
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.data import World, add_data_options, data_set
from bench.report import HERE, read, render, save, table
from bench.round import CONTENDERS, Contender, Outcome, one_round
from bench.topic import load_topic
from streams.broker import Broker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.topic import Loaded

QUICK = 1_000


def main() -> None:
    options = _options()
    options.to.mkdir(parents=True, exist_ok=True)
    contenders = _present([one for one in CONTENDERS if one.name in options.only])
    rows = read(options.to / "results.json") if options.more else []
    for events in options.events:
        rows = [row for row in rows if row["workload"] != _workload(events)]
        data = data_set(World(events, seed=options.seed), options.data)
        with Broker(0) as broker:
            loaded = load_topic(broker, data, "bench")
            rows += _measure(contenders, loaded, options)
        save(options.to / "results.json", rows)
    print(table(rows))
    render(options.to)


def _measure(
    contenders: Sequence[Contender], loaded: Loaded, options: argparse.Namespace
) -> list[dict[str, Any]]:
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    for number in range(options.rounds):
        for contender in contenders:
            outcome = one_round(
                contender,
                loaded,
                events=options.slow_events if contender.slow else None,
                samples=options.to / f"memory-{loaded.events}.csv" if contender.name == "hubbub" else None,
            )
            outcomes[contender.name].append(outcome)
            done = f"round {number + 1} of {options.rounds}: {contender.name}"
            sys.stderr.write(f"{done} {outcome.rate:,.0f} events/s\n")
    return [_row(name, loaded.events, each) for name, each in outcomes.items()]


def _row(name: str, events: int, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    rates = [outcome.rate for outcome in outcomes]
    return {
        "contender": name,
        "workload": _workload(events),
        "events": outcomes[0].events,
        "events_per_second": round(statistics.median(rates)),
        "min": round(min(rates)),
        "max": round(max(rates)),
        "rss_mib": round(statistics.median(outcome.rss_mib for outcome in outcomes)),
        "rounds": len(outcomes),
    }


def _workload(events: int) -> str:
    return f"simulator-{events}"


def _present(contenders: Sequence[Contender]) -> list[Contender]:
    """Those that are installed; the others are named."""
    for contender in contenders:
        if contender.missing:
            sys.stderr.write(f"{contender.name} is left out: {contender.missing}\n")
    return [contender for contender in contenders if not contender.missing]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [contender.name for contender in CONTENDERS]
    parser.add_argument(
        "--events", type=int, nargs="+", default=[1_000_000], help="events of each data set (1000000)"
    )
    parser.add_argument(
        "--slow-events",
        type=int,
        default=100_000,
        help="of which slow contenders are given the first, as their rows say (default: %(default)s)",
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds of everybody (default: %(default)s)")
    parser.add_argument("--more", action="store_true", help="keep the results of other numbers of events")
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="contenders; default: all")
    parser.add_argument("--to", type=Path, help="folder for the results (default: bench; not if --quick)")
    parser.add_argument("--quick", action="store_true", help=f"one round of {QUICK:,} events, to see it work")
    add_data_options(parser)
    options = parser.parse_args()
    if options.quick:
        options.events, options.rounds = [QUICK], 1
    options.to = options.to or (options.data / "quick" if options.quick else HERE)
    return options


if __name__ == "__main__":
    main()
