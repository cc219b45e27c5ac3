"""One frozen model for each table: a row is what the pipeline sets, column by column.

`seen` and `applied` say how much a row has seen; the row that has seen more wins (ReplacingMergeTree).
`removed` rows take back an earlier row of the same key. `source_*` tell where the newest event behind the
row came from: the topic's epoch, partition and offset.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from schemas.vocabulary import Direction, Effect, Role, Scope


class Row(BaseModel):
    """What all rows share: frozen, nothing but their columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")


SETTLE_MARK = "settle"
"""The activity under which a thread's settlement is stored; its time is the settlement's."""

FENCE_MARK = "mark"
"""The activity under which it is stored how far a partition is; it has no platform."""

FORGET_MARK = "forget"
"""The activity under which it is stored that a thread knows an account to be forgotten, and up to when.

Its id is the account's, with a `>` before it, so that no activity has the same.
"""

MARKS = frozenset({SETTLE_MARK, FENCE_MARK, FORGET_MARK})
"""What is stored among the activities and is none."""


class ActivityRow(Row):
    """Table `activities`: a distinct activity as it was received, and a thread's marks. The fold's memory.

    Key: thread, platform, id, activity, version. Version: seen.
    """

    thread: str
    """The thread that holds it: the root's id, or the id of a message that is still waited for."""
    platform: str
    id: str
    activity: str
    version: int
    published: datetime
    body: str
    """The event as JSON, in the shape of docs/social-event.schema.json."""
    waiting: bool
    """Whether `thread` is the id of an activity that has not come yet."""
    registry: int
    """Version of the brand registry with which its thread was folded."""
    seen: int
    """Changes that the thread had been through when this row was written."""
    source_epoch: int
    source_partition: int
    source_offset: int
    removed: bool


class InteractionRow(Row):
    """Table `interactions`: a message or a reaction, seen from one brand.

    Key: brand, day of published, platform, id, activity. Version: seen.
    """

    brand: str
    platform: str
    conversation: str
    id: str
    activity: str
    published: datetime
    """Event time, UTC; never later than when the collector saw it."""
    started_at: datetime
    """Start of its conversation, to which K-anchored metrics are booked: the root's event time, or the first
    known message's while the root is not known; of a reaction with no known message, its own."""
    direction: Direction | None
    """Who talks to whom; none for a reaction."""
    effect: Effect | None
    """What a reaction, or a quote, does; none for other messages."""
    indirect: bool
    """Addressed by quoting instead of replying."""
    adds_brand: bool
    """A customer answers a customer and newly names the brand: an edge to it beside the CC."""
    scope_reason: Scope
    actor: str
    actor_role: Role
    agent: str
    """The human behind the brand's account, or empty."""
    followers: int | None
    """The actor's followers at the time of the event."""
    addressee: str
    """The account talked to, or empty."""
    addressee_role: Role | None
    parent: str
    """Id of the direct parent, the quoted message or the object, or empty."""
    depth: int
    """Replies between it and the first known message above it; 0 for a root."""
    latency: float | None
    """Seconds since the parent, where the parent is known."""
    lang: str
    seen: int
    source_epoch: int
    source_partition: int
    source_offset: int
    removed: bool


class ConversationRow(Row):
    """Table `conversations`: the latest state of one thread, seen from one brand.

    Key: conversation, platform, brand. Version: seen. Counts are of the messages in the brand's space.
    """

    brand: str
    platform: str
    conversation: str
    started_at: datetime
    """The root's event time, or the first known message's while the root is not known."""
    last_at: datetime
    brand_root: bool
    """Whether the root is known and the brand's."""
    messages: int
    brand_messages: int
    customer_messages: int
    customers: int
    """Distinct customers with a message."""
    participants: int
    """Distinct authors with a message."""
    depth: int
    """Replies on the longest path from the top."""
    turns: int
    """Runs of messages by one author, in order of time."""
    duration: float
    """Seconds from the first to the last message."""
    bo: int
    bc: int
    cb: int
    cc: int
    co: int
    bx: int
    cx: int
    undecided: int
    c2c_depth: int
    """Customer-to-customer messages on the longest unbroken path of them."""
    c2c_turns: int
    """Runs of customer-to-customer messages by one author, in order of time."""
    c2c_duration: float
    """Seconds from the first to the last customer-to-customer message."""
    c2c_participants: int
    """Distinct customers who write or are addressed in customer-to-customer messages."""
    seen: int
    source_epoch: int
    source_partition: int
    source_offset: int
    removed: bool


class MinuteRow(Row):
    """Table `dialogue_minutes`: sums of one minute x brand x platform, as one source partition saw it.

    Key: minute, brand, platform, source_epoch, source_partition. Version: applied. Sums may be negative in
    one partition where a conversation moved between partitions; over all partitions they never are.
    """

    minute: datetime
    """Start of the minute, UTC."""
    brand: str
    platform: str
    bo: int
    bc: int
    cb: int
    cc: int
    co: int
    bx: int
    cx: int
    undecided: int
    brand_roots: int
    """Posts of the brand that start a conversation."""
    root_replies: int
    """Customer messages at any depth under brand roots; booked to the root's minute."""
    customer_conversations: int
    """Conversations with at least one customer; booked to the conversation's start."""
    c2c_conversations: int
    """Those of them with at least two customers and one CC; booked to the conversation's start."""
    source_epoch: int
    source_partition: int
    applied: int
    """Source offset that the row has seen, plus one."""


SUMS = tuple(
    name
    for name in MinuteRow.model_fields
    if name not in {"minute", "brand", "platform", "source_epoch", "source_partition", "applied"}
)
"""The columns of `dialogue_minutes` that add up."""


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
