"""An error that nobody has foreseen, as the reason for which an event is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from schemas.errors import Refused

if TYPE_CHECKING:
    from types import TracebackType

INTERNAL = "internal"
"""The reason: the fault is more likely ours than the event's."""

_LONGEST = 300
"""Characters of an error's own words."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_OURS = ("schemas.", "sinks.", "streams.")


def unforeseen(error: Exception) -> Refused:
    """What to write down of an error: its type, its words, and where in our code it was raised.

    Errors like to quote what they have stumbled over. What an event says belongs to the letter's body, and
    not into headers and logs, so quotations are left out.
    """
    words = _QUOTED.sub("'…'", " ".join(_words(error).split()))
    if len(words) > _LONGEST:
        words = f"{words[:_LONGEST]}…"
    place = _place(error.__traceback__)
    detail = ": ".join(filter(None, (type(error).__name__, words))) + (f" ({place})" if place else "")
    return Refused(INTERNAL, detail=detail.encode(errors="replace").decode())


def _words(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first: Any = error.errors(include_url=False, include_input=False)[0]
        return f"{error.title}: {'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)


def _place(trace: TracebackType | None) -> str:
    """File and line of the innermost frame that is ours."""
    place = ""
    while trace is not None:
        frame = trace.tb_frame
        if str(frame.f_globals.get("__name__", "")).startswith(_OURS):
            place = f"{Path(frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
