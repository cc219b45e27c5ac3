"""docs/social-event.schema.json says what the event's own check says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from schemas.event import ACTS_ON, Activity, Reference, SocialEvent
from schemas.export import TARGET, as_text, event_schema, main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


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
    assert TARGET.read_text(encoding="utf-8") == as_text()
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
    target = tmp_path / "docs" / "social-event.schema.json"
    assert main(["--check"], target=target) == 1
    assert main([], target=target) == 0
    assert main(["--check"], target=target) == 0
    assert json.loads(target.read_text(encoding="utf-8")) == event_schema()
    target.write_text("{}", encoding="utf-8")
    assert main(["--check"], target=target) == 1
    assert "python -m schemas.export" in capsys.readouterr().err
    assert main(["--chekc"], target=target) == 2
