"""Questions in other languages than English."""

from __future__ import annotations

import pytest

from streams.labels.question import question


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("¿Dónde está mi pedido", "es"),
        ("Wo ist mein Paket?", "de"),
        ("Pourquoi ?", "fr"),
        ("荷物はどこですか\uff1f", "ja"),
        ("我的包裹在哪里\uff1f", "zh"),
        ("أين طلبي؟", "ar"),
        ("Πού είναι το δέμα μου;", "el"),
        ("Πού είναι το δέμα μου;", "el-GR"),
        ("Wo ist mein Paket?", None),
        ("Where is it?", "tlh"),
    ],
)
def test_a_question_mark_tells_in_every_language(text: str, lang: str | None) -> None:
    assert question(text, lang) is True


@pytest.mark.parametrize(
    ("text", "lang"), [("Danke; alles gut", "de"), ("Ya llegó.", "es-MX"), ("Merci", "fr")]
)
def test_no_mark_is_no_question_where_people_mark_them(text: str, lang: str) -> None:
    assert question(text, lang) is False


@pytest.mark.parametrize(
    ("text", "lang"), [("荷物はどこですか", "ja"), ("อยู่ที่ไหน", "th"), ("Kiitos paljon tästä avusta", None)]
)
def test_no_mark_tells_nothing_elsewhere(text: str, lang: str | None) -> None:
    assert question(text, lang) is None


def test_a_mark_within_a_link_asks_nothing() -> None:
    assert question("See https://acme.example/find?id=5", "en") is False
    assert question("Siehe https://acme.example/find?id=5", "de") is False
