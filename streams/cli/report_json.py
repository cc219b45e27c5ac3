"""The report for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from streams.cli.figures import Figures


def report_json(
    period: tuple[datetime, datetime], whole: Sequence[Figures], windows: Sequence[Figures] | None
) -> dict[str, object]:
    """One object: the period and, for each brand, its metrics and sums, and those of each window.

    Args:
        period: From when until before when.
        whole: Each brand over the period.
        windows: Each brand over each window; None leaves them out.
    """
    return {
        "from": period[0].isoformat(),
        "to": period[1].isoformat(),
        "brands": [
            {
                "brand": figures.brand,
                "metrics": figures.metrics,
                "sums": figures.sums,
                **({} if windows is None else {"windows": _windows(figures.brand, windows)}),
            }
            for figures in whole
        ],
    }


def _windows(brand: str, windows: Sequence[Figures]) -> list[dict[str, object]]:
    return [
        {"at": figures.at.isoformat(), "metrics": figures.metrics, "sums": figures.sums}
        for figures in windows
        if figures.brand == brand
    ]
