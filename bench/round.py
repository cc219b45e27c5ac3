"""One contender, once: a process of its own, on a database of its own, that answers with one line."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contender import Task
from bench.database import Database
from sinks.connect import connect
from streams.process import die_with_parent, end

if TYPE_CHECKING:
    from bench.topic import Loaded

VENV = Path(__file__).parent.parent / ".venv-bench"
"""Where the packages are that only the bench needs, in versions of their own."""
_DEADLINE = 6 * 3600.0  # seconds


@dataclass(frozen=True, slots=True)
class Contender:
    """Who takes part."""

    name: str
    module: str
    slow: bool = False
    """Whether it is given only the first of the events."""
    database: bool = True
    keeps_all: bool = False
    """Whether it stores a row for every event, in a table `events`."""
    own_packages: bool = False
    """Whether it runs with the interpreter in VENV."""

    @property
    def python(self) -> Path:
        """The interpreter that it runs with."""
        return VENV / "bin" / "python" if self.own_packages else Path(sys.executable)

    @property
    def missing(self) -> str | None:
        """Why it cannot take part; None: it can."""
        if self.own_packages:
            probe = [str(self.python), "-c", "import quixstreams, clickhouse_connect"]
            if not self.python.exists() or subprocess.run(probe, capture_output=True, check=False).returncode:
                return f"not installed in {VENV.name}: make bench installs it"
        return None


CONTENDERS = (
    Contender("hubbub", "hubbub"),
    Contender("stock-faust", "stock_faust", slow=True, keeps_all=True),
    Contender("quixstreams", "quix", slow=True, keeps_all=True, own_packages=True),
    Contender("clickhouse-raw", "clickhouse_raw", keeps_all=True),
    Contender("transport", "transport", database=False),
    Contender("decode", "decode", database=False),
    Contender("fold", "fold", slow=True, database=False),
    Contender("sink", "sink", slow=True),
)
"""In the order of the table."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one contender did in one round."""

    events: int
    seconds: float
    rss_mib: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds


def one_round(
    contender: Contender,
    loaded: Loaded,
    *,
    events: int | None = None,
    workers: int = 1,
    samples: Path | None = None,
    folder: Path | None = None,
) -> Outcome:
    """Run a contender.

    Args:
        contender: Which.
        loaded: The topic, and the data set in it.
        events: How many of them it is given; None for all. hubbub always gets all.
        workers: Workers of hubbub.
        samples: File for how its memory grows; hubbub's only.
        folder: Folder of a database to run on; None for an empty one.
    """
    with ExitStack() as exits:
        folder = folder or Path(exits.enter_context(tempfile.TemporaryDirectory()))
        database = exits.enter_context(Database(folder)) if contender.database else None
        task = Task(
            bootstrap=loaded.bootstrap,
            topic=loaded.topic,
            partitions=loaded.partitions,
            clickhouse=database.address if database else "",
            database="bench",
            data=loaded.data.path,
            events=min(events or loaded.events, loaded.events),
            workers=workers,
            samples=samples,
        )
        module = f"bench.contenders.{contender.module}"
        line = _answer([str(contender.python), "-m", module, *task.arguments()])
        stored = _stored(database, task) if contender.keeps_all and database else task.events
    if stored != task.events:
        sys.exit(f"{contender.name} has stored {stored:,} of {task.events:,} events")
    return Outcome(**json.loads(line))


def _stored(database: Database, task: Task) -> int:
    with closing(connect(database.settings(database=task.database))) as client:
        return int(client.query("SELECT count() FROM events").first_row[0])


def _answer(command: list[str]) -> str:
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=die_with_parent(),  # noqa: PLW1509 - one system call, loaded before the fork
    )
    try:
        output, errors = process.communicate(timeout=_DEADLINE)
    finally:
        end(process, patience=30.0)
    if process.returncode or not output:
        sys.exit(f"no result of {' '.join(command)}\n{errors.decode()}")
    return output.decode().strip().rpartition("\n")[2]
