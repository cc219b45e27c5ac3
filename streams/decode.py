"""Bytes to events, or to a reason why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pydantic import TypeAdapter, ValidationError

from schemas.errors import Refused
from schemas.event import SocialEvent
from streams.control import CONTROLS, HEADER, Control
from streams.unforeseen import unforeseen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)
"""No social event is older."""
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""No clock is taken to be right that says more."""
_LATEST_STAMP = LATEST.timestamp() * 1000
TOLERANCE = timedelta(days=1)
"""How far an event may lie in the future of who saw it."""

_EVENT = TypeAdapter(SocialEvent)
_REASONS = {
    "json_invalid": "unreadable",
    "missing": "missing",
    "missing_for_activity": "missing",
    "string_too_short": "wrong_value",
    "string_too_long": "wrong_value",
    "greater_than_equal": "wrong_value",
    "less_than": "wrong_value",
}


class Record(Protocol):
    """What a source hands over: aiokafka's records have this shape, and so have a file's lines."""

    @property
    def offset(self) -> int: ...  # noqa: D102
    @property
    def value(self) -> bytes | None: ...  # noqa: D102
    @property
    def timestamp(self) -> int:
        """Milliseconds since 1970 at which it came into the log; negative: not known."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...  # noqa: D102


class Arrival(NamedTuple):
    """Something usable, and where in its partition it stands."""

    offset: int
    item: SocialEvent | Control


class Refusal(NamedTuple):
    """Something unusable, with its original bytes."""

    offset: int
    body: bytes
    error: Refused
    control: bool = False
    """Whether it was meant for us, and is no event."""


@dataclass(slots=True)
class Decoded:
    """What a batch of records amounts to."""

    arrivals: list[Arrival] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    """Offsets of the events that were dropped because they were private."""

    @property
    def direct_messages(self) -> int:
        """How many events were dropped because they were private."""
        return len(self.dropped)


def decode(records: Iterable[Record], *, keep_direct: bool = False) -> Decoded:
    """Decode a batch.

    Args:
        records: Raw records of one partition, in order.
        keep_direct: Whether direct messages are kept, without their content, instead of dropped.
    """
    decoded = Decoded()
    for record in records:
        try:
            item = decode_one(record)
        except Exception as error:  # noqa: BLE001 - one event that breaks the decoder must not break the stream
            refused = error.bare() if isinstance(error, Refused) else unforeseen(error)
            control = is_control(record)
            decoded.refusals.append(Refusal(record.offset, record.value or b"", refused, control))
            continue
        if isinstance(item, SocialEvent) and item.visibility == "direct":
            if not keep_direct:
                decoded.dropped.append(record.offset)
                continue
            item = item.without_content()
        decoded.arrivals.append(Arrival(record.offset, item))
    return decoded


def decode_one(record: Record) -> SocialEvent | Control:
    """Decode one record.

    Raises:
        Refused: It is unusable; nothing else is raised, whatever the bytes.
    """
    if record.value is None:
        raise Refused("unreadable", detail="the message is empty")
    try:
        if is_control(record):
            return CONTROLS.validate_json(record.value)
        event = _EVENT.validate_json(record.value)
    except ValidationError as error:
        raise _refused(error) from None
    return _placed_in_time(event, record.timestamp)


def is_control(record: Record) -> bool:
    """Whether a record is meant for us, and is no event."""
    return bool(record.headers) and any(name == HEADER for name, _ in record.headers)


def _refused(error: ValidationError) -> Refused:
    first: Any = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    kind = first["type"]
    if kind == "missing_for_activity":
        path = first["ctx"]["field"]
    reason = "unknown_activity" if path == "activity" and kind == "enum" else _REASONS.get(kind, "wrong_type")
    return Refused(reason, field=path, detail=first["msg"])


def _placed_in_time(event: SocialEvent, timestamp: int) -> SocialEvent:
    """Check the event time against who saw it when, and clamp it to that."""
    logged = datetime.fromtimestamp(timestamp / 1000, UTC) if 0 <= timestamp < _LATEST_STAMP else None
    seen = event.observed or logged
    if event.observed is not None and not EARLIEST <= event.observed <= (logged or LATEST) + TOLERANCE:
        raise Refused("out_of_range", field="observed", detail=f"{event.observed.isoformat()} cannot be")
    if not EARLIEST <= event.published <= (seen or LATEST) + TOLERANCE:
        raise Refused("out_of_range", field="published", detail=f"{event.published.isoformat()} cannot be")
    if event.observed is not None and event.published > event.observed:
        return event.model_copy(update={"published": event.observed})
    return event
