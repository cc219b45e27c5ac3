"""Runs one command; however it ends, the user sees at most one line about it and gets its exit code."""

from __future__ import annotations

import logging
import os
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn

import typer

from schemas.errors import HubbubError, RetryLater
from streams.cli import INTERRUPTED
from streams.cli.app import app

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

BUG = 1
MISTAKE = 2
TERMINATED = 128 + signal.SIGTERM

_DRIVERS = frozenset({"clickhouse_connect", "kafka", "urllib3"})


def run(arguments: Sequence[str]) -> int:
    """Run a command.

    Args:
        arguments: What stands behind `hubbub`.

    Returns:
        The exit code: 0, 1 for a bug of ours (and where demo or reconcile find numbers that differ), 2 for
        what the user can mend, 130 and 143 after SIGINT and SIGTERM.
    """
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    _quieten()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without the sparklines' blocks shows `?`
    try:
        return _outcome(arguments)
    finally:
        _flush()


def _quieten() -> None:
    """Our own warnings are lines like our errors; what the drivers log, we raise."""
    handler = logging.StreamHandler()
    handler.addFilter(lambda record: record.name.partition(".")[0] not in _DRIVERS)
    logging.basicConfig(level=logging.WARNING, format="hubbub: %(message)s", handlers=[handler])


def _outcome(arguments: Sequence[str]) -> int:
    command = typer.main.get_command(app)
    try:
        code = command.main(list(arguments) or ["--help"], prog_name="hubbub", standalone_mode=False)
    except RetryLater as error:
        return _say(f"{error} - try again", MISTAKE)
    except HubbubError as error:
        return _say(str(error), MISTAKE)
    except typer.TyperException as error:
        return _say(_usage(error), error.exit_code)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("HUBBUB_DEBUG", "") not in ("", "0"):
            raise
        what = f"{type(error).__name__}: {error}"
        return _say(f"{what} - this is a bug; run with HUBBUB_DEBUG=1 for the traceback", BUG)
    return code if isinstance(code, int) else 0


def _stop(number: int, _: FrameType | None) -> NoReturn:
    # What has to be stopped is stopped once: the second Ctrl-C of an impatient hand would leave processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if number == signal.SIGTERM:
        raise SystemExit(TERMINATED)
    raise KeyboardInterrupt


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "hubbub"
    message = error.format_message().rstrip(".").replace(": Value error,", ":")
    return f"{message[:1].lower()}{message[1:]} (see {path} --help)"


def _say(message: str, code: int) -> int:
    with suppress(OSError):
        print("hubbub:", " ".join(message.split("\n")), file=sys.stderr)  # noqa: T201 - rich would wrap it
    return code


def _flush() -> None:
    """Hand out what is buffered; when nobody reads it any more, not again at the interpreter's end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
