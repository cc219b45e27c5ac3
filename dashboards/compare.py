"""What Grafana has against what it is to have. It may have more: it fills in what nobody said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

REDACTED: Final = "[REDACTED]"
"""What Grafana says in place of a secret."""
_LONGEST = 60
_NOTHING: Final[tuple[object, ...]] = (None, "", "0s", False, 0, [], {})
"""What Grafana leaves out when it is told so."""


def differences(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Where what Grafana has is not what we say, one line each; nothing where it is.

    Args:
        ours: What it is to have.
        theirs: What it has.
        path: Where that is.
    """
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            place = f"{path}.{key}" if path else str(key)
            if key in theirs:
                yield from differences(value, theirs[key], place)
            elif value not in _NOTHING:
                yield f"+ {place}: {_short(value)}"
    elif isinstance(ours, list) and isinstance(theirs, list):
        for number in range(max(len(ours), len(theirs))):
            place = f"{path}[{number}]"
            if number >= len(theirs):
                yield f"+ {place}: {_short(ours[number])}"
            elif number >= len(ours):
                yield f"- {place}: {_short(theirs[number])}"
            else:
                yield from differences(ours[number], theirs[number], place)
    elif theirs not in (REDACTED, ours) and not (ours in _NOTHING and theirs in _NOTHING):
        yield f"~ {path}: {_short(theirs)} -> {_short(ours)}"


def _short(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, dict):
        value = value.get("title") or value.get("name") or "..."
    elif isinstance(value, list):
        value = f"{len(value)} of them"
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
