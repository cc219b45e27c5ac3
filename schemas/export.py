"""The JSON Schema of the social event, for those who write collectors: docs/social-event.schema.json.

python -m schemas.export            writes the file
python -m schemas.export --check    fails where the file is not what would be written
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.event import ACTS_ON, SocialEvent

if TYPE_CHECKING:
    from collections.abc import Sequence

TARGET = Path(__file__).parent.parent / "docs" / "social-event.schema.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def event_schema() -> dict[str, Any]:
    """The schema, with what pydantic cannot know: which activity needs which field."""
    schema = SocialEvent.model_json_schema(mode="validation")
    _drop_titles(schema)
    return {
        "$schema": _DIALECT,
        "description": "One thing that somebody did on a social platform: one JSON object a message, keyed "
        "by its conversation. Unknown fields are ignored. A time without an offset is taken as UTC.",
        **{key: value for key, value in schema.items() if key != "description"},
        "allOf": [_requirement(field) for field in dict.fromkeys(ACTS_ON.values())],
    }


def _requirement(field: str) -> dict[str, Any]:
    activities = sorted(activity.value for activity, needed in ACTS_ON.items() if needed == field)
    # Without the $ref, `null` would do: as a plain property the field is optional, so null is allowed there.
    return {
        "if": {"properties": {"activity": {"enum": activities}}, "required": ["activity"]},
        "then": {"properties": {field: {"$ref": "#/$defs/Reference"}}, "required": [field]},
    }


def _drop_titles(schema: dict[str, Any]) -> None:
    """Drop the titles that pydantic makes of the fields' names: they say nothing more."""
    for part in (schema, *schema.get("$defs", {}).values()):
        for field in part.get("properties", {}).values():
            field.pop("title", None)


def as_text() -> str:
    """The file's content."""
    return json.dumps(event_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None, *, target: Path = TARGET) -> int:
    """Write the file, or with `--check` compare it.

    Returns:
        The exit code: 0; 1 where the file differs or is missing; 2 for unknown arguments.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given not in ([], ["--check"]):
        sys.stderr.write("usage: python -m schemas.export [--check]\n")
        return 2
    if not given:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(as_text().encode())
        return 0
    if target.exists() and target.read_bytes() == as_text().encode():
        return 0
    sys.stderr.write(f"{target.name} is not up to date: python -m schemas.export\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
