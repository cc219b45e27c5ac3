"""The compiled fold, where it is built: see `compiled/`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import hubbub_compiled

from schemas.event import SocialEvent
from schemas.registry import Agent
from schemas.rows import ActivityRow, ColumnarRows
from streams import decode as definition
from streams.labels import label
from streams.labels.rules import rules
from streams.thread import Thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.registry import Registry
    from sinks.sink import Sink
    from streams.decode import Decoded, Record
    from streams.place import Key

VERSION: str = hubbub_compiled.__version__
"""Of hubbub, that it was built for."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = 2**32
"""No column holds more seconds than this many minutes."""


def registry(definition: Registry) -> hubbub_compiled.Registry:
    """A registry as the compiled fold asks it."""
    brands = [
        (brand.name, min(brand.reply_sla_minutes, _LONGEST), brand.campaign_tags, brand.topic_words)
        for brand in definition.brand
    ]
    periods = [
        (
            voice.platform,
            voice.id,
            *map(microseconds, voice.period),
            brand.name,
            voice.name if isinstance(voice, Agent) else "",
        )
        for brand in definition.brand
        for voice in brand.voices()
    ]
    return hubbub_compiled.Registry(brands, periods, definition)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


class Compiled:
    """The definition, compiled. Its events, registries and rows look like the definition's, and are not."""

    def __init__(self) -> None:
        self._labeller = hubbub_compiled.Labeller(label, rules())

    def decode(self, records: Sequence[Record], *, keep_direct: bool = False) -> Decoded:
        """Decode a batch."""
        decoded: Decoded = hubbub_compiled.decode(
            records, keep_direct=keep_direct, definition=definition.decode
        )
        return decoded

    def take(self, item: Any) -> Any:  # noqa: ANN401 - an event becomes another kind of event
        """What has come, where it is an event as one of ours, with where it belongs."""
        if not isinstance(item, hubbub_compiled.Event):
            if not isinstance(item, SocialEvent):
                return item
            item = hubbub_compiled.Event.of(item)
        return hubbub_compiled.place(item)

    def restore(self, rows: Sequence[ActivityRow]) -> dict[Key, Thread]:
        """The threads that stored rows tell of."""
        threads: dict[Key, Thread] = hubbub_compiled.restore(
            ColumnarRows.of(ActivityRow, rows).columns,
            lambda platform, key: Thread(platform, key, self.hearing()),
        )
        return threads

    def know(self, known: Registry) -> Any:  # noqa: ANN401
        """A registry of ours."""
        return registry(known)

    def hearing(self) -> Any:  # noqa: ANN401
        """What remembers what was heard of a thread."""
        return hubbub_compiled.Hearing()

    def fold(self, thread: Thread, registry: Registry, sentiment_share: float) -> Any:  # noqa: ANN401
        """What a thread yields with a registry."""
        return hubbub_compiled.fold(
            thread.key,
            thread.activities.values(),
            registry,
            thread.settled,
            seen=thread.seen,
            forgotten=thread.forgotten,
            sentiment_share=sentiment_share,
            hearing=thread.hearing,
            labeller=self._labeller,
        )

    def ledger(self) -> Any:  # noqa: ANN401
        """What gathers the rows of a flush."""
        return hubbub_compiled.Ledger()

    def windows(self, sink: Sink, epoch: int, partition: int) -> Any:  # noqa: ANN401
        """The sums of one partition."""
        return hubbub_compiled.Windows(sink, epoch, partition)
