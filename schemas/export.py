"""The documents that the code writes.

The JSON Schema of the social event, for those who write collectors: docs/social-event.schema.json. The table
of the metrics, for those who read them: in docs/metrics.md, the rest of which is written by hand.

python -m schemas.export            writes them
python -m schemas.export --check    fails where one is not what would be written
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.event import ACTS_ON, SocialEvent
from schemas.metrics.document import with_catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

_DOCS = Path(__file__).parent.parent / "docs"
SCHEMA = _DOCS / "social-event.schema.json"
METRICS = _DOCS / "metrics.md"
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
    """The schema's file."""
    return json.dumps(event_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None, *, schema: Path = SCHEMA, metrics: Path = METRICS) -> int:
    """Write the files, or with `--check` compare them.

    Returns:
        The exit code: 0; 1 where a file differs or is missing; 2 for unknown arguments.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given not in ([], ["--check"]):
        sys.stderr.write("usage: python -m schemas.export [--check]\n")
        return 2
    wanted = {schema: as_text(), metrics: with_catalogue(metrics.read_text(encoding="utf-8"))}
    code = 0
    for path, text in wanted.items():
        if not given:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        elif not path.exists() or path.read_bytes() != text.encode():
            sys.stderr.write(f"{path.name} is not up to date: python -m schemas.export\n")
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
