"""A database that has seen much before: the tables of bench/world.py, and what the fold remembers of them.

python -m bench.history FOLDER ROWS
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from bench.world import fill
from sinks.engine import Engine
from sinks.migrate import migrate

DATABASE = "bench"


def make_history(folder: Path, rows: int) -> None:
    """Fill a folder's database, in a process of its own: the engine keeps its memory.

    Args:
        folder: The data folder.
        rows: Interactions; 0 for none.
    """
    if rows:
        subprocess.run([sys.executable, "-m", "bench.history", str(folder), str(rows)], check=True)


def main() -> None:
    folder, rows = Path(sys.argv[1]), int(sys.argv[2])
    begun = time.perf_counter()
    with Engine(folder) as engine:
        client = engine.client()
        migrate(client, DATABASE)
        client.database = DATABASE
        fill(client, rows, activities=True)
    sys.stderr.write(f"{rows:,} interactions made in {time.perf_counter() - begun:.0f} s\n")


if __name__ == "__main__":
    main()
