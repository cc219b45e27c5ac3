"""docs/social-event.schema.json says what the event's own check says, docs/metrics.md what the catalogue."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from schemas.event import ACTS_ON, Activity, Reference, SocialEvent
from schemas.export import METRICS, SCHEMA, as_text, event_schema, main
from schemas.metrics import ENTRIES
from schemas.metrics.document import BEGIN, END, with_catalogue

if TYPE_CHECKING:
    from pathlib import Path


def requirements(schema: dict[str, Any]) -> dict[str, str]:
    """Activity to the field that the schema's conditions ask for."""
    found: dict[str, str] = {}
    for condition in schema["allOf"]:
        assert condition.keys() == {"if", "then"}
        assert condition["if"]["required"] == ["activity"]
        (field,) = condition["then"]["required"]
        assert condition["then"]["properties"] == {field: {"$ref": "#/$defs/Reference"}}
        for activity in condition["if"]["properties"]["activity"]["enum"]:
            assert activity not in found
            found[activity] = field
    return found


def test_the_committed_file_is_up_to_date() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == as_text()
    assert main(["--check"]) == 0


def test_it_has_a_name_and_says_of_every_field_what_it_is() -> None:
    schema = event_schema()
    assert schema["title"] == "SocialEvent"
    assert schema["description"]
    for part in (schema, *schema["$defs"].values()):
        assert part["description"]
        for name, field in part.get("properties", {}).items():
            assert "description" in field or "$ref" in field, name


def test_fields_and_requirements_are_the_models() -> None:
    schema = event_schema()
    assert schema["properties"].keys() == SocialEvent.model_fields.keys()
    assert set(schema["required"]) == {"platform", "activity", "id", "actor", "published"}
    assert schema["$defs"]["Activity"]["enum"] == [activity.value for activity in Activity]
    assert schema["$defs"]["Reference"]["required"] == ["id"]
    assert schema["$defs"]["Reference"]["properties"].keys() == Reference.model_fields.keys()


def test_unknown_fields_are_allowed() -> None:
    schema = event_schema()
    assert all("additionalProperties" not in part for part in (schema, *schema["$defs"].values()))


def test_conditions_are_the_events_own() -> None:
    found = requirements(event_schema())
    assert found == {activity.value: field for activity, field in ACTS_ON.items()}
    assert found["reply"] == "in_reply_to"
    assert found["quote"] == "quote_of"
    assert set(Activity) - {Activity(name) for name in found} == {Activity.POST, Activity.UPDATE}


def test_check_fails_on_a_difference_and_writing_mends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = tmp_path / "docs" / "social-event.schema.json"
    metrics = tmp_path / "metrics.md"
    metrics.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    files = {"schema": schema, "metrics": metrics}
    assert main(["--check"], **files) == 1
    assert main([], **files) == 0
    assert main(["--check"], **files) == 0
    assert json.loads(schema.read_text(encoding="utf-8")) == event_schema()
    schema.write_text("{}", encoding="utf-8")
    assert main(["--check"], **files) == 1
    assert main([], **files) == 0
    metrics.write_text(metrics.read_text(encoding="utf-8").replace("D0", "D9"), encoding="utf-8")
    assert main(["--check"], **files) == 1
    assert "python -m schemas.export" in capsys.readouterr().err
    assert main(["--chekc"], **files) == 2


def test_the_catalogue_in_the_document_is_that_of_the_code() -> None:
    text = METRICS.read_text(encoding="utf-8")
    assert with_catalogue(text) == text
    for metric in ENTRIES:
        (row,) = [
            line for line in text.splitlines() if line.startswith(f"| {metric.id} | `{metric.column}` |")
        ]
        cells = (metric.name, metric.unit, metric.grain, metric.anchor, metric.description, metric.good)
        assert all(f"| {cell} |" in row for cell in cells)
        assert all(platform in row for platform in metric.cannot)


def test_what_is_written_by_hand_is_left_alone() -> None:
    text = with_catalogue(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    assert text.startswith(f"before\n{BEGIN}\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "\nold\n" not in text


def test_a_document_without_a_place_for_the_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        with_catalogue(f"{BEGIN}\n")
