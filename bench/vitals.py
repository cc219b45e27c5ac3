"""What a worker says of itself."""

from __future__ import annotations

import re
import socket
import urllib.request
from dataclasses import dataclass

_ADDRESS = "{}://127.0.0.1:{}/metrics"


@dataclass(frozen=True, slots=True)
class Vitals:
    """One look at workers."""

    read: int = 0
    """Events."""
    lag: int = 0
    """Events that are not stored."""
    partitions: int = 0
    last_stored: float = 0.0
    """When, in Unix seconds."""


def vitals(port: int) -> Vitals | None:
    """What the worker on a health port says; None while it does not answer yet.

    Args:
        port: On the loopback interface.
    """
    try:
        with urllib.request.urlopen(_ADDRESS.format("http", port), timeout=10) as answer:
            text = answer.read().decode()
    except OSError:
        return None

    def total(name: str) -> float:
        found = re.findall(rf"^{name}(?:_total)?(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)
        return sum(map(float, found))

    return Vitals(
        read=int(total("hubbub_events_read")),
        lag=int(total("hubbub_lag_events")),
        partitions=int(total("hubbub_partitions_assigned")),
        last_stored=total("hubbub_last_stored_timestamp_seconds"),
    )


def free_port() -> int:
    """A port of the loopback interface that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
