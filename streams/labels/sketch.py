"""A MinHash of a reply, by which near repetitions are found: canned replies.

The share of equal numbers in two sketches estimates the Jaccard similarity of the texts' runs of three
words, with a
standard error of sqrt(J (1 - J) / 32): .07 at J = .8. Names, links, the signature, the greeting and what
numbers say do not matter.
"""

from __future__ import annotations

import re
import struct
from functools import lru_cache
from hashlib import blake2b

from streams.labels.signature import unsigned
from streams.labels.words import CACHED, cut, plain

VERSION = "sketch/1"

PERMUTATIONS = 32
FEWEST = 6
"""Words that a text must have: shorter ones are alike by chance."""
RUN = 3
"""Words of a shingle."""

_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_DIGIT = re.compile(r"\d")
_GREETING = re.compile(
    r"^(?:hi|hey|hello|dear|good (?:morning|afternoon|evening))(?: there| [^\W\d_]+)?\s?(?=[,.!:-])"
)
_NUMBERS = struct.Struct("<32I")
# One digest is as good as 16 hash functions; a copy is made three times as fast as a hash of one's own.
_FIRST, _SECOND = blake2b(person=b"hubbub-1"), blake2b(person=b"hubbub-2")


def shingles(text: str) -> frozenset[str]:
    """The runs of three words of a text, without names and numbers; none of one that is too short."""
    body = _GREETING.sub("", plain(unsigned(cut(text))))
    words = _WORD.findall(body)
    if _DIGIT.search(body):
        words = ["0" if _DIGIT.search(word) else word for word in words]
    if len(words) < FEWEST:
        return frozenset()
    return frozenset(" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


@lru_cache(maxsize=CACHED)
def sketch(text: str) -> tuple[int, ...]:
    """32 numbers of 32 bits, the same in every process; empty: the text has fewer than six words."""
    runs = [_hashes(run.encode("utf-8", "surrogatepass")) for run in shingles(text)]
    return tuple(map(min, *runs)) if len(runs) > 1 else runs[0] if runs else ()


def _hashes(run: bytes) -> tuple[int, ...]:
    first, second = _FIRST.copy(), _SECOND.copy()
    first.update(run)
    second.update(run)
    return _NUMBERS.unpack(first.digest() + second.digest())


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The estimated Jaccard similarity of the texts of two sketches, 0 to 1; of an empty one 0."""
    if not one or not other:
        return 0.0
    return sum(left == right for left, right in zip(one, other, strict=True)) / PERMUTATIONS
