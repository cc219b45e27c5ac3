"""Events a second and memory of hubbub, over one thing at a time; everything else as in the headline.

    python -m bench.curves --curve partitions workers --events 100000

The file of results is written after every point, so what was measured stays when it is cut off; with
`--more`, points that are in it are not measured again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.data import World, add_data_options, data_set
from bench.history import make_history
from bench.report import HERE, read, render, save
from bench.round import CONTENDERS, Outcome, one_round
from bench.topic import PARTITIONS, load_topic
from streams.broker import Broker

CURVES: dict[str, tuple[float, ...]] = {
    "conversations": (1_000, 10_000, 100_000, 1_000_000, 10_000_000),
    "brands": (1, 10, 100, 1_000, 10_000),
    "partitions": (1, 2, 4, 8, 16, 32, 64),
    "workers": (1, 2),
    "history": (0, 10_000_000, 100_000_000),
    "late": (0.0, 0.01, 0.1),
}
"""What is varied: distinct conversations, brands, partitions, worker processes, interactions that the
database holds from before, share of late events."""
QUICK = {"conversations": 100, "brands": 10, "partitions": 2, "workers": 2, "history": 1_000, "late": 0.1}


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement."""

    curve: str
    x: float
    events: int

    @property
    def world(self) -> dict[str, Any]:
        """What is special about its data set."""
        if self.curve in {"conversations", "brands"}:
            return {self.curve: int(self.x)}
        return {"late": self.x} if self.curve == "late" else {}

    def measure(self, folder: Path, seed: int) -> Outcome:
        """Run hubbub on it.

        Args:
            folder: Where data sets are kept, and the databases for the time.
            seed: Picks the world.
        """
        data = data_set(World(self.events, seed=seed, **self.world), folder)
        (hubbub,) = (one for one in CONTENDERS if one.name == "hubbub")
        with tempfile.TemporaryDirectory(dir=folder) as scratch, Broker(0) as broker:
            partitions = int(self.x) if self.curve == "partitions" else PARTITIONS
            loaded = load_topic(broker, data, "bench", partitions)
            if self.curve == "history":
                make_history(Path(scratch), int(self.x))
            workers = int(self.x) if self.curve == "workers" else 1
            return one_round(hubbub, loaded, workers=workers, folder=Path(scratch))


def main() -> None:
    options = _options()
    options.to.mkdir(parents=True, exist_ok=True)
    to = options.to / "curves.json"
    rows = read(to) if options.more else []
    for point in _points(options):
        if any((row["curve"], row["x"]) == (point.curve, point.x) for row in rows):
            continue
        outcome = point.measure(options.data, options.seed)
        sys.stderr.write(
            f"{point.curve} {point.x:,}: {outcome.rate:,.0f} events/s, {outcome.rss_mib:,.0f} MiB\n"
        )
        rows.append(
            {
                "curve": point.curve,
                "x": point.x,
                "events": outcome.events,
                "events_per_second": round(outcome.rate),
                "rss_mib": round(outcome.rss_mib),
            }
        )
        rows.sort(key=lambda row: (list(CURVES).index(row["curve"]), row["x"]))
        save(to, rows)
    render(options.to)


def _points(options: argparse.Namespace) -> list[Point]:
    points = []
    for curve in options.curve:
        for x in (QUICK[curve],) if options.quick else CURVES[curve]:
            # A conversation is at least one event.
            needed = max(options.events, int(x)) if curve == "conversations" else options.events
            if needed > options.largest:
                sys.stderr.write(f"{curve} {x:,} is left out: it takes {needed:,} events (--largest)\n")
            else:
                points.append(Point(curve, x, needed))
    return points


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--curve", nargs="+", choices=list(CURVES), default=list(CURVES), help="default: all")
    parser.add_argument("--events", type=int, default=200_000, help="events of a point (%(default)s)")
    parser.add_argument(
        "--largest", type=int, default=1_000_000, help="leave out points that take more events (%(default)s)"
    )
    parser.add_argument("--more", action="store_true", help="keep the points that were measured before")
    parser.add_argument("--to", type=Path, help="folder for the results (default: bench; not if --quick)")
    parser.add_argument("--quick", action="store_true", help="one tiny point of each, to see it work")
    add_data_options(parser)
    options = parser.parse_args()
    if options.quick:
        options.events = 1_000
    options.to = options.to or (options.data / "quick" if options.quick else HERE)
    return options


if __name__ == "__main__":
    main()
