"""The curves as pictures, from the files of results in a folder; needs matplotlib and nothing of hubbub.

.venv-bench/bin/python bench/plots.py bench
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

mpl.rcParams["svg.hashsalt"] = "hubbub"  # the same picture from the same numbers

_SPREAD = 50  # from this ratio of the largest to the smallest on, an axis is logarithmic


def curve(name: str, points: list[dict[str, float]], to: Path) -> None:
    """Draw rate and memory over what is varied."""
    figure, axes = plt.subplots(figsize=(7, 4))
    x = [point["x"] for point in points]
    axes.plot(x, [point["events_per_second"] for point in points], "o-", color="tab:blue")
    axes.set_xlabel(name)
    axes.set_ylabel("events a second", color="tab:blue")
    axes.set_ylim(bottom=0)
    if max(x) > _SPREAD:
        axes.set_xscale("symlog" if min(x) == 0 else "log")
    beside = axes.twinx()
    beside.plot(x, [point["rss_mib"] for point in points], "s--", color="tab:orange")
    beside.set_ylabel("worker's memory, MiB", color="tab:orange")
    beside.set_ylim(bottom=0)
    _write(figure, to)


def memory(samples: Path) -> None:
    """Draw memory over the events read."""
    with samples.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    figure, axes = plt.subplots(figsize=(7, 4))
    axes.plot([int(row["events"]) for row in rows], [float(row["rss_mib"]) for row in rows])
    axes.set_xlabel("events read")
    axes.set_ylabel("worker's memory, MiB")
    axes.set_ylim(bottom=0)
    _write(figure, samples.with_suffix(".svg"))


def _write(figure: plt.Figure, to: Path) -> None:
    figure.tight_layout()
    figure.savefig(to, metadata={"Date": None})
    plt.close(figure)


def main() -> None:
    folder = Path(sys.argv[1])
    source = folder / "curves.json"
    points = json.loads(source.read_text(encoding="utf-8")) if source.exists() else []
    for name in dict.fromkeys(point["curve"] for point in points):
        some = [point for point in points if point["curve"] == name]
        curve(name, some, folder / f"curve-{name}.svg")
    for samples in folder.glob("memory-*.csv"):
        memory(samples)


if __name__ == "__main__":
    main()
