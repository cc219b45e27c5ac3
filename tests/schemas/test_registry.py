"""Which account speaks for which brand, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.registry import Registry

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def registry(*brands: dict[str, Any]) -> Registry:
    return Registry.model_validate({"brand": brands})


def acme(**period: datetime) -> dict[str, Any]:
    return {"name": "acme", "account": [{"platform": "x", "id": "1", **period}]}


def globex(**period: datetime) -> dict[str, Any]:
    return {"name": "globex", "agent": [{"platform": "x", "id": "1", "name": "Ann", **period}]}


def test_an_account_without_a_period_always_speaks_for_its_brand() -> None:
    brands = registry(acme())
    for moment in (datetime.min.replace(tzinfo=UTC), NOON):
        assert brands.voice("x", "1", moment) == ("acme", "")
    assert brands.brand_of("mastodon", "1", NOON) is None
    assert brands.brand_of("x", "2", NOON) is None


def test_a_period_holds_its_start_and_not_its_end() -> None:
    brands = registry(acme(valid_from=NOON, valid_to=NOON + DAY))
    tick = timedelta(microseconds=1)
    found = [brands.brand_of("x", "1", at) for at in (NOON - tick, NOON, NOON + DAY - tick, NOON + DAY)]
    assert found == [None, "acme", "acme", None]


def test_an_account_passes_from_one_brand_to_an_agent_of_another() -> None:
    brands = registry(acme(valid_to=NOON), globex(valid_from=NOON))
    assert brands.voice("x", "1", NOON - DAY) == ("acme", "")
    assert brands.voice("x", "1", NOON) == ("globex", "Ann")


@pytest.mark.parametrize(
    ("brands", "kind", "at"),
    [
        ((acme(valid_to=NOON), globex(valid_from=NOON - DAY)), "twice", ("brand", 1, "agent", 0, "id")),
        ((acme(), acme(valid_from=NOON)), "twice", ("brand", 1, "name")),
        ((acme(valid_from=NOON, valid_to=NOON),), "empty_period", ("valid_to",)),
    ],
)
def test_contradictions_are_refused(brands: Any, kind: str, at: tuple[str | int, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        registry(*brands)
    (error,) = caught.value.errors()
    assert (error["type"], error["ctx"]["at"]) == (kind, at)


def test_an_account_is_told_apart_by_its_platform() -> None:
    other = {"name": "globex", "account": [{"platform": "mastodon", "id": "1"}]}
    assert registry(acme(), other).brand_of("mastodon", "1", NOON) == "globex"


def test_merging_takes_the_others_brand_of_the_same_name() -> None:
    old = registry(acme(), {"name": "zeta"})
    merged = old.merged(registry({"name": "acme", "account": [{"platform": "x", "id": "9"}]}))
    assert merged.names == {"acme", "zeta"}
    assert merged.brand_of("x", "9", NOON) == "acme"
    assert merged.brand_of("x", "1", NOON) is None


def test_json_goes_back_to_the_same_registry_and_digest() -> None:
    brands = registry(
        acme(valid_from=NOON), {"name": "zeta", "reply_sla_minutes": 5, "link_domains": ["z.example"]}
    )
    again = Registry.model_validate_json(brands.to_json())
    assert again == brands
    assert again.digest == brands.digest != registry(acme()).digest


@given(st.lists(st.text(min_size=1, max_size=20)))
def test_names_make_a_brand_each_in_one_order(names: list[str]) -> None:
    made = Registry.of_names("x", names)
    assert made.names == set(names)
    assert made.digest == Registry.of_names("x", reversed(names)).digest
    assert all(made.brand_of("x", name, NOON) == name for name in names)
