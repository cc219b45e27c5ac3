"""Which event of a batch it is that the fold cannot take: the batch is halved until one is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.control import Control, encode
from streams.decode import Refusal
from streams.ingest import message
from streams.pipeline import Batch
from streams.unforeseen import unforeseen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.event import SocialEvent

Batches = dict[int, Batch]
"""By partition."""


def halves(batches: Mapping[int, Batch]) -> list[Batches]:
    """Two parts of some batches, the later one first; none where there is nothing to divide."""
    items = list(batches.items())
    if len(items) > 1:
        middle = len(items) // 2
        return [dict(items[middle:]), dict(items[:middle])]
    number, batch = items[0]
    # Distinct: what is delivered again may stand in a batch twice.
    offsets = sorted({arrival.offset for arrival in batch.arrivals})
    if not offsets[1:]:
        return []
    cut = offsets[len(offsets) // 2]
    return [{number: _part(batch, cut, batch.end)}, {number: _part(batch, batch.start, cut)}]


def refused(batches: Mapping[int, Batch], error: Exception) -> Batches | None:
    """The same without its only event, which is refused for an error; None where there is no event."""
    ((number, batch),) = batches.items()
    if not batch.arrivals:
        return None
    offset, item = batch.arrivals[0]
    body, control = _body(item)
    refusal = Refusal(offset, body, unforeseen(error), control)
    return {number: Batch([], [*batch.refusals, refusal], batch.start, batch.end, batch.dropped)}


def joined(refusals: Mapping[int, Batch], left: list[Mapping[int, Batch]]) -> Mapping[int, Batch]:
    """What was refused, together with what comes next in its partition: one flush less.

    Args:
        refusals: A batch without events.
        left: What is still to be folded, the next one last; that is taken from it if it fits.
    """
    ((number, before),) = refusals.items()
    if not left or left[-1].keys() != refusals.keys():
        return refusals
    after = left.pop()[number]
    return {
        number: Batch(
            after.arrivals,
            [*before.refusals, *after.refusals],
            before.start,
            after.end,
            [*before.dropped, *after.dropped],
        )
    }


def _part(batch: Batch, start: int, end: int) -> Batch:
    return Batch(
        [arrival for arrival in batch.arrivals if start <= arrival.offset < end],
        [refusal for refusal in batch.refusals if start <= refusal.offset < end],
        start,
        end,
        [offset for offset in batch.dropped if start <= offset < end],
    )


def _body(item: SocialEvent | Control) -> tuple[bytes, bool]:
    """An arrival as a message, and whether it is a control."""
    if isinstance(item, Control):
        return encode(item)[0], True
    return message(item), False
