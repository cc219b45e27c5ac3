"""Whether a message gives thanks, or says that what was wrong is solved. English.

"No thanks", thanks in advance and thanks for what went wrong are none; nor is what is still to be solved.
"""

from __future__ import annotations

import re
from functools import lru_cache

from streams.labels.language import is_english
from streams.labels.words import CACHED, holds_any, plain

VERSION = "thanks/1"

_THANKING = (
    "thank",
    "thx",
    "hnx",
    "tnx",
    "thanx",
    "ty",
    "cheers",
    "kudos",
    "grateful",
    "obliged",
    "appreciat",
)
_SOLVING = (
    *(
        "solved",
        "sorted",
        "fixed",
        "rectified",
        "work",
        "all good",
        "all set",
        "did the trick",
        "that helped",
    ),
    *("back up", "up and running", "up again"),
)
"""Of which one is in whatever `_THANKS` finds, and `_SOLVED`."""

_THANKS = re.compile(
    r"""(?x)
    \b (?: thanks? | thx | thnx | tnx | thanx | tysm | ty | cheers | kudos | grateful | much \s obliged ) \b
    | \b appreciat (?: e | ed | ing ) \b
    """
)
# Taken out before thanks are looked for: they hold the word and mean something else.
_NO_THANKS = re.compile(
    r"""(?x)
    \b no [,]? \s (?: thanks | thank \s (?:you|u) | thx | thankyou ) \b
    | \b thanks \s but \s no \s thanks \b
    | \b (?: thanks? | thank \s (?:you|u) | thx ) (?: \s \w+ ){0,5}? \s in \s advance \b
    | \b (?: gee | wow | oh | well ) [,]? \s thanks \b
    | \b (?: thanks | thank \s you | thx ) (?: \s (?:a \s lot|so \s much|very \s much|again) )? \s
    (?:for|to) \s
      (?: nothing | no \s | not \s | zero | never | being \s (?:so\s)? (?:useless|rude|slow|unhelpful|late)
        | (?:\w+\s){0,3}? (?: ruin | wast | mess | los[it] | break | broke | charg | ignor | cancel | delay
        | destroy | kill | screw | overcharg | scamm | lying | lies | fail | hang | canned | useless |
        automated | generic
        | horrible | terrible | awful | crap | shit | worst | bad \s ) )
    | \b thanks \s to \b
    | \b thank \s (?: god | goodness | heavens? | the \s lord ) \b
    | \b (?: not \s even | ask (?:ing)? \s for | without | expect (?:ing|ed)? | deserve ) (?: \s a )? \s
    thank (?: s | \s you )? \b
    | \b (?: would | 'd | wouldn't | could | can't | cannot | don't | won't | will \s not | should )
      (?: \s \w+ ){0,2}? \s (?: thank | appreciate | be \s (?: \w+ \s )? (?: appreciated | grateful ) ) \b
    | \b i'd \s (?: \w+ \s )? (?: thank | appreciate | be \s grateful ) \b
    | \b (?: any | your | some | every | all ) \s (?: help | assistance | advice | info \w* | tips? | ideas?
    | input | support )
      (?: \s [\w']+ ){0,4}? \s appreciated \b
    | \b (?: much | greatly | highly )? \s? appreciated? \s if \b
    | \b (?: cheers | thanks ) \s if \b
    """
)
_CLOSING = re.compile(
    r"(?:^|[.!?])\s*(?:many )?(?:thanks?|thank you|thx|thanx|ty|cheers)"
    r"(?: so much| very much| a lot)?[\s.!,:)x]*$"
)
_CLOSING_LENGTH = 60  # characters
_SOLVED = re.compile(
    r"""(?x)
    \b (?: solved | resolved | sorted | fixed | rectified ) \b
    | \b (?: works? | working | worked ) \s (?: now | again | fine \s now | perfectly | great | like \s a \s
    charm ) \b
    | \b now \s (?:it \s (?:is\s)? | it's \s)? work (?: s | ing ) \b
    | \b (?: all \s good | all \s set | all \s sorted ) \b
    | \b did \s the \s trick \b | \b that \s (?: worked | helped ) \b
    | \b (?: back \s up | up \s (?: and \s running | again ) ) \b
    """
)
_OPEN = re.compile(
    r"""(?x)
    \b (?: not | never | no | when | will | would | should | could | can | can't | cannot | need | needs |
    want | wants | please | pls
    | if | until | till | unless | hope | hoping | yet | try | trying | get | gets | getting | be | has \s
    (?:my|this|it|the)
    | any | how | why | still | supposed | claim(?:s|ed)? | said | says | think | thought | nothing | nobody
    | wait(?:ing)? ) \b
    | n't \b | \b (?: isnt | wasnt | hasnt | havent | arent | dont | doesnt | didnt | wont ) \b
    """
)
_UNSOLVED = re.compile(
    r"""(?x)
    \b still \s (?: (?:is|are|does|do|did|has|have|can|was) \s? (?: not | n't ) | isn't | doesn't | don't |
    didn't | hasn't | haven't
    | can't | cannot | no \b | not \b | nothing | broken | waiting | down | the \s same | doesnt | isnt |
    cant | won't )
    | \b (?: it | that | this ) \s (?: didn't | did \s not | doesn't | does \s not ) \s (?: work | help |
    fix )
    """
)
_CLAUSE = re.compile(r"[^.!?;,\n]+\??")


def thanks(text: str, lang: str | None) -> bool | None:
    """Whether a text gives thanks or says that something is solved; None: no text, or not English."""
    if not text.strip() or not is_english(text, lang):
        return None
    return _thanks(text)


@lru_cache(maxsize=CACHED)
def _thanks(text: str) -> bool:
    read = plain(text)
    if not holds_any(read, _THANKING) and not holds_any(read, _SOLVING):
        return False
    if _UNSOLVED.search(read):
        return False
    if _THANKS.search(without_hollow_thanks(read)):
        return True
    return any(
        _SOLVED.search(clause) and not clause.endswith("?") and not _OPEN.search(clause)
        for part in read.split(" but ")
        for clause in _CLAUSE.findall(part)
    )


def without_hollow_thanks(read: str) -> str:
    """A plain text without the thanks in it that are no thanks: in advance, declined, ironic."""
    if not holds_any(read, _THANKING) or not _THANKS.search(read):  # most texts: nothing to take out
        return read
    body, end = read[:-_CLOSING_LENGTH], read[-_CLOSING_LENGTH:]
    closing = _CLOSING.search(end)
    if closing and ("?" in body or "?" in end[: closing.start() + 1]):
        end = end[: closing.start() + 1]  # who asks, and closes with thanks, gives them in advance
    return _NO_THANKS.sub(" ", body + end)
