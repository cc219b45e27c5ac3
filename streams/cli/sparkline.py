"""Numbers as a little drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
GAP = " "


def sparkline(values: Sequence[float | None], top: float | None = None) -> str:
    """One block a value, as high as it is; what is not known is a gap.

    Args:
        values: The numbers; the foot of the blocks is 0, or the lowest of them where that is below.
        top: The value of a full block; by default the highest one.
    """
    known = [value for value in values if value is not None]
    highest = top if top is not None else max(known, default=0)
    lowest = min(0.0, *known) if known else 0.0
    return "".join(GAP if value is None else _block(value - lowest, highest - lowest) for value in values)


def _block(value: float, top: float) -> str:
    share = min(1.0, value / top) if top > 0 else 0.0
    return BLOCKS[min(len(BLOCKS) - 1, int(share * len(BLOCKS)))]
