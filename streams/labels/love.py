"""Whether a message shows love or joy: words, hearts, faces of love and feast. English, or no words at all.

Wishes ("would love to know"), greetings ("happy birthday") and negations are none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from streams.labels.language import is_english
from streams.labels.words import CACHED, holds_any, plain

VERSION = "love/1"

_LOVING = (
    *(
        "lov",
        "luv",
        "ador",
        "obsessed",
        "smitten",
        "happ",
        "joy",
        "delighted",
        "thrilled",
        "ecstatic",
        "stoked",
    ),
    *(
        "excited",
        "elated",
        "blessed",
        "yay",
        "woo",
        "hooray",
        "hurray",
        "yippee",
        "over the moon",
        "cloud nine",
    ),
    *("mak", "made", "best ", "stop smiling", "wait"),
)
"""Of which one is in whatever `_WORDS` finds."""
_SIGNS = re.compile("[\u2764\u2665\u2763😍🥰😘😻💕💖💗💓💞💘💝💙💚💛💜🧡🖤🤎🤍🎉🥳🤩]")
_WORDS = re.compile(
    r"""(?x)
    \b (?: love | loves | loved | loving | luv | lovin | loveee* | adore[sd]? | adoring | obsessed | smitten
    ) \b
    | \b (?: happy | happier | happiest | happily | joy | joyful | overjoyed | delighted | thrilled |
    ecstatic | stoked
      | excited | elated | blessed ) \b
    | \b (?: yay+ | woo+ho+ | woot | hooray | hurray | yippee ) \b
    | \b over \s the \s moon \b | \b on \s cloud \s nine \b
    | \b ma(?:de|kes?|king) \s (?: my | our | her | his | their ) \s (?: \w+ \s )? (?: day | week | night |
    year | morning ) \b
    | \b (?: day | week ) \s (?: is | was ) \s made \b | \b made \s (?: her | his | their | my | our ) \s
    night \b
    | \b best \s (?: [\w'-]+ \s ){1,3} (?: ever | of \s my \s life ) \b
    | \b (?: can't | cannot | can \s not ) \s (?: stop \s smiling | wait ) \b
    """
)
# Taken out before love is looked for.
_NOT_LOVE = re.compile(
    r"""(?x)
    \b (?: would | 'd | i'd | we'd | wouldn't | will | might ) \s (?: \w+ \s )? (?: love | be \s (?: \w+ \s
    )? (?: happy | delighted | thrilled ) ) \b
    | (?<= ['] ) d \s (?: \w+ \s )? (?: love | be \s happy ) \b
    | \b (?: used \s to | want \s to | wanted \s to | tried \s to ) \s (?: love | be \s happy ) \b
    | \b loved? \s (?: how | it \s when | the \s way | when | that ) \s (?: you | your | they | my | the |
    nobody | no \s one )
      (?= .* (?: \b (?: never | not | no | nobody | ignore\w* | late | again | wrong | wait\w* | broken |
      fail\w* | charge\w* ) \b | n't ) )
    | \b happy \s (?: birthday | bday | new \s year | anniversary | friday | monday | tuesday | wednesday |
    thursday | saturday | sunday
      | weekend | holidays? | halloween\w* | hallow\w* | christmas | easter | thanksgiving | diwali |
      valentine\w* | hour
      | to \b | path | medium )
    | \b (?: not | never | no | n't | nor | hardly | without | isn't | wasn't | aren't | don't | didn't |
    doesn't | can't | far \s from )
      \s (?: (?! but\b ) [\w']+ \s ){0,2}? (?: love | loved | loving | happy | excited | thrilled |
      delighted | joy | obsessed | blessed
      | best \s (?: [\w'-]+ \s ){1,3} (?: ever | of \s my \s life ) ) \b
    | \b love \s (?: of \s god | or \s money | island | actually ) \b
    | \b loved \s ones? \b
    """
)
_SARCASM = re.compile(r"[🙄😒🤬😡😠👎]|(?:[.!] |\n)not[.!]*$|(?:^| )/s$|#sarcasm|#not\b")


def love(text: str, lang: str | None) -> bool | None:
    """Whether a text shows love or joy; None: no text, or words that are not English."""
    if not text.strip() or not is_english(text, lang):
        return None
    return _love(text)


@lru_cache(maxsize=CACHED)
def _love(text: str) -> bool:
    read = plain(text)
    if read.isascii() and not holds_any(read, _LOVING):
        return False
    if _SARCASM.search(read):
        return False
    if _SIGNS.search(read):
        return True
    return _WORDS.search(read) is not None and _WORDS.search(_NOT_LOVE.sub(" ", read)) is not None
