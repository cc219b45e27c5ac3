"""Dead letters for people and for programs."""

from __future__ import annotations

import base64
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from schemas.errors import BadInput
from sinks.letters import letters_at, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from clickhouse_connect.driver.client import Client

    from schemas.rows import DeadLetterRow
    from sinks.letters import Group
    from streams.letters import Judged

_SHAPE = "write topic/epoch/partition/offset, as hubbub dead-letters list has it"
_LARGEST = 2**63
_LONGEST = 80
"""Characters of a detail in a table."""


def one_letter(client: Client, text: str) -> DeadLetterRow:
    """The letter of a place that somebody has typed, with or without its epoch.

    Raises:
        BadInput: It is no place, or no letter is there, or several are.
    """
    topic, epoch, partition, offset = _read_place(text)
    found = [
        letter
        for letter in letters_at(client, topic, partition, offset)
        if epoch is None or letter.source_epoch == epoch
    ]
    if not found:
        raise BadInput(
            "there is no dead letter; hubbub dead-letters list --all has those there are", where=text
        )
    if found[1:]:
        places = ", ".join(str(place_of(letter)) for letter in found)
        raise BadInput(f"there are several: {places}", where=text)
    return found[0]


def _read_place(text: str) -> tuple[str, int | None, int, int]:
    topic, *numbers = text.split("/")
    if not topic or len(numbers) not in (2, 3) or not all(map(_is_number, numbers)):
        raise BadInput(f"is no place; {_SHAPE}", where=text)
    *epoch, partition, offset = map(int, numbers)
    return topic, epoch[0] if epoch else None, partition, offset


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < len(str(_LARGEST))


def table(groups: Sequence[Group]) -> Table:
    """The groups of letters, one a row."""
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    drawn.add_column("letters", justify="right", style="bold")
    for name in ("reason", "field", "first", "last", "detail of the newest", "for example"):
        drawn.add_column(name, overflow="fold")
    for group in groups:
        detail = printable(group.detail)
        drawn.add_row(
            f"{group.count:,}",
            group.reason,
            printable(group.field),
            f"{group.first:%Y-%m-%d %H:%M}",
            f"{group.last:%Y-%m-%d %H:%M}",
            detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]}…",
            "\n".join(printable(str(place)) for place in group.examples),
        )
    return drawn


def group_json(group: Group) -> dict[str, object]:
    """A group of letters for programs."""
    return {
        "reason": group.reason,
        "field": group.field,
        "count": group.count,
        "first": group.first.isoformat(),
        "last": group.last.isoformat(),
        "detail": group.detail,
        "examples": [str(place) for place in group.examples],
    }


def letter_lines(letter: DeadLetterRow) -> Iterator[str]:
    """A letter for people: JSON is set out, anything else is escaped where it is no text."""
    yield f"place     {printable(str(place_of(letter)))}"
    yield f"refused   {letter.refused_at:%Y-%m-%d %H:%M:%S} UTC"
    yield f"reason    {letter.reason}"
    if letter.field:
        yield f"field     {printable(letter.field)}"
    if letter.detail:
        yield f"detail    {printable(letter.detail)}"
    if letter.control:
        yield "control   it carried the header hubbub-control, and is no event"
    if letter.replayed_at is not None:
        yield f"replayed  {letter.replayed_at:%Y-%m-%d %H:%M:%S} UTC"
    yield f"body      {len(letter.body):,} bytes"
    if letter.body:
        yield ""
        yield printable(_set_out(letter.body))


def letter_json(letter: DeadLetterRow) -> dict[str, object]:
    """A letter for programs; its body in base64 where it is no UTF-8."""
    told = letter.model_dump(mode="json", exclude={"body"})
    try:
        body: dict[str, object] = {"body": letter.body.decode()}
    except UnicodeDecodeError:
        body = {"body_base64": base64.b64encode(letter.body).decode()}
    return {"place": str(place_of(letter)), **told, **body}


def refused_counts(judged: Judged) -> list[dict[str, Any]]:
    """How many letters stay, by today's reason and field, the most first."""
    counts = Counter((refused.reason, refused.field) for _, refused in judged.refused)
    return [
        {"reason": reason, "field": field, "count": count} for (reason, field), count in counts.most_common()
    ]


def printable(text: str) -> str:
    """Text that cannot move a terminal's cursor or change its colours; lines stay lines."""
    return "".join(
        sign if sign.isprintable() or sign == "\n" else sign.encode("unicode_escape").decode()
        for sign in text
    )


def _set_out(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body.decode(errors="backslashreplace")
