"""Forgetting accounts: brought into the log, waited for, and then removed from disk.

Workers take the content out when the control comes to them. Where no worker reads a topic, the same core
folds the control here, as it does with a file.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from schemas.errors import BadInput, Stop
from schemas.event import MESSAGES, REACTIONS
from streams.control import Concerned, Forget, encode
from streams.decode import Arrival
from streams.pipeline import Batch, Pipeline, Source
from streams.replay import EPOCH
from streams.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.settings import Settings
    from sinks.sink import Sink
    from streams.kafka import Producer

_PAUSE = 0.2
"""Seconds between two looks at what the workers have done."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_LAST = 2**63 - 1
"""No offset is higher."""


@dataclass(frozen=True)
class Forgotten:
    """What an account had done, up to a time, that was not forgotten yet."""

    platform: str
    account: str
    until: datetime
    messages: int
    reactions: int
    conversations: int
    """Threads that it did anything in; those of a follow or a block are no conversations, but count."""
    dead_letters: int


def parse_account(name: str) -> tuple[str, str]:
    """Platform and id of an account, given as `PLATFORM:ID`; the id may have colons.

    Raises:
        BadInput: It is not written like that.
    """
    platform, colon, account = name.partition(":")
    if not (platform and colon and account):
        raise BadInput(
            f"{name} is no account; it reads like PLATFORM:ID, such as x:12 or bluesky:did:plc:abc",
            where="--account",
        )
    return platform, account


def look_up(sink: Sink, platform: str, account: str, until: datetime) -> Forgotten:
    """What there is to forget of an account.

    Raises:
        RetryLater: The sink cannot be read now.
    """
    held = sink.held(platform, account, until)
    return Forgotten(
        platform=platform,
        account=account,
        until=until,
        messages=len({one.id for one in held if one.activity in MESSAGES}),
        reactions=len({(one.id, one.activity) for one in held if one.activity in REACTIONS}),
        conversations=len({one.thread for one in held}),
        dead_letters=sink.letters(platform, account),
    )


class Announced(NamedTuple):
    """What the workers were told to forget."""

    partitions: Sequence[int]
    accounts: Sequence[tuple[str, str]]
    until: datetime


def announce(
    producer: Producer, topic: str, accounts: Sequence[tuple[str, str]], until: datetime
) -> Announced:
    """Have the workers of a topic forget some accounts.

    Raises:
        Stop: Kafka does not take it.
    """
    partitions = producer.partitions(topic)
    for partition in partitions:
        threads = Concerned.REST if partition == partitions[0] else Concerned.OWN
        for platform, account in accounts:
            control = Forget(platform=platform, account=account, until=until, threads=threads)
            value, headers = encode(control)
            producer.send(topic, None, value, headers=headers, partition=partition)
    producer.flush(topic)
    return Announced(partitions, accounts, until)


def wait_for_workers(sink: Sink, epoch: int, announced: Announced, patience: float) -> None:
    """Wait until the workers have forgotten some accounts.

    Args:
        sink: Where the workers write.
        epoch: The topic's epoch.
        announced: What they were told.
        patience: Seconds to wait at the most.

    Raises:
        Stop: They have not within that time.
    """
    deadline = time.monotonic() + patience
    partitions, accounts, until = announced

    def taken_up() -> bool:
        known = [sink.forgotten(epoch, partition, _LAST) for partition in partitions]
        return all(until <= one.get(account, _NEVER) for one in known for account in accounts)

    def done() -> bool:
        return not any(sink.held(*account, until) for account in accounts)

    _wait(taken_up, deadline, patience)
    _wait(done, deadline, patience)


def _wait(condition: Callable[[], bool], deadline: float, patience: float) -> None:
    while not condition():
        if time.monotonic() > deadline:
            raise Stop(
                f"the workers have not done it within {patience:g} s: it is in the log and is not lost; "
                f"see that a hubbub worker runs on every partition, then run the same command again"
            )
        time.sleep(_PAUSE)


def forget_here(sink: Sink, settings: Settings, accounts: Sequence[tuple[str, str]], until: datetime) -> None:
    """Forget accounts where no worker is at work.

    Raises:
        Stop: The sink cannot take it.
    """
    controls = [
        Forget(platform=platform, account=account, until=until, threads=Concerned.ALL)
        for platform, account in accounts
    ]
    digest = hashlib.sha256(b"".join(encode(control)[0] for control in controls)).digest()
    partition = int.from_bytes(digest[:4])
    arrivals = [Arrival(offset, control) for offset, control in enumerate(controls)]
    pipeline = Pipeline.of(sink, settings)
    store = Store(sink, pipeline, lambda: Source("forget", EPOCH))
    batch = Batch(arrivals, [], 0, len(arrivals))
    store.store_patiently({partition: batch}, datetime.now(UTC))
