"""JSON bodies of social events for Hypothesis: good ones, and ones that are off by a little."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from schemas.event import ACTS_ON, Activity, ActorKind, SocialEvent

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""Around when it all happens."""
_WORDS = st.text(max_size=8)
_TEXTS = st.one_of(
    _WORDS,
    st.sampled_from(("bob", "é", "日本", "\U0001f600", '"\\/\b\f\n\r\t\0\x1f\x7f\u2028', "x" * 63, "x" * 65)),
)
_LONG = (2047, 2048, 2049, 683, 684)
_IDS = st.one_of(
    st.text(min_size=1, max_size=6),
    st.sampled_from(("1", "2", "https://a.example/1", *("x" * n for n in _LONG[:2]), "é" * 2048, "日" * 683)),
)


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


@st.composite
def times(draw: st.DrawFn) -> str:
    """Times near noon, in the shapes that collectors send."""
    moment = NOON + timedelta(microseconds=draw(st.integers(-(10**12), 4 * 10**10)))
    zone = draw(st.one_of(st.just(0), st.integers(-1439, 1439)))
    local = moment.astimezone(timezone(timedelta(minutes=zone)))
    shape = draw(st.sampled_from(("seconds", "milliseconds", "microseconds", "auto")))
    text = local.isoformat(timespec=shape)
    return text.replace("+00:00", draw(st.sampled_from(("Z", "+00:00", "-00:00", "")))) if not zone else text


_DIGITS = st.sampled_from(
    ("00", "01", "02", "09", "12", "23", "24", "28", "29", "30", "31", "59", "60", "99")
)
_YEARS = st.sampled_from(
    ("0000", "0001", "1899", "1900", "2004", "2023", "2024", "2026", "2199", "2200", "9999")
)


@st.composite
def odd_times(draw: st.DrawFn) -> str:
    """Nearly times."""
    date = "-".join((draw(_YEARS), draw(_DIGITS), draw(_DIGITS)))
    between = draw(st.sampled_from(("T", "T", "T", "t", " ", "_", "", "TT")))
    clock = ":".join(draw(_DIGITS) for _ in range(draw(st.sampled_from((3, 3, 3, 2, 1)))))
    fraction = draw(
        st.sampled_from(("", "", ".", ".0", ".5", ",5", ".123456", ".1234567", ".1234569", ".12a"))
    )
    zone = draw(
        st.one_of(
            st.sampled_from(
                ("Z", "z", "", " Z", "+", "+1", "+0200", "+02", "\u221202:00", "+2:00", "+02:00:00")
            ),
            st.builds("{}{}:{}".format, st.sampled_from("+-"), _DIGITS, _DIGITS),
        )
    )
    return date + between + clock + fraction + zone


_REFERENCES = st.fixed_dictionaries({"id": _IDS}, optional={"actor_id": _optional(_IDS)})
_ACTORS = st.fixed_dictionaries(
    {"id": _IDS},
    optional={
        "handle": _optional(_TEXTS),
        "name": _optional(_TEXTS),
        "kind": _optional(st.sampled_from([*ActorKind])),
        "followers": _optional(st.one_of(st.integers(0, 2**63 - 1), st.sampled_from((0, 2**63 - 1)))),
        "agent": _optional(_TEXTS),
    },
)
_MENTIONS = st.fixed_dictionaries({"id": _IDS}, optional={"inherited": _optional(st.booleans())})
_LISTS = st.lists(_TEXTS, max_size=3)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """What a good body says, its fields in any order."""
    activity = draw(st.sampled_from([*Activity]))
    said: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {
                "platform": st.sampled_from(("x", "bluesky", "é" * 32, "p" * 64)),
                "activity": st.just(str(activity)),
                "id": _IDS,
                "actor": _ACTORS,
                "published": times(),
            },
            optional={
                "version": st.sampled_from((0, 1, 7, 2**32 - 1)),
                "observed": _optional(times()),
                "in_reply_to": _optional(_REFERENCES),
                "conversation": _optional(_IDS),
                "quote_of": _optional(_REFERENCES),
                "object": _optional(_REFERENCES),
                "mentions": st.lists(_MENTIONS, max_size=3),
                "text": _optional(_TEXTS),
                "lang": _optional(_TEXTS),
                "hashtags": _LISTS,
                "urls": _LISTS,
                "generator": _optional(_TEXTS),
                "visibility": _optional(st.sampled_from(("public", "direct", ""))),
                "brands": _LISTS,
                "raw_ref": _optional(_TEXTS),
                "unknown": anything(),
            },
        )
    )
    needed = ACTS_ON.get(activity)
    if needed and said.get(needed) is None:
        said[needed] = draw(_REFERENCES)
    names = draw(st.permutations(sorted(said)))
    return {name: said[name] for name in names}


