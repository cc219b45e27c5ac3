"""Texts that each label reads in a second of one core, when no cache knows them; and all labels together.

python bench/labels.py --json
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.event import Activity, Actor, SocialEvent
from streams.labels import label
from streams.labels.deflection import deflection
from streams.labels.language import is_english
from streams.labels.love import love
from streams.labels.question import question
from streams.labels.sentiment import sentiment
from streams.labels.signature import signature
from streams.labels.sketch import sketch
from streams.labels.thanks import thanks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLES = Path(__file__).parent.parent / "tests" / "streams" / "labels" / "examples"
LABELS: dict[str, Callable[[str], object]] = {
    "language": lambda text: is_english(text, None),
    "question": lambda text: question(text, "en"),
    "thanks": lambda text: thanks(text, "en"),
    "love": lambda text: love(text, "en"),
    "sentiment": lambda text: sentiment(text, "en"),
    "deflection": lambda text: deflection(text, "en"),
    "signature": signature,
    "sketch": sketch,
}


def texts() -> Iterator[str]:
    """Texts of a tweet's length without end, no two of them the same."""
    found: list[str] = []
    for name in ("customer", "brand"):
        with (EXAMPLES / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
            found += [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    for number in itertools.count():
        yield f"{found[number % len(found)]} {found[number * 7 % len(found)]} {number}"


def rate(call: Callable[[str], object], some: list[str]) -> float:
    started = time.process_time()
    for text in some:
        call(text)
    return len(some) / (time.process_time() - started)


def all_labels(text: str) -> object:
    event = SocialEvent.model_construct(
        platform="x",
        activity=Activity.POST,
        id=text,
        actor=Actor.model_construct(id="1", kind=None),
        published=datetime(2024, 1, 1, tzinfo=UTC),
        text=text,
    )
    return label(event, brand=None, by_brand=True, answers_customer=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=5_000, help="texts a label (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    options = parser.parse_args()
    source = texts()
    rates = {name: rate(call, list(itertools.islice(source, options.texts))) for name, call in LABELS.items()}
    some = list(itertools.islice(source, options.texts))
    rates["all of a brand's reply"] = rate(all_labels, some)
    rates["all again, from the cache"] = rate(all_labels, some)
    if options.json:
        print(json.dumps({"texts_per_second": {name: round(value) for name, value in rates.items()}}))
        return
    for name, value in rates.items():
        print(f"{name:26} {value:9,.0f} texts/s")


if __name__ == "__main__":
    main()
