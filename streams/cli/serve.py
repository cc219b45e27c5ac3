"""A Faust app in the foreground, until a signal or a failure ends it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import faust

from schemas.errors import HubbubError
from streams.transport import relax_garbage_collection

if TYPE_CHECKING:
    from faust.types import AppT


_DRIVERS = frozenset({"aiokafka", "clickhouse_connect", "urllib3"})
"""What they log, we raise, or tell in one line."""


def serve(app: AppT) -> None:
    """Run an app; SIGINT and SIGTERM stop it cleanly.

    Raises:
        HubbubError: What has made it give up.
    """
    relax_garbage_collection()
    handler = logging.StreamHandler()
    handler.addFilter(_is_news)
    form = "%(asctime)s %(levelname)s %(message)s"
    logging.basicConfig(level=logging.WARNING, format=form, handlers=[handler], force=True)
    # It brings signal handlers of its own.
    worker = faust.Worker(app, override_logging=False, redirect_stdouts=False, quiet=True)
    worker.spinner = None  # it would write to standard output
    try:
        worker.execute_from_commandline()
    except SystemExit:
        reason = app.crash_reason or worker.crash_reason
        if isinstance(reason, HubbubError):
            raise reason from None
        raise


def _is_news(record: logging.LogRecord) -> bool:
    """Tell what has to be said from stories that are told in one line: a crash's, and of Kafka being away."""
    if record.name.partition(".")[0] in _DRIVERS:
        return False
    reason = record.exc_info[1] if record.exc_info else None
    return not isinstance(reason, HubbubError) and "We experienced a crash" not in record.getMessage()
