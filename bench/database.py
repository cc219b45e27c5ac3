"""ClickHouse for one round: the embedded engine behind its HTTP front, in a process of its own.

python -m bench.database FOLDER    # prints the address, serves it until its input ends
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Self

from pydantic import SecretStr

from schemas.settings import Settings
from sinks.engine import Engine
from sinks.front import Front
from streams.process import die_with_parent, end


class Database:
    """The process. A context manager.

    Args:
        folder: Where its data is; empty, or that of an earlier one.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.address = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.database", str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - one system call, loaded before the fork
        )
        assert self._process.stdout
        self.address = self._process.stdout.readline().decode().strip()
        if not self.address:
            sys.exit("the database did not start")
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    pipe.close()
            end(self._process, patience=30.0)

    def settings(self, **more: object) -> Settings:
        """Settings that point here.

        Args:
            more: Other settings.
        """
        return Settings(_env_file=None).model_copy(update={"clickhouse": SecretStr(self.address), **more})


def main() -> None:
    with Engine(Path(sys.argv[1])) as engine, Front(engine, 0) as front:
        print(front.address, flush=True)
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
