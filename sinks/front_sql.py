"""What the HTTP front must know of a statement before the engine sees it.

That is: may its result be streamed, which format was asked for, and where does the data of an INSERT begin.
It is a reader of tokens, not of grammar; what makes no sense to it is left for the engine to refuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    rb"""
      (?P<skip> \s++ | --[^\n]*+ | \#[ !][^\n]*+ | /\*(?s:.*?)(?:\*/|\Z) )
    | (?P<quoted> '(?:[^'\\]++|\\(?s:.?)|'')*+(?:'|\Z) | "(?:[^"\\]++|\\(?s:.?)|"")*+(?:"|\Z)
                | `(?:[^`\\]++|\\(?s:.?)|``)*+(?:`|\Z) | (?P<tag>\$\w*+\$)(?s:.*?)(?:(?P=tag)|\Z) )
    | (?P<word> [A-Za-z_]\w*+ )
    | (?P<open> [(\[{] )
    | (?P<close> [)\]}] )
    | (?P<end> ; )
    | (?P<other> [^\s'"`$\-/\#()\[\]{};A-Za-z_]++ | (?s:.) )
    """,
    re.VERBOSE | re.ASCII,
)
_BEFORE_DATA = re.compile(rb"[ \t\f]*+\r?\n?")

_STREAMED = frozenset({"SELECT", "WITH", "FROM"})
_WITH_RESULT = _STREAMED | {"SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "CHECK"}
_PUNCTUATION = frozenset("()[]{};")
_BEFORE_INLINE = frozenset({"VALUES", "SELECT", "WITH"})


@dataclass(frozen=True)
class Statement:
    """A statement as far as the front reads it.

    Args:
        verb: The first keyword, in upper case; `?` when it begins with anything else, empty when it is empty.
        words: The keywords and names outside of brackets, in upper case; `?` for anything else.
        format: The format that it names, if it does.
        file_at: Where an INSERT whose data is apart would name a file that holds it.
        head_end: Where the SQL of such an INSERT ends and its FORMAT begins; None when its data is not apart.
        data_start: Where the data of such an INSERT begins.
        several: Another statement follows behind a semicolon.
    """

    verb: str = ""
    words: tuple[str, ...] = ()
    format: str | None = None
    file_at: int | None = None
    head_end: int | None = None
    data_start: int | None = None
    several: bool = False

    @property
    def has_result(self) -> bool:
        """Whether it answers with rows, be it none."""
        return self.verb in _WITH_RESULT and "INSERT" not in self.words

    @property
    def streams(self) -> bool:
        """Whether the engine can hand its result out block by block."""
        return self.has_result and self.verb in _STREAMED

    @property
    def selects_into(self) -> bool:
        """Whether it is an INSERT of what a query finds."""
        return "INSERT" in self.words and not {"SELECT", "WITH"}.isdisjoint(self.words)

    @property
    def names_file(self) -> str | None:
        """The clause by which it would write or read a file where a client runs, if it has one."""
        if self.has_result and "OUTFILE" in self.words:
            return "INTO OUTFILE"
        if self.verb == "INSERT" and "INFILE" in self.words:
            return "FROM INFILE"
        return None


def read_statement(sql: bytes) -> Statement:
    """Read the tokens of a statement; of an INSERT only those before its data.

    Args:
        sql: The statement, with whatever follows it.
    """
    verb = ""
    words: list[str] = []
    texts: list[re.Match[bytes]] = []
    ended = False
    for token, word, depth in _tokens(sql):
        if ended:
            return Statement(verb, tuple(words), several=True)
        ended = depth == 0 and word == ";"
        if not verb and word not in _PUNCTUATION:
            verb = word
        if depth or word in _PUNCTUATION:
            continue
        words.append(word)
        texts.append(token)
        if verb == "INSERT" and word in _BEFORE_INLINE:
            break
        if verb == "INSERT" and word != "?" and words[-2:-1] == ["FORMAT"]:
            return _insert(sql, words, texts)
    return Statement(verb, tuple(words), _trailing_format(words, texts))


def _tokens(sql: bytes) -> Iterator[tuple[re.Match[bytes], str, int]]:
    """Give each token, its word in upper case (`?` for what is none) and the number of open brackets."""
    depth = 0
    for token in _TOKEN.finditer(sql):
        kind = token.lastgroup
        if kind == "skip":
            continue
        depth = max(0, depth - 1) if kind == "close" else depth
        yield token, token[0].decode().upper() if kind in ("word", "open", "close", "end") else "?", depth
        depth = depth + 1 if kind == "open" else depth


def calls_input(sql: bytes) -> bool:
    """Whether a statement calls `input()`, the rows that come with the request.

    Args:
        sql: The statement.
    """
    before = ""
    for _, word, _ in _tokens(sql):
        if before == "INPUT" and word == "(":
            return True
        before = word
    return False


def _insert(sql: bytes, words: list[str], texts: list[re.Match[bytes]]) -> Statement:
    after = texts[-1].end()
    gap = _BEFORE_DATA.match(sql, after)
    return Statement(
        "INSERT",
        tuple(words),
        format=texts[-1][0].decode(),
        file_at=_settings_of(words, texts) or texts[-2].start(),
        head_end=texts[-2].start(),
        data_start=gap.end() if gap else after,
    )


def _settings_of(words: list[str], texts: list[re.Match[bytes]]) -> int | None:
    """Where the SETTINGS of an INSERT begin; a table may be called so too."""
    for at in range(2, len(words)):
        named = words[at - 1] in ("INTO", "TABLE") or texts[at - 1][0] == b"."
        if words[at] == "SETTINGS" and not named:
            return texts[at].start()
    return None


def _trailing_format(words: list[str], texts: list[re.Match[bytes]]) -> str | None:
    for at in range(len(words) - 2, -1, -1):
        # A column may be called `format` too; the clause is the last thing, or has only SETTINGS behind it.
        if words[at] == "FORMAT" and words[at + 1] != "?" and words[at + 2 : at + 3] in ([], ["SETTINGS"]):
            return texts[at + 1][0].decode()
    return None
