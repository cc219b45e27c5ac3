"""The two speeds of the fold: its definition in Python, and the same compiled.

Everything that either does is defined in `streams/`; the compiled one (`compiled/`) only takes less time and
memory for it. `tests/compiled/` holds the one to the other.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from schemas.errors import Stop
from schemas.event import SocialEvent
from streams import decode as definition
from streams.fold import Folded, fold
from streams.heard import Hearing
from streams.ledger import Ledger
from streams.place import place_of
from streams.thread import restore
from streams.windows import Windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.registry import Registry
    from schemas.rows import ActivityRow
    from sinks.sink import Sink
    from streams.control import Forget, Settle
    from streams.decode import Decoded, Record
    from streams.place import Key, Place
    from streams.thread import Thread


class Speed(Protocol):
    """What makes rows of records. What one has made goes with nothing of the other."""

    def decode(self, records: Sequence[Record], *, keep_direct: bool = False) -> Decoded:
        """Decode a batch, like `streams.decode.decode`."""

    def take(self, item: SocialEvent | Settle | Forget) -> Place | Settle | Forget:
        """What has come as the fold wants it, whoever has decoded it; of an event, where it belongs."""

    def restore(self, rows: Sequence[ActivityRow]) -> dict[Key, Thread]:
        """The threads that stored rows tell of, like `streams.thread.restore`."""

    def know(self, registry: Registry) -> Registry:
        """A registry as the fold wants it."""

    def hearing(self) -> Hearing:
        """What remembers what was heard of a thread."""

    def fold(self, thread: Thread, registry: Registry, sentiment_share: float) -> Folded:
        """What a thread yields with a registry, like `streams.fold.fold`."""

    def ledger(self) -> Ledger:
        """What gathers the rows of a flush."""

    def windows(self, sink: Sink, epoch: int, partition: int) -> Windows:
        """The sums of one partition."""


class Defined:
    """The definition."""

    def decode(self, records: Sequence[Record], *, keep_direct: bool = False) -> Decoded:
        """Decode a batch."""
        return definition.decode(records, keep_direct=keep_direct)

    def take(self, item: SocialEvent | Settle | Forget) -> Place | Settle | Forget:
        """What has come."""
        return place_of(item) if isinstance(item, SocialEvent) else item

    def restore(self, rows: Sequence[ActivityRow]) -> dict[Key, Thread]:
        """The threads that stored rows tell of."""
        return restore(rows, SocialEvent.model_validate_json, self.hearing)

    def know(self, registry: Registry) -> Registry:
        """The registry."""
        return registry

    def hearing(self) -> Hearing:
        """What remembers what was heard of a thread."""
        return Hearing()

    def fold(self, thread: Thread, registry: Registry, sentiment_share: float) -> Folded:
        """What a thread yields with a registry."""
        return fold(
            thread.key,
            thread.activities.values(),
            registry,
            thread.settled,
            seen=thread.seen,
            forgotten=thread.forgotten,
            sentiment_share=sentiment_share,
            hearing=thread.hearing,
        )

    def ledger(self) -> Ledger:
        """What gathers the rows of a flush."""
        return Ledger()

    def windows(self, sink: Sink, epoch: int, partition: int) -> Windows:
        """The sums of one partition."""
        return Windows(sink, epoch, partition)


@lru_cache
def fastest(*, compiled: bool = True) -> Speed:
    """The fastest that is here.

    Args:
        compiled: Whether the compiled one may be taken, where it is built.

    Raises:
        Stop: The compiled one belongs to another version of hubbub.
    """
    if not compiled or find_spec("hubbub_compiled") is None:
        return Defined()
    from streams.compiled import VERSION, Compiled  # noqa: PLC0415 - only where it is built

    if version("hubbub") != VERSION:
        raise Stop(
            f"the compiled fold is of version {VERSION}, hubbub of {version('hubbub')}: build it again with"
            " python compiled/install.py, or set HUBBUB_COMPILED=false"
        )
    return Compiled()
