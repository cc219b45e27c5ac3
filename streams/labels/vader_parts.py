"""What the analyzer of `streams/labels/sentiment.py` is made of, for its compiled form.

The rules are compiled; words and numbers stay where they are and are handed over: there is one of each.
"""

from __future__ import annotations

from importlib.metadata import version
from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import category

from vader import constants
from vader.text import _APOSTROPHES, _EMOJI_RESIDUE

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.labels.sentiment import Analyzer

_LIBRARY = "nltk-vader-sentiment"
COMPILED = "1.0.0"
"""The version of the library whose rules are compiled."""
_CASED = 0x20000
"""No character from here on has a case."""


def parts(analyzer: Analyzer) -> dict[str, object] | None:
    """The words and numbers of an analyzer, as `compiled/src/labels/vader/parts.rs` names them.

    None: another version of the library is installed, and only itself knows its rules.
    """
    if version(_LIBRARY) != COMPILED:
        return None
    emoji = analyzer._emoji._index  # noqa: SLF001 - kept nowhere else as the analyzer has it
    return {
        "lexicon": dict(analyzer.lexicon),
        "booster": dict(analyzer.booster),
        "negations": sorted(analyzer.negations),
        "special_cases": dict(analyzer.special_cases),
        "idioms": dict(analyzer.idioms),
        "multiword": dict(analyzer.multiword),
        "emoji": dict(pair for candidates in emoji.values() for pair in candidates),
        "emoji_residue": sorted(_EMOJI_RESIDUE),
        "apostrophes": {chr(code): to for code, to in _APOSTROPHES.items()},
        "punctuation": constants.PUNCTUATION,
        "capital": _ranges(str.isupper),
        "small": _ranges(lambda letter: letter.islower() or category(letter) == "Lt"),
        "scale": _scale(analyzer),
        "sums_compensated": sum([0.1] * 10) == 1,
    }


def _ranges(holds: Callable[[str], bool]) -> list[tuple[int, int]]:
    """The code points of the characters of a kind, from the first to the last of each range."""
    runs = ((held, list(run)) for held, run in groupby(range(_CASED), lambda code: holds(chr(code))))
    return [(run[0], run[-1]) for held, run in runs if held]


def _scale(analyzer: Analyzer) -> dict[str, float]:
    return {
        "alpha": analyzer.alpha,
        "c_incr": constants.C_INCR,
        "n_scalar": constants.N_SCALAR,
        "never_boost": constants.NEVER_BOOST,
        "ep_amplify": constants.EP_AMPLIFY,
        "ep_cap": constants.EP_CAP,
        "qm_amplify": constants.QM_AMPLIFY,
        "qm_cap": constants.QM_CAP,
        "but_before": constants.BUT_BEFORE,
        "but_after": constants.BUT_AFTER,
        "decay_two": constants.DECAY_TWO,
        "decay_three": constants.DECAY_THREE,
    }
