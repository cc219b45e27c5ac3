from __future__ import annotations

from schemas.registry import Account, Brand, Registry
from streams.cli.registry import added


def test_only_names_that_are_new_are_added():
    known = Registry(
        brand=(
            Brand(name="acme", reply_sla_minutes=5, account=(Account(platform="x", id="acme_help"),)),
            Brand(name="Other Inc", account=(Account(platform="x", id="other"),)),
        )
    )
    merged = added(known, Registry.of_names("x", ["acme", "other", "new"]))
    assert [brand.name for brand in merged.brand] == ["Other Inc", "acme", "new"]
    assert merged.brand[1] == known.brand[0]


def test_names_alone_make_a_registry():
    names = Registry.of_names("x", ["b", "a"])
    assert added(Registry(), names) == names
    assert added(names, None) == names
