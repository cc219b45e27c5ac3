"""How much may be refused before it is no longer a matter of some bad events."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from schemas.errors import Stop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.pipeline import Batch

SAMPLE = 2_000
"""Events over which the share is taken; as long as fewer have come, it is not judged."""
_NAMED = 3
"""Refusals and reasons that a message names."""
_LONGEST = 120
"""Characters of a refusal's detail in a message."""


class Letter(NamedTuple):
    """What is remembered of a refused event."""

    partition: int
    offset: int
    reason: str
    field: str
    detail: str


Outcome = int | Letter
"""So many events in a row that could be used, or one that could not."""


@dataclass(frozen=True)
class Limit:
    """What is let pass.

    Args:
        share: Of the last `sample` events, the share that may be refused; 1: all.
        run: Events in a row that may be refused; 0: any number.
        sample: Events over which the share is taken.
        only: Refusals for this reason alone count as such; empty: for any.
    """

    share: float
    run: int
    sample: int = SAMPLE
    only: str = ""


UNLIMITED = Limit(share=1.0, run=0)


class Tally:
    """The outcome of the latest events, held against a limit.

    Events that come again count again: it is about what a worker sees, and not about what is stored. It
    starts anew with each worker.
    """

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._spans: deque[tuple[int, bool]] = deque()
        """The last `sample` events, as counts of neighbours of one kind; True: refused."""
        self._events = 0
        self._refused = 0
        self._run = 0
        self._letters: deque[Letter] = deque(maxlen=limit.sample)

    def after(self, outcomes: Iterable[Outcome]) -> Tally:
        """The tally when these events have been added, in their order; this one stays as it is.

        Raises:
            Stop: A limit is exceeded with them.
        """
        tally = Tally(self._limit)
        tally._spans.extend(self._spans)
        tally._events, tally._refused, tally._run = self._events, self._refused, self._run
        tally._letters.extend(self._letters)
        for outcome in outcomes:
            if isinstance(outcome, int):
                tally._use(outcome)
            elif self._limit.only in ("", outcome.reason):
                tally._refuse(outcome)
            else:
                tally._use(1)
        return tally

    def _use(self, count: int) -> None:
        if count:
            self._run = 0
            self._slide(count, is_refused=False)

    def _refuse(self, letter: Letter) -> None:
        self._run += 1
        self._letters.append(letter)
        self._slide(1, is_refused=True)
        if 0 < self._limit.run < self._run:
            what = f"{self._run} events in a row were refused"
            raise self._stop(what, self._run, "HUBBUB_DEAD_LETTER_RUN", self._limit.run, "0")
        if self._events == self._limit.sample and self._refused > self._limit.share * self._events:
            what = f"{self._refused} of the last {self._events} events were refused"
            raise self._stop(what, self._refused, "HUBBUB_DEAD_LETTER_SHARE", self._limit.share, "1")

    def _slide(self, count: int, *, is_refused: bool) -> None:
        """Move the window of the last `sample` events on."""
        self._events += count
        self._refused += count * is_refused
        if self._spans and self._spans[-1][1] is is_refused:
            count += self._spans.pop()[0]
        self._spans.append((count, is_refused))
        while (excess := self._events - self._limit.sample) > 0:
            first, was_refused = self._spans.popleft()
            gone = min(first, excess)
            if first > gone:
                self._spans.appendleft((first - gone, was_refused))
            self._events -= gone
            self._refused -= gone * was_refused

    def _stop(self, what: str, count: int, setting: str, value: float, off: str) -> Stop:
        letters = list(self._letters)[-count:]
        reasons = Counter(" ".join(filter(None, (letter.reason, letter.field))) for letter in letters)
        counts = [f"{number} {reason}" for reason, number in reasons.most_common(_NAMED)]
        if len(reasons) > _NAMED:
            counts.append(f"{reasons.total() - sum(n for _, n in reasons.most_common(_NAMED))} other")
        first = "; ".join(_told(letter) for letter in letters[:_NAMED])
        return Stop(
            f"{what}, which is more than {setting}={value:g} lets pass: {', '.join(counts)}; the first, by "
            f"partition/offset: {first} - nothing of the last batch is committed; mend what sends these "
            f"events, or go on all the same with a larger {setting} ({off}: no limit)"
        )


def outcomes(batches: Mapping[int, Batch]) -> Iterator[Outcome]:
    """What has become of the events of some batches, partition by partition in the order of the log.

    Controls, and direct messages that were dropped, are as good as events that could be used.
    """
    for partition, batch in batches.items():
        used = sorted([*(arrival.offset for arrival in batch.arrivals), *batch.dropped])
        start = 0
        for refusal in sorted(batch.refusals, key=lambda refusal: refusal.offset):
            stop = bisect_left(used, refusal.offset, start)
            yield stop - start
            error = refusal.error
            yield Letter(partition, refusal.offset, error.reason, error.field, error.detail)
            start = stop
        yield len(used) - start


def _told(letter: Letter) -> str:
    said = ": ".join(filter(None, (letter.reason, letter.field, letter.detail)))
    said = " ".join(said.split())
    return f"{letter.partition}/{letter.offset} {said if len(said) <= _LONGEST else said[:_LONGEST] + '…'}"
