"""The real command in processes of its own, with a fresh home; one replayed folder for all who only read."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLE = Path(__file__).parent / "sample"
DEADLINE = 60.0


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """A home and working folder with the sample files; nothing of ours is set in the environment."""
    home = tmp_path_factory.mktemp("home")
    for file in SAMPLE.iterdir():
        (home / file.name).write_bytes(file.read_bytes())
    return home


@pytest.fixture(scope="session")
def environment(home):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUBBUB_")}
    return {**kept, "HOME": str(home), "COLUMNS": "200", "PYTHONUTF8": "1"}


@pytest.fixture(scope="session")
def hubbub(home, environment):
    """Run a command to its end."""

    def run(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "streams.cli", *map(str, arguments)],
            env=environment | settings,
            cwd=home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )

    return run


@pytest.fixture
def start(home, environment) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command, which is gone after the test; in a process group of its own."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: object, **settings: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "streams.cli", *map(str, arguments)],
            env=environment | {"PYTHONUNBUFFERED": "1"} | settings,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def refused(hubbub):
    """Run a command that cannot work: exit code 2, nothing on standard output, one line that is returned."""

    def run(*arguments: object, **settings: str) -> str:
        done = hubbub(*arguments, **settings)
        assert done.returncode == 2, done
        assert done.stdout == ""
        assert done.stderr.startswith("hubbub: ")
        assert done.stderr.count("\n") == 1
        return done.stderr.removeprefix("hubbub: ").rstrip()

    return run


@pytest.fixture(scope="session")
def replayed(hubbub, tmp_path_factory):
    """A folder with the sample in it. Only for reading; the engine lets one process in at a time."""
    pytest.importorskip("chdb", reason="needs the embedded engine: pip install 'hubbub[embedded]'")
    data = tmp_path_factory.mktemp("replayed") / "data"
    done = hubbub("replay", "--format", "jsonl", "--brands", "brands.toml", "events.jsonl", "--data", data)
    assert done.returncode == 0, done.stderr
    return SimpleNamespace(data=data, output=done.stdout)


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait for a condition."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.02)

    return wait
