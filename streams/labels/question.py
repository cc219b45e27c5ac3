"""Whether a message asks something.

A question mark tells in every language and script (also the Spanish, Greek, Arabic, Chinese and Japanese
ones).
Without one, English is read for questions and requests to be told or helped; in the languages of
`MARKED` a text without one is no question; in others it is not known.
"""

from __future__ import annotations

import re
from functools import lru_cache

from streams.labels.language import is_english
from streams.labels.words import CACHED, plain

VERSION = "question/1"
MARKED = frozenset("ca cs da de es fi fr hu id it nb nl nn no pl pt ro ru sv tr uk".split())
"""Languages in which people mark a question, as BCP 47 primary subtags."""

_MARK = re.compile("[?¿？؟⁇⁈⁉❓❔՞]")
_GREEK_MARK = re.compile(r"[;\u037e](?:\s|$)")
_WHO = r"(?:you|i|we|they|he|she|it|there|this|that|these|those|the|my|your|our|any\w*|some\w*|u|ya|y'all)"
_OPENING = (
    r"(?:(?:hi|hello|hey|ok|okay|so|and|but|or|also|please|pls|sorry|hmm+|yo|guys|team|there"
    r"|quick question)\b[ ,]*)*"
)
_ASKED = re.compile(
    rf"""(?x)
    (?: ^ | [.!,;:\n] \s* ) {_OPENING}
    (?:
      (?: can | could | would | will | do | does | did | is | are | am | was | were | has | have | had
        | should | may | don't | doesn't | isn't | aren't | can't ) \s {_WHO} \b (?! \s* (?:[.!]|$) )
      | (?: how | why | when | where | who | which | what | what's | where's | how's | who's | when's )
        \s (?: (?:\w+\s){{0,3}}? (?: can | could | would | will | do | does | did | is | are | am | was | were
        | has | have | should | don't | doesn't | isn't | aren't | can't ) \s {_WHO}
        | to \b | come \b | about \b | long \b | much \b | many \b | time \b | the \s hell \b )
      | (?: what's | where's | how's | who's | when's | when\sis | what\sis | where\sis | why\sis | how\sis
      ) \b
      | any (?: one | body | \s (?:idea|update|news|chance|eta|way|word|reason|plans?|help) ) \b
        (?! .* \b (?: appreciated | who ) \b )
    )
    | \b (?: wondering | curious | (?:want|need|like)(?:ed)? \s to \s (?:know|ask)) \s
    (?:if|whether|when|why|how|what|which)
    | \b just \s checking \s (?:if|whether)
    | \b (?: please | pls | plz | can \s you | could \s you ) \s
      (?: tell | let \s me \s know | advise | explain | confirm | look \s into | check )
    | \b (?: tell \s me | let \s me \s know | advise | explain ) \s
    (?:if|whether|when|why|how|what|which|where)
    | \b (?: can | could ) \s (?: you | someone | somebody | anyone | anybody ) \b
    | \b (?: someone | somebody | anyone | you ) \s (?: please | pls ) \s \w
    | \b (?: does | do ) \s (?: anyone | anybody ) \b
    """
)


def question(text: str, lang: str | None) -> bool | None:
    """Whether a text asks something; None: the text or the language does not tell.

    Args:
        text: The text; empty: None.
        lang: Its language, BCP 47; absent: recognised, if it is English.
    """
    if not text.strip():
        return None
    if _marked(text, greek=_primary(lang) == "el"):
        return True
    if is_english(text, lang):
        return _asked(text)
    return False if _primary(lang) in MARKED else None


def _primary(lang: str | None) -> str:
    return (lang or "").replace("_", "-").split("-")[0].lower()


@lru_cache(maxsize=CACHED)
def _marked(text: str, *, greek: bool) -> bool:
    read = plain(text)  # a link may hold a question mark
    if "?" in read or (not read.isascii() and _MARK.search(read)):
        return True
    return greek and _GREEK_MARK.search(read) is not None


@lru_cache(maxsize=CACHED)
def _asked(text: str) -> bool:
    return _ASKED.search(plain(text)) is not None
