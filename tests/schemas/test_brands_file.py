"""`brands.toml`: every mistake has its line and field."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.brands_file import check_brands, read_brands
from schemas.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "brands.toml"


def mistakes(file: Path, text: str) -> list[tuple[int, str, str]]:
    """Line, field and message of each; the text begins at line 1."""
    file.write_text(dedent(text).removeprefix("\n"), encoding="utf-8")
    registry, found = check_brands(file)
    assert (registry is None) == bool(found)
    return [(mistake.line, mistake.field, mistake.message) for mistake in found]


def test_the_example_in_the_docs_is_right(pytestconfig: pytest.Config) -> None:
    registry = read_brands(pytestconfig.rootpath / "docs" / "brands.example.toml")
    assert registry.names == {"acme", "globex"}
    acme = registry.brand[0]
    assert [agent.name for agent in acme.agent] == ["Ann", "Bo"]
    assert [topic.name for topic in acme.topic] == ["delivery", "returns"]
    assert acme.topic[1].words == ("refund", "send it back")
    assert acme.campaign_tags == ("acmesale", "AcmeGiveaway")


def test_the_error_for_a_user_gives_the_first_mistake_and_how_to_see_the_rest(file: Path) -> None:
    file.write_text('[[brand]]\nname = 1\ncolour = "red"\n')
    with pytest.raises(BadInput) as caught:
        read_brands(file)
    first, rest = str(caught.value).split(" (")
    assert first == f"{file}, line 2: brand.1.name: Input should be a valid string"
    assert rest == f"and 1 more: hubbub brands check {file})"


def test_an_empty_file_has_no_brands(file: Path) -> None:
    assert mistakes(file, "") == []


def test_a_byte_order_mark_and_windows_line_ends_are_fine(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbf[[brand]]\r\nname = "acme"\r\n')
    assert read_brands(file).names == {"acme"}
    file.write_bytes(b'[[brand]]\r\nname = "acme"\r\n\r\n[[brand]]\r\nname = 5\r\n')
    assert [mistake.line for mistake in check_brands(file)[1]] == [5]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[[brand]]\nname = "acme', 2),
        ("[[brand]]\n\n# a comment\nname acme\n", 4),
        ('[[brand]\nname = "acme"\n', 1),
        ('[[brand]]\nname = "acme"\nname = "acme"\n', 3),
        ("[[brand]]\nreply_sla_minutes = " + "1" * 5000, 2),
        ("[[brand]]\nlink_domains = " + "[" * 5000, 1),
    ],
)
def test_syntax(file: Path, text: str, line: int) -> None:
    ((found, field, _),) = mistakes(file, text)
    assert (found, field) == (line, "")


def test_every_mistake_is_told_in_the_order_of_its_lines(file: Path) -> None:
    assert mistakes(
        file,
        """
        [[brand]]
        name = "acme"
        "reply sla" = 5
        reply_sla_minutes = 0

        [[brand.account]]
        platform = "x"
        id = 4711
        valid_from = "soon"

        [[brand]]
        name = "globex"

        [[brand.account]]
        platform = "x"

        [[brand.account]]
        platform = ""
        id = "1"

        [[brand.agent]]     # without a name
        platform = "x"
        id = "2"
        title = "Dr"
        """,
    ) == [
        (3, "brand.1.reply sla", "this key is not known"),
        (4, "brand.1.reply_sla_minutes", "Input should be greater than 0"),
        (8, "brand.1.account.1.id", "Input should be a valid string"),
        (9, "brand.1.account.1.valid_from", "Input should be a valid datetime or date, input is too short"),
        (14, "brand.2.account.1.id", "is missing"),
        (18, "brand.2.account.2.platform", "String should have at least 1 character"),
        (21, "brand.2.agent.1.name", "is missing"),
        (24, "brand.2.agent.1.title", "this key is not known"),
    ]


def test_a_brand_that_is_there_twice(file: Path) -> None:
    text = """
    [[brand]]
    name = "acme"
    [[brand]]
    name = 'acme'
    [[brand]]
    name = "other"
    link_domains = ["acme"]
    """
    assert mistakes(file, text) == [(4, "brand.2.name", "the brand acme is there twice")]


@pytest.mark.parametrize("table", ["account", "agent"])
def test_an_account_of_two_brands_at_the_same_time(file: Path, table: str) -> None:
    name = 'name = "Ann"' if table == "agent" else ""
    text = f"""
    [[brand]]
    name = "acme"
    [[brand.account]]
    platform = "x"
    id = "4711"
    valid_to = 2024-01-02

    [[brand]]
    name = "globex"
    [[brand.{table}]]
    platform = "mastodon"
    id = "4711"
    {name}
    [[brand.{table}]]
    platform = "x"
    id = '4711'
    valid_from = 2024-01-01
    {name}
    [[brand]]
    name = "later"
    [[brand.account]]
    platform = "bluesky"
    id = "4711"
    """
    message = "the account 4711 on x is acme's and globex's at the same time"
    assert mistakes(file, text) == [(16, f"brand.2.{table}.2.id", message)]


@pytest.mark.parametrize("table", ["account", "agent"])
def test_a_period_that_ends_before_it_starts(file: Path, table: str) -> None:
    text = f"""
    [[brand]]
    name = "acme"
    [[brand.{table}]]
    platform = "x"
    id = "1"
    {'name = "Ann"' if table == "agent" else ""}
    valid_from = 2024-01-02
    valid_to = 2024-01-02
    """
    message = "valid_to is not later than valid_from"
    assert mistakes(file, text) == [(8, f"brand.1.{table}.1.valid_to", message)]


def test_topics_and_campaigns(file: Path) -> None:
    text = """
    [[brand]]
    name = "acme"
    campaign_tags = "sale"
    [[brand.topic]]
    name = "delivery"
    words = []
    [[brand.topic]]
    words = ["parcel", ""]
    [[brand.topic]]
    name = "returns"
    words = ["refund"]
    word = "refund"
    """
    plainly = "is not a list; tables that may be there more than once have two brackets, [[like.this]]"
    assert mistakes(file, text) == [
        (3, "brand.1.campaign_tags", plainly),
        (6, "brand.1.topic.1.words", "Tuple should have at least 1 item after validation, not 0"),
        (7, "brand.1.topic.2.name", "is missing"),
        (8, "brand.1.topic.2.words.2", "String should have at least 1 character"),
        (12, "brand.1.topic.3.word", "this key is not known"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ('#\n[brand]\nname = "acme"', 2, "brand"),
        ('# \x85 \u2028 are no line ends\n[[brand]]\nname = ""', 3, "brand.1.name"),
        ('[[brand]]\nname = "acme"\n\n[[account]]\nid = "1"', 4, "account"),
        ('#\n[[brand.account]]\nid = "1"', 2, "brand"),
        ('[[brand]]\nname = "a"\naccount = [\n  { platform = "x" },\n]', 3, "brand.1.account.1.id"),
        ('brands = ["acme"]', 1, "brands"),
    ],
)
def test_tables_in_the_wrong_place(file: Path, text: str, line: int, field: str) -> None:
    assert [found[:2] for found in mistakes(file, text)] == [(line, field)]


def test_a_file_that_cannot_be_read(file: Path) -> None:
    with pytest.raises(BadInput, match=r"brands\.toml: cannot be read: No such file"):
        check_brands(file)
    with pytest.raises(BadInput, match="cannot be read: Is a directory"):
        check_brands(file.parent)
    file.write_bytes('[[brand]]\nname = "Müller"\n'.encode("latin-1"))
    with pytest.raises(BadInput, match=r"brands\.toml, line 2: is not UTF-8 text"):
        check_brands(file)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=80) | st.text(alphabet="[]brand.acountgeme=\"\n'{},#1 ", max_size=80).map(str.encode)
)
def test_arbitrary_bytes_raise_only_bad_input(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    try:
        _, found = check_brands(file)
    except BadInput:
        return
    assert all(1 <= mistake.line <= data.count(b"\n") + 1 for mistake in found)