def anything() -> st.SearchStrategy[Any]:
    """Any JSON."""
    scalars = (
        st.none()
        | st.booleans()
        | st.sampled_from((0, -1, 1, 2**32, 2**63, 2**64, 10**40, 0.5, 1.0, -0.0, 1e300))
        | _TEXTS
        | odd_times()
    )
    return st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=2) | st.dictionaries(_TEXTS | st.just("id"), inner, max_size=2)
        ),
        max_leaves=4,
    )


@st.composite
def events(draw: st.DrawFn) -> SocialEvent:
    """Events with anything that the definition takes in each of their fields."""
    return SocialEvent.model_validate_json(json.dumps(draw(contents())))


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Good bodies."""
    return _encode(draw, draw(contents()))


def _encode(draw: st.DrawFn, said: object) -> bytes:
    how = draw(st.sampled_from(({}, {"ensure_ascii": False}, {"indent": 1}, {"separators": (",", ":")})))
    return json.dumps(said, **how).encode()


@st.composite
def wrong_bodies(draw: st.DrawFn) -> bytes:
    """Bodies of which one field is something else, is not there, or is there twice."""
    said = draw(contents())
    within: dict[str, Any] = said
    name = draw(st.sampled_from([*SocialEvent.model_fields]))
    while isinstance(within.get(name), dict) and draw(st.booleans()):
        within = within[name]
        name = draw(st.sampled_from(("id", "actor_id", "handle", "kind", "followers", "agent", "name")))
    fault = draw(st.sampled_from(("missing", "long", "time", "other", "twice", "twice")))
    if fault == "missing":
        within.pop(name, None)
    elif fault == "long":
        within[name] = draw(st.sampled_from(("x", "é", "日"))) * draw(
            st.sampled_from((*_LONG, 32, 33, 64, 65))
        )
    elif fault == "time":
        within[draw(st.sampled_from(("published", "observed")))] = draw(odd_times())
    elif fault == "other":
        within[name] = draw(anything())
    else:
        # Two names that JSON's writer takes for different ones.
        within[_Name(name)] = draw(st.one_of(st.just(within.get(name)), anything(), _IDS))
    return _encode(draw, said)


class _Name(str):
    """A name that is not equal to the same name."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return super().__hash__()


@st.composite
def broken_bodies(draw: st.DrawFn) -> bytes:
    """Bodies in which a few bytes are not what they were."""
    body = draw(bodies())
    for _ in range(draw(st.integers(1, 2))):
        change = draw(st.sampled_from(_CHANGES))
        place = draw(st.integers(0, len(body)))
        body = change(draw, body, place)
    return body


def _cut(_: st.DrawFn, body: bytes, place: int) -> bytes:
    return body[:place]


def _flip(draw: st.DrawFn, body: bytes, place: int) -> bytes:
    return body[:place] + bytes((draw(st.integers(0, 255)),)) + body[place + 1 :]


def _insert(draw: st.DrawFn, body: bytes, place: int) -> bytes:
    return body[:place] + draw(st.sampled_from(_PIECES)) + body[place:]


def _leave_out(draw: st.DrawFn, body: bytes, place: int) -> bytes:
    return body[:place] + body[place + draw(st.integers(1, 8)) :]


def _repeat(draw: st.DrawFn, body: bytes, place: int) -> bytes:
    return body[:place] + body[max(place - draw(st.integers(1, 30)), 0) :]


_CHANGES: tuple[Callable[[st.DrawFn, bytes, int], bytes], ...] = (_cut, _flip, _insert, _leave_out, _repeat)
_PIECES = (
    *(b'"', b"\\", b",", b"{", b"}", b"[", b"]", b":", b" ", b"\0", b"\x01", b"\n", b"0", b"-", b".", b"e5"),
    *(
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xa8",
        b"/",
        b"null",
        b"NaN",
        b"-Infinity",
    ),
    *(b"\\ud800", b"\\ud83d\\ude00", b"\\udc00", b"\\u0000", b"\\uD83D\\u0041", b"\\x41", b"\\u00e9"),
    *(b"\\u00g0", b'"id":"3",', b'"id":3,', b'"zz":NaN,', b'"zz":1e999,', b'"zz":01,', b'"zz":-,'),
    b'"zz":' + b"[" * 62 + b"]" * 62 + b",",
    b'"zz":' + b'{"a":' * 66 + b"1" + b"}" * 66 + b",",
    b'"zz":' + b"[" * 199 + b"]" * 199 + b",",
    b'"zz":' + b"[" * 200 + b"]" * 200 + b",",
    b'"zz":' + b"9" * 5000 + b",",
    b'"zz":"\xff",',
    b'"\xff":1,',
    b'"i\\u0064":"3",',
    b'"zz":"\\ud800",',
)
