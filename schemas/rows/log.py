"""What else is known of the log: what was refused, who is forgotten, epochs and registries."""

from __future__ import annotations

from datetime import datetime

from schemas.rows.row import Row


class DeadLetterRow(Row):
    """Table `dead_letters`: what was refused, why, and its bytes.

    Key: source_topic, source_epoch, source_partition, source_offset.
    """

    reason: str
    field: str
    detail: str
    body: bytes
    """The original bytes; of what only the fold has refused, the event as it was read."""
    source_topic: str
    source_epoch: int
    source_partition: int
    source_offset: int
    refused_at: datetime
    control: bool = False
    """Whether it carried the header of a control: it is no event, and never becomes one."""
    replayed_at: datetime | None = None
    """When `hubbub dead-letters replay` sent it on; none while it is open."""


class RegistryChangeRow(Row):
    """Table `registry_changes`: from which offset of a partition on a version of the registry is in force.

    Key: source_epoch, source_partition, source_offset. Version: version.
    """

    version: int
    source_epoch: int
    source_partition: int
    source_offset: int


class EpochRow(Row):
    """Table `epochs`: an epoch of a topic, within which offsets can be compared.

    Key: epoch, topic, topic_id.
    """

    epoch: int
    topic: str
    topic_id: str
    """What Kafka calls it: another one when the topic is made anew."""
    partitions: int
    """Partitions over which its conversations are spread."""
    rebuilt: bool
    """Whether it began with a rebuild: no row of an earlier epoch is accepted since."""
    began_at: datetime


class ForgottenRow(Row):
    """Table `forgotten_accounts`: from which offset of a partition on an account is forgotten.

    Key: source_epoch, source_partition, source_offset, platform, account. Version: until.
    """

    platform: str
    account: str
    until: datetime
    """What the account did up to this event time is forgotten."""
    source_epoch: int
    source_partition: int
    source_offset: int


class RegistryRow(Row):
    """Table `registries`: a brand registry that was in force, so that any fold can be repeated.

    Key: version.
    """

    version: int
    digest: str
    """SHA-256 of the body, hex."""
    body: str
    """The registry as JSON."""
    stored_at: datetime
