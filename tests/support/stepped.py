"""A worker that does nothing until it is told to: it stops before each call to the sink.

So a test decides who does what when, down to a single table of a flush, and lets a call fail, a worker stall
between any two of them, or end there.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import AbstractContextManager, contextmanager
from enum import Enum
from threading import Semaphore, Thread
from typing import TYPE_CHECKING, Any

from schemas.errors import RetryLater
from sinks.sink import Flush
from streams.pipeline import Pipeline
from streams.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from sinks.memory import MemorySink
    from streams.pipeline import Batch, Source


class Step(Enum):
    """What becomes of a call to the sink."""

    WORKS = "works"
    REFUSED = "refused"
    """It fails and has done nothing."""
    UNCONFIRMED = "unconfirmed"
    """It has been done, and yet the worker is told that it failed."""
    DEADLY = "deadly"
    """The worker ends before it."""


class _Killed(BaseException):
    """Ends a worker where it stands; nothing in the core may catch it."""


class _SteppedSink:
    """What one worker sees of the sink that all share: every call waits for its turn."""

    def __init__(self, sink: MemorySink, turn: Callable[[], AbstractContextManager[None]]) -> None:
        self._sink = sink
        self._turn = turn

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._sink, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            with self._turn():
                return method(*args, **kwargs)

        return call

    def write(self, flush: Flush) -> None:
        for part in _parts(flush):
            with self._turn():
                self._sink.write(part)


def _parts(flush: Flush) -> Iterator[Flush]:
    """What is written at once: a table, and of the interactions a month."""
    months = defaultdict(list)
    for row in flush.interactions:
        months[row.published.year, row.published.month].append(row)
    for name in ("dead_letters", "registry_changes", "minutes", "conversations"):
        if rows := getattr(flush, name):
            yield Flush(**{name: rows})
    for rows in months.values():
        yield Flush(interactions=tuple(rows))
    if flush.activities:
        yield Flush(activities=flush.activities)


class SteppedWorker:
    """A store with its pipeline, which folds and writes in a thread of its own, one step at a time.

    Args:
        sink: What all workers share.
        source: What they read.
        capacity: Activities that the worker remembers.
    """

    def __init__(self, sink: MemorySink, source: Source, capacity: int) -> None:
        stepped: Any = _SteppedSink(sink, self._turn)
        self.store = Store(stepped, Pipeline(stepped, capacity=capacity), lambda: source)
        self.batches: Mapping[int, Batch] = {}
        """What it is about to store; empty while it is idle."""
        self.stored = False
        """Whether it has stored what it was told to last."""
        self.leaving = False
        """Whether it gives up at the next failure."""
        self._next = Step.WORKS
        self._go, self._stands = Semaphore(0), Semaphore(0)
        self._thread: Thread | None = None
        self._error: BaseException | None = None

    def begin(self, batches: Mapping[int, Batch], now: datetime) -> None:
        """Go as far as before the first call to the sink."""
        self.batches, self.stored = batches, False
        self._thread = Thread(target=self._work, args=(now,), daemon=True)
        self._thread.start()
        self._wait()

    def step(self, what: Step = Step.WORKS) -> None:
        """Make one call, and go as far as before the next."""
        self._next = what
        self._go.release()
        self._wait()

    def finish(self) -> None:
        """Make all calls that are left."""
        while self.batches:
            self.step()

    def kill(self) -> None:
        """End it where it stands; it is not to be used again."""
        if self.batches:
            self.step(Step.DEADLY)

    def _wait(self) -> None:
        self._stands.acquire()
        if not self.batches and self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._error is not None:
            raise self._error

    def _work(self, now: datetime) -> None:
        try:
            self.stored = self.store.store(self.batches, now, lambda _: self.leaving) is not None
        except _Killed:
            pass
        except BaseException as error:  # noqa: BLE001 - raised again in the test's thread
            self._error = error
        finally:
            self.batches = {}
            self._stands.release()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self._stands.release()
        self._go.acquire()
        what = self._next
        if what is Step.DEADLY:
            raise _Killed
        if what is Step.REFUSED:
            raise RetryLater("the sink is away")
        yield
        if what is Step.UNCONFIRMED:
            raise RetryLater("the sink went away")
