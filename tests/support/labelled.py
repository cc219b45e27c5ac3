"""Examples that were labelled by hand, and how well labels do on them.

Ours (`customer.tsv`, `brand.tsv`) were written before the rules, by the same hand: read them as a
specification, not as a measurement. The tweets ("Customer Support on Twitter") are kept as ids, without text:

- `twcs_read_*` had been read when the rules were written.
- `twcs_unread_*` were labelled before any rule had met them, and only sentiment was tuned on them afterwards.
  One rule, that thanks at the end of a question are in advance, was written while labelling them. Three
  quarters of the customers' were picked for words such as "thanks" and "love", or there would be too few.
- `twcs_last_customer` was drawn at random and labelled before any rule had met it; nothing was tuned on it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EXAMPLES = Path(__file__).parent.parent / "streams" / "labels" / "examples"
TRUTH = {"y": True, "n": False, "?": None, "+": 1, "0": 0, "-": -1}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the files with examples, tab separated."""
    with (EXAMPLES / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def with_text(name: str, data: Path | None) -> list[dict[str, str]]:
    """The rows with their text, which tweets take from the folder with real conversations."""
    found = rows(name)
    if data is None or "text" in found[0]:
        return found
    with (data / "twcs_5000.csv").open(encoding="utf-8", newline="") as file:
        texts = {row["tweet_id"]: row["text"] for row in csv.DictReader(file)}
    return [row | {"text": texts[row["tweet_id"]]} for row in found]


@dataclass(frozen=True)
class Score:
    """How often a label is right where it says something, and how much of it it finds."""

    hits: int
    said: int
    true: int

    @property
    def precision(self) -> float:
        return self.hits / self.said

    @property
    def recall(self) -> float:
        return self.hits / self.true

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.2f} ({self.hits}/{self.said}),"
            f" recall {self.recall:.2f} ({self.hits}/{self.true})"
        )


def score(pairs: Iterable[tuple[object, object]], is_it: Callable[[object], bool]) -> Score:
    """The score of a label.

    Args:
        pairs: What the label says, and what is true.
        is_it: Whether a value is what is looked for.
    """
    pairs = list(pairs)
    return Score(
        hits=sum(is_it(truth) and said == truth for said, truth in pairs),
        said=sum(is_it(said) for said, _ in pairs),
        true=sum(is_it(truth) for _, truth in pairs),
    )
