"""What people write, real and simulated, for the labels to read."""

from __future__ import annotations

import csv
import html
import json
import re
from functools import cache
from typing import TYPE_CHECKING

from streams.simulator import simulate

if TYPE_CHECKING:
    from pathlib import Path


@cache
def real_texts(data: Path) -> tuple[str, ...]:
    """The different texts in the folder with real conversations."""
    with (data / "twcs_5000.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    texts += [post["record"]["text"] for post in _lines(data / "bluesky_post_views.jsonl")]
    texts += [
        html.unescape(re.sub(r"<[^>]*>", "", status["content"]))
        for status in _lines(data / "mastodon_statuses.jsonl")
    ]
    return tuple(dict.fromkeys(texts))


@cache
def simulated_texts() -> tuple[str, ...]:
    """The different texts of a simulated week."""
    return tuple(dict.fromkeys(event.text for event in simulate(days=7).events if event.text))


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
