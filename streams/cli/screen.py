"""Where commands write: results to standard output, progress to standard error."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PIPED = 200
"""Columns of a line when nobody looks: wide enough that tables do not wrap."""


def stdout() -> Console:
    """The console for results. Text is shown as it is; styles only in a terminal."""
    width = None if sys.stdout.isatty() else PIPED
    return Console(highlight=False, markup=False, emoji=False, width=width, soft_wrap=False)


def write(text: str) -> None:
    """Put a line of a result onto standard output, unwrapped."""
    sys.stdout.write(text + "\n")


def write_json(value: Mapping[str, object]) -> None:
    """Put a JSON document onto standard output; NaN has no place in it."""
    write(json.dumps(value, ensure_ascii=False, allow_nan=False))


def warn(text: str) -> None:
    """Tell of something that did not work and does not matter to the result."""
    sys.stderr.write(text + "\n")


def note(text: str) -> None:
    """Tell a person what goes on; not when standard error is no terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(text + "\n")


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error while it is a terminal.

    Args:
        what: What is being done.
        total: When it is done.

    Yields:
        To be told how far it is, in the unit of `total`.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
