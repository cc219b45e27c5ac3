"""The catalogue as a part of docs/metrics.md; what is around it is written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.metrics import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.metrics import Metric

BEGIN = "<!-- From the catalogue: python -m schemas.export -->"
END = "<!-- The end of the catalogue -->"

_SECTIONS = {
    "D": "Dialogue: with people, or at them?",
    "C": "Community: do people talk with one another?",
    "R": "Care: did we help?",
    "L": "Relationships: do they grow?",
    "A": "Partners: do customers speak for us?",
    "H": "Voices: is there a human behind the logo?",
    "M": "Market: what do people like, and whom do they trust?",
    "N": "Push: what drives them away?",
    "B": "By-products",
    "Q": "Can the numbers be trusted?",
}

_HEADINGS = (
    "id",
    "column",
    "metric",
    "formula",
    "unit",
    "of",
    "anchor",
    "from",
    "what it says",
    "a good value",
    "not on",
)


def with_catalogue(text: str) -> str:
    """The document with the catalogue as it is now.

    Args:
        text: The document, with the two marks between which the catalogue belongs.

    Raises:
        ValueError: A mark is missing.
    """
    before, begin, rest = text.partition(f"{BEGIN}\n")
    _, end, after = rest.partition(f"{END}\n")
    if not begin or not end:
        raise ValueError(f"the document has no place for the catalogue: {BEGIN} ... {END}")
    return f"{before}{begin}\n" + "\n".join(_catalogue()) + f"\n{end}{after}"


def _catalogue() -> Iterator[str]:
    for letter, title in _SECTIONS.items():
        yield f"### {title}\n"
        yield f"| {' | '.join(_HEADINGS)} |"
        yield "|---" * len(_HEADINGS) + "|"
        yield from (_row(metric) for metric in ENTRIES if metric.id.startswith(letter))
        yield ""


def _row(metric: Metric) -> str:
    if not metric.denominator:
        formula = f"`{metric.numerator}`"
    else:
        formula = f"`({metric.numerator}) / ({metric.denominator})`"
    cells = (
        metric.id,
        f"`{metric.column}`",
        metric.name,
        formula,
        metric.unit,
        metric.grain,
        metric.anchor,
        f"`{metric.source}`",
        metric.description,
        metric.good,
        ", ".join(metric.cannot),
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
