"""Which texts the labels that know English judge."""

from __future__ import annotations

import pytest

from streams.labels.deflection import deflection
from streams.labels.language import is_english
from streams.labels.love import love
from streams.labels.sentiment import sentiment
from streams.labels.thanks import thanks


@pytest.mark.parametrize("lang", ["en", "en-US", "EN", "en_GB", "en-Latn-US"])
def test_the_platform_says_that_it_is_english(lang: str) -> None:
    assert is_english("Ya llegó el paquete, muchas gracias", lang)


@pytest.mark.parametrize("lang", ["de", "es-MX", "eng-x", "enm"])
def test_the_platform_says_that_it_is_not(lang: str) -> None:
    assert not is_english("Thank you for your help", lang)


@pytest.mark.parametrize("lang", [None, "", "und", "zxx", "qme", "UND"])
def test_where_the_platform_says_nothing_the_text_tells(lang: str | None) -> None:
    assert is_english("Thank you for your help", lang)
    assert is_english("❤️❤️❤️", lang)
    assert not is_english("Vielen Dank für die Hilfe", lang)


@pytest.mark.parametrize("judge", [thanks, love, sentiment, deflection])
def test_other_languages_and_missing_texts_are_not_known(judge) -> None:
    assert judge("Vielen Dank, ich bin so happy, please DM us", "de") is None
    assert judge("", "en") is None
    assert judge(" \n", "en") is None
    assert judge("Please DM us", "en") is not None
