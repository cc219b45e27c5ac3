"""Whether a reply only sends to a direct message, a form, a telephone or a link. English.

The text is read sentence by sentence. It deflects if one sends away, and all others are what is said along
the way:
greetings, regrets, promises to look into it. A sentence that informs, instructs or asks is help.
"""

from __future__ import annotations

import re
from functools import lru_cache

from streams.labels.language import is_english
from streams.labels.signature import unsigned
from streams.labels.words import CACHED, cut, has_link, holds_any, may_have_link, plain

VERSION = "deflection/1"

_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\w))+[.!?\n]*")
_TURN = re.compile(r",? but |; ")
_LINKED = "\N{LINK SYMBOL}"
_PRIVATE = re.compile(
    r"""(?x)
    \b (?: dms? | (?<!\d) (?<!\d\s) pms? | dm'?(?:d|ing) | direct \s messages? | private \s messages? |
    privately | in \s private
    | inbox | follow \s (?:us|me|and|back) | private \s (?:note|chat) ) \b
    """
)
_SENDING = (
    *(
        "dm",
        "pm",
        "direct",
        "private",
        "inbox",
        "follow",
        "call",
        "phone",
        "ring",
        "mail",
        "contact",
        "speak",
    ),
    *("touch", "reach out", "visit", "link", "site", "forum", "help cent", "page", "faq"),
)
"""Of which one is in whatever `_PRIVATE` and `_AWAY` find."""
_ELSEWHERE = re.compile(
    r"""(?x)
    \b (?: call | phone | ring | e-?mail | write \s to | contact | reach (?:\s out)? | visit | speak
    (?:ing)? \s (?:to|with) | chat \s with
    | get \s in \s touch | head \s (?:over\s)? to | go \s to | fill \s (?:in|out) | submit | report (?:\s
    (?:it|this))? | raise | log
    | click | tap | see | check | find | follow | use | tell \s us | let \s us | send | post | provide |
    leave | share | drop
    | connect | registered? | look | refer | read | more \s (?:info|details) | details | info\w* | help |
    here | via | link | website ) \b
    """
)
_AWAY = re.compile(
    r"""(?x)
    \b (?: call | phone | ring | e-?mail | contact | speak \s (?:to|with) | get \s in \s touch \s with |
    reach \s out \s to | visit ) \s
      (?: us | our | the | them | your | customer | support | care | \d ) \b
    | \b (?: use | using | click | via | through | follow ) \s (?: the | this | that | our ) \s link \b
    | \b (?: on | check | visit | see ) \s (?: our | the ) \s (?: website | site | forums? | help \s
    cent(?:er|re) | page | faqs? ) \b
    """
)
_NOT_AWAY = re.compile(
    r"\b(?:have|did|are|were) you (?:\w+ )?(?:tried|registered|checked|able|sure)\b"
    r"|\b(?:no need|not need|don't need|do not|don't have|without)\b[^,]*"
    r"\b(?:dm|pm|message|call|e-?mail|contact)\b"
    r"|\b(?:check|see)\b.*\bfor (?:the|your) confirmation\b"
)
_ALONG = re.compile(
    r"""(?x)
    \b (?: sorry | apolog\w* | regret | sad(?:dening)? | unfortunate\w* | oh \s no | yikes | uh \s oh | oops
    | hate \s to | not \s (?:good|great|right|ideal|cool)
    | thanks? | thx | thank \s you | ty | appreciate | welcome | glad | happy \s to | love \s to | like \s
    to | want \s to | eager \s to | here \s (?:to|for)
    | look(?:ing)? \s (?:into|at) | (?:closer|further|quick) \s look | investigate | assist | get \s
    (?:back|this|that|it|you) | make \s (?:this|it|things) \s right
    | hear(?:ing)? | understand | know \s how | concern\w* | frustrat\w* | disappoint\w* | inconvenien\w* |
    experience | patience | patient | feel \s free
    | can \s help | will \s help | able \s to \s help | be \s able | 'll \s
    (?:help|take|see|do|gladly|be|get|look|connect|try|follow) | we've \s got \s you
    | doesn't \s sound | not \s the | keep \s us | right \s away | asap | soon | follow \s up | from \s here
    | find \s out | work \s with \s you | let's
    | can't \s believe | have \s a | take \s care | best | our \s team | safely | secur\w* | privacy |
    account \s numbers? | details )
    """
)
_GREETING = 4  # words
_HELP = re.compile(
    r"""(?x)
    \b (?: (?:was|were|has \s been|have \s been|is|are|been|i've|we've|i|we) \s (?:now\s|already\s|just\s)?
      (?: refunded | cancell?ed | changed | issued | fixed | added | updated | shipped | credited | resent |
      replaced | rebooked | passed | forwarded | delayed | aware )
    | restart | reset | reboot | unplug | reinstall | uninstall | update \s (?:to|the|your) | turn (?:ing)?
    \s (?:it|off|on) | sign \s out | log \s out | try
    | refund | voucher | pop \s on | known \s issue | stock | because )
    """
)


def deflection(text: str, lang: str | None) -> bool | None:
    """Whether a reply only sends elsewhere; None: no text, or not English."""
    if not text.strip() or not is_english(unsigned(cut(text)), lang):
        return None
    return _deflection(text)


@lru_cache(maxsize=CACHED)
def _deflection(text: str) -> bool:
    read = plain(unsigned(_with_links_marked(cut(text))))
    if _LINKED not in read and not holds_any(read, _SENDING):
        return False
    sent = False
    for part in _SENTENCE.findall(read):
        # A condition or a contrast begins a statement of its own.
        for sentence in _TURN.split(part):
            if _sends_away(sentence):
                sent = True
            elif not _is_along_the_way(sentence):
                return False
    return sent


def _with_links_marked(text: str) -> str:
    """The text with a sign wherever a link is: sentences are told apart without the dots of links."""
    if not may_have_link(text):
        return text
    return " ".join(_LINKED if has_link(word) else word for word in text.split(" "))


def _sends_away(sentence: str) -> bool:
    if _NOT_AWAY.search(sentence) or _HELP.search(sentence):
        return False
    if _PRIVATE.search(sentence) or _AWAY.search(sentence):
        return True
    return _LINKED in sentence and _ELSEWHERE.search(sentence) is not None


def _is_along_the_way(sentence: str) -> bool:
    words = re.findall(r"\w+", sentence)
    if len(words) <= _GREETING and "?" not in sentence:
        return True
    if "?" in sentence or _HELP.search(sentence):
        return False
    return _ALONG.search(sentence) is not None
