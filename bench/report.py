"""What was measured, as a table and as `results.md`."""

from __future__ import annotations

import csv
import json
import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.round import VENV

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parent
_PACKAGES = ("hubbub", "faust-streaming", "aiokafka", "pydantic", "clickhouse-connect", "chdb-core")
_TITLES = ("contender", "events", "events/s", "min", "max", "MiB", "to hubbub")
_BARE = """
Medians of the rounds, and the slowest and the fastest of them; MiB is the largest resident memory of the
contender's own process, without broker and database. The clock runs from a contender's first record to its
last stored row. A contender that was given fewer events than the workload has was given its first ones.
"""


def save(path: Path, rows: object) -> None:
    """Write a file of JSON."""
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> list[dict[str, Any]]:
    """Read one; nothing where there is none."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The results side by side, one table a workload, as Markdown that reads well in a terminal, too."""
    lines: list[str] = []
    for workload in dict.fromkeys(row["workload"] for row in rows):
        some = [row for row in rows if row["workload"] == workload]
        ours = next((row["events_per_second"] for row in some if row["contender"] == "hubbub"), None)
        lines += [
            "",
            f"Workload `{workload}`:",
            "",
            *_aligned([_TITLES, *(_cells(row, ours) for row in some)]),
        ]
    return "\n".join(lines) + "\n"


def _cells(row: dict[str, Any], ours: float | None) -> tuple[str, ...]:
    numbers = (row["events"], row["events_per_second"], row["min"], row["max"], row["rss_mib"])
    ratio = f"{row['events_per_second'] / ours:.2f}x" if ours else ""
    return (row["contender"], *(f"{number:,}" for number in numbers), ratio)


def _aligned(cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of a table: the first cells say what the columns are, the first column goes to the left."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for number, row in enumerate(cells):
        others = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield f"| {' | '.join([row[0].ljust(widths[0]), *others])} |"
        if number == 0:
            yield f"|{'-' * (widths[0] + 2)}|{'|'.join('-' * (width + 1) + ':' for width in widths[1:])}|"


def render(folder: Path) -> None:
    """Draw the curves, and write `results.md`, from the files of results that are in a folder."""
    if (python := VENV / "bin" / "python").exists():
        subprocess.run([python, HERE / "plots.py", folder], check=False)
    parts = ["# Benchmarks", "", *_machine()]
    if rows := read(folder / "results.json"):
        parts += ["", "## Contenders", _BARE, table(rows).strip()]
    if rows := read(folder / "latency.json"):
        parts += ["", "## From `produce` until a view shows it", "", *_latencies(rows)]
    if rows := read(folder / "curves.json"):
        parts += ["", "## Scale", "", *_curves(rows, folder)]
    for samples in sorted(folder.glob("memory-*.csv")):
        parts += ["", f"## Memory of a worker: {samples.stem}", "", *_memory(samples)]
    (folder / "results.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


def _machine() -> Iterator[str]:
    cpu = re.search(r"model name\s*: (.*)", _read("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s+(\d+)", _read("/proc/meminfo"))
    yield f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    yield (
        f"- {os.cpu_count()} cores, {cpu[1] if cpu else platform.processor()},"
        f" {int(memory[1]) >> 20 if memory else '?'} GiB, {platform.system()} {platform.release()}"
    )
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    yield f"- load when this was written (1, 5, 15 minutes): {load}"
    packages = [f"{name} {version(name)}" for name in _PACKAGES]
    yield f"- Python {platform.python_version()}, {', '.join([*packages, *_quixstreams()])}"


def _quixstreams() -> Iterator[str]:
    ask = "import importlib.metadata as m; print(m.version('quixstreams'))"
    if (python := VENV / "bin" / "python").exists():
        told = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False).stdout.strip()
        yield from [f"quixstreams {told}"] if told else []


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def _latencies(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    cells = [("asked events/s", "sent events/s", "p50 ms", "p99 ms", "probes", "")]
    for row in rows:
        told = (f"{row[name]:,}" if row[name] is not None else "-" for name in ("sent", "p50_ms", "p99_ms"))
        cells.append((f"{row['rate']:,}", *told, f"{row['probes']:,}", row["note"]))
    yield from _aligned(cells)


def _curves(rows: Sequence[dict[str, Any]], folder: Path) -> Iterator[str]:
    for name in dict.fromkeys(row["curve"] for row in rows):
        some = [row for row in rows if row["curve"] == name]
        cells = [
            (f"{row['x']:,}", f"{row['events']:,}", f"{row['events_per_second']:,}", f"{row['rss_mib']:,}")
            for row in some
        ]
        yield from _aligned([(name, "events", "events/s", "MiB"), *cells])
        yield from [f"\n![{name}](curve-{name}.svg)"] if (folder / f"curve-{name}.svg").exists() else []
        yield ""


def _memory(samples: Path) -> Iterator[str]:
    with samples.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    picture = samples.with_suffix(".svg")
    if rows:
        step = max(1, len(rows) // 10)
        cells = [(f"{int(row['events']):,}", row["rss_mib"]) for row in [*rows[::step], rows[-1]]]
        yield from _aligned([("events read", "MiB"), *cells])
    yield from [f"\n![memory]({picture.name})"] if picture.exists() else []


if __name__ == "__main__":
    render(HERE)
