"""The preview on the demo's data: the command itself, as whoever tries hubbub runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import SecretStr
from support.vital_signs import write_vital_signs

from schemas.settings import Settings
from sinks.connect import connect
from sinks.holder import running_front

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def previewed(folder: Path) -> Iterator[str]:
    """Run `hubbub dashboards preview --demo`, on workers that have run for some hours.

    Args:
        folder: For the demo's data, which is made; not there yet.

    Yields:
        The address.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUBBUB_")}
    command = ("dashboards", "preview", "--demo", "--data", str(folder), "--port", "0")
    process = subprocess.Popen(
        [sys.executable, "-m", "streams.cli", *command],
        env=kept | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        address = _address(process)
        _write_vital_signs(folder)
        yield address
    finally:
        process.terminate()
        process.communicate()


def _address(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if found := re.match(r"dashboards +(http://\S+)", line):
            return found[1]
    raise AssertionError(f"the preview ended with exit code {process.wait()}")


def _write_vital_signs(folder: Path) -> None:
    front = running_front(folder)
    assert front is not None
    with closing(connect(Settings(clickhouse=SecretStr(front)))) as client:
        # The demo's worker was at it for a minute, on events of long ago.
        for table in ("worker_minutes", "storage_minutes"):
            client.command(f"TRUNCATE TABLE {table}")
        write_vital_signs(client, datetime.now(UTC))
