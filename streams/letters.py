"""Dead letters, once more: which of them can be used today, and back into the stream with those."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from schemas.errors import Refused
from schemas.event import SocialEvent
from sinks.sink import Flush
from streams.broker import create_topics
from streams.decode import decode
from streams.epochs import describe_topic, epoch_of
from streams.ingest import message
from streams.kafka import open_producer
from streams.replay import FilePlace, Line, Replayed, partition_of, replay_lines
from streams.sources.keys import Keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from schemas.rows import DeadLetterRow
    from schemas.settings import Settings
    from sinks.sink import Sink
    from streams.kafka import Producer

CONTROL = "control"
"""Why a letter stays that was no event: what it was to change has its place in the log."""


class Usable(NamedTuple):
    """A letter that can be used today."""

    letter: DeadLetterRow
    event: SocialEvent


@dataclass(slots=True)
class Judged:
    """What today's version makes of some letters."""

    usable: list[Usable] = field(default_factory=list)
    dropped: list[DeadLetterRow] = field(default_factory=list)
    """Direct messages that nobody is to read."""
    refused: list[tuple[DeadLetterRow, Refused]] = field(default_factory=list)
    """Those that stay, and why."""


def judge(letters: Iterable[DeadLetterRow], *, keep_direct: bool = False) -> Judged:
    """Decode letters again.

    An event is held against the time at which it was refused, as it was then, and not against today's: one
    that came from the future does not become true by waiting.

    Args:
        letters: The letters, in the order of the log.
        keep_direct: Whether direct messages are kept, without their content, instead of dropped.
    """
    judged = Judged()
    for letter in letters:
        if letter.control:
            judged.refused.append((letter, Refused(CONTROL, detail="is no event")))
            continue
        decoded = decode([_line(letter, 0, letter.body)], keep_direct=keep_direct)
        if decoded.dropped:
            judged.dropped.append(letter)
        for refusal in decoded.refusals:
            judged.refused.append((letter, refusal.error))
        for arrival in decoded.arrivals:
            if isinstance(arrival.item, SocialEvent):
                judged.usable.append(Usable(letter, arrival.item))
    return judged


def bring_in(judged: Judged, sink: Sink, settings: Settings, now: datetime, *, through_kafka: bool) -> int:
    """Bring in what can be used today, and take down that it was.

    Returns:
        How many of them the fold fails on, as far as it is done here: they are letters again, in another
        place.

    Raises:
        Stop: Kafka or the sink does not take them. They are offered again, which is harmless.
        RetryLater: The sink is away; likewise.
    """
    again = 0
    if judged.usable and through_kafka:
        create_topics(settings.kafka, {settings.topic: settings.partitions, settings.dead_letter_topic: 1})
        with open_producer(settings) as producer:
            send(judged.usable, sink, producer, settings)
    elif judged.usable:
        again = fold(judged.usable, sink, settings, now).refused
    done = [*(usable.letter for usable in judged.usable), *judged.dropped]
    if done:
        sent = tuple(letter.model_copy(update={"replayed_at": now}) for letter in done)
        sink.write(Flush(dead_letters=sent))
    return again


def send(usable: Sequence[Usable], sink: Sink, producer: Producer, settings: Settings) -> None:
    """Send letters to the topic once more.

    To the partition that they came from, because what they belong to is there; or else, where the topic was
    made anew, by their key: the conversation, as far as the letters and the database tell it.

    Raises:
        Stop: Kafka does not take them.
        RetryLater: The sink cannot be read.
    """
    topic = describe_topic(settings.kafka, settings.topic)
    here = (topic.name, epoch_of(topic, sink, datetime.now(UTC)))
    for (letter, _), (key, event) in zip(usable, _keyed(usable, sink), strict=True):
        is_here = (letter.source_topic, letter.source_epoch) == here
        partition = letter.source_partition if is_here else None
        producer.send(settings.topic, key.encode(), message(event), partition=partition)
    producer.flush(settings.topic)


def fold(usable: Sequence[Usable], sink: Sink, settings: Settings, now: datetime) -> Replayed:
    """Fold letters straight into the sink. What the fold fails on is a letter again, in another place.

    Raises:
        Stop: The sink cannot take it.
    """
    lines = [_line(letter, offset, message(event)) for offset, (letter, event) in enumerate(usable)]
    digest = hashlib.sha256(b"".join(b"%d:%b" % (len(line.value), line.value) for line in lines))
    place = FilePlace(settings.dead_letter_topic, partition_of(digest, sink))
    size = settings.flush_events
    batches = (lines[start : start + size] for start in range(0, len(lines), size))
    return replay_lines(batches, place, sink, settings, now)


def _keyed(usable: Sequence[Usable], sink: Sink) -> Iterator[tuple[str, SocialEvent]]:
    """The key of each, in their order."""
    keys = Keys()
    for _, event in usable:
        keys.note(event)
    keyed = [keys.keyed(event, 0) for _, event in usable]
    # Where the letters alone tell nothing of the conversation, the key is the id of what is missing: the
    # database may know where that is.
    known = sink.find({(one.event.platform, one.key) for one in keyed if one.event.conversation is None})
    for one in keyed:
        yield known.get((one.event.platform, one.key), one.key), one.event


def _line(letter: DeadLetterRow, offset: int, body: bytes) -> Line:
    return Line(offset, body, int(letter.refused_at.timestamp() * 1000))
