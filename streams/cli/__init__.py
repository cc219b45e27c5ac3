"""The `hubbub` command: one file a command, its heavy modules imported only when it runs."""

from __future__ import annotations

import signal
import sys

INTERRUPTED = 128 + signal.SIGINT


def main() -> int:
    """Run the command that the command line names; gives the exit code."""
    try:
        from streams.cli.run import run
    except KeyboardInterrupt:  # before there is anybody to take it in
        return INTERRUPTED
    try:
        return run(sys.argv[1:])
    except KeyboardInterrupt:  # in the moment before it is ready, or after it is done
        return INTERRUPTED
