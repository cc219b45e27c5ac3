"""Probes: posts of a brand of their own, and when a view shows them."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from schemas.event import Activity, Actor, SocialEvent
from schemas.registry import Account, Brand
from sinks.connect import connect
from streams.ingest import message
from streams.kafka import open_producer

if TYPE_CHECKING:
    from schemas.settings import Settings

BRAND = Brand(name="probe", account=(Account(platform="x", id="probe"),))
_PERIOD, _LOOK = 0.05, 0.02  # seconds between two probes, and between two looks at the view
_PATIENCE = 30.0  # seconds for the last of them
_QUERY = (
    "SELECT id FROM interaction_facts WHERE brand = 'probe' AND published >= {since:DateTime64(6, 'UTC')}"
)


class Probes:
    """Sends probes for some time, and looks for them.

    Args:
        settings: Where everything is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sent: dict[str, float] = {}
        self._seen: dict[str, float] = {}
        self._done = threading.Event()

    def run(self, seconds: float) -> list[float]:
        """Seconds from `produce` until the view has shown it, of every probe; infinite where it never did."""
        looking = threading.Thread(target=self._look)
        looking.start()
        try:
            self._send(seconds)
        finally:
            self._done.set()
            looking.join()
        return [self._seen.get(probe, float("inf")) - sent for probe, sent in self._sent.items()]

    def _send(self, seconds: float) -> None:
        begun = time.perf_counter()
        with open_producer(self._settings) as producer:
            while time.perf_counter() - begun < seconds:
                now = datetime.now(UTC)
                event = SocialEvent(
                    platform="x",
                    activity=Activity.POST,
                    id=f"probe-{now.timestamp():.6f}",
                    actor=Actor(id="probe"),
                    published=now,
                    text="Is anybody there?",
                )
                self._sent[event.id] = time.perf_counter()
                producer.send(self._settings.topic, event.id.encode(), message(event))
                time.sleep(_PERIOD)
            producer.flush(self._settings.topic)

    def _look(self) -> None:
        since, until = datetime.now(UTC), None
        with closing(connect(self._settings)) as client:
            while not (self._done.is_set() and len(self._seen) == len(self._sent)):
                if self._done.is_set():
                    until = until or time.perf_counter() + _PATIENCE
                    if time.perf_counter() > until:
                        return
                rows = client.query(_QUERY, {"since": since}).result_rows
                now = time.perf_counter()
                for (probe,) in rows:
                    self._seen.setdefault(probe, now)
                time.sleep(_LOOK)
