"""One frozen model for each table: a row is what the pipeline sets, column by column.

`seen` and `applied` say how much a row has seen; the row that has seen more wins (ReplacingMergeTree).
`removed` rows take back an earlier row of the same key. `source_*` tell where the newest event behind the
row came from: the topic's epoch, partition and offset.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from schemas.alerts import State
from schemas.vocabulary import Direction, Effect, Role, Scope


class Row(BaseModel):
    """What all rows share: frozen, nothing but their columns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def trusted(cls, columns: dict[str, Any]) -> Self:
        """A row of the pipeline's own making, which nobody checks: that takes ten times as long as making it.

        Tests hold such rows against the model.

        Args:
            columns: All columns, each of its very type. They become the row.
        """
        row = cls.__new__(cls)
        put = object.__setattr__  # rows are frozen
        put(row, "__dict__", columns)
        put(row, "__pydantic_fields_set__", _ALL)
        put(row, "__pydantic_extra__", None)
        put(row, "__pydantic_private__", None)
        return row

    def but(self, **columns: Any) -> Self:  # noqa: ANN401 - whatever the columns hold
        """The same row with some other columns, which nobody checks either."""
        return self.trusted(vars(self) | columns)


_ALL: set[str] = set()
"""What a trusted row says was set: nobody asks, and one set for all of them takes no time."""

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
    question: bool | None = None
    """Whether it asks something. Each label: none where it does not know the language."""
    thanks: bool | None = None
    """Whether it thanks, or says that it is solved."""
    love: bool | None = None
    """Whether it tells of love or joy."""
    sentiment: int | None = None
    """-1, 0 or 1."""
    deflection: bool | None = None
    """Whether a message of the brand only sends to a direct message or to a link."""
    signature: str = ""
    """Initials or first name with which a message of the brand is signed."""
    asks: bool | None = None
    """Whether a message of the brand has a link or a campaign's tag."""
    automation: bool | None = None
    """Whether a message of the brand comes from declared or detected automation; none: nobody can tell."""
    sketch: tuple[int, ...] = ()
    """MinHash of a brand's answer to a customer, from 6 tokens on: near-equal texts, near-equal sketches."""
    topics: tuple[str, ...] = ()
    """Hashtags of a message in lower case, and the brand's topics that it names; sorted."""
    labelled_by: str = ""
    """The labels' versions; empty where nothing was classified."""
    parent_direction: Direction | None = None
    """Direction, in this space, of the message that it replies to or quotes, where that is known and live."""
    parent_at: datetime | None = None
    """Event time of the same."""
    exchange_sla: int | None = None
    """Seconds within which the brand promises an answer; there where the message opens an exchange."""
    exchange_reply: str = ""
    """Id of the brand's first reply in the exchange that the message opens."""
    exchange_reply_at: datetime | None = None
    exchange_agent: str = ""
    """Who wrote that reply, as far as it has a name."""
    exchange_replies: int = 0
    """Messages of the brand to that customer, up to `exchange_quiet_from`."""
    exchange_back_at: datetime | None = None
    """When the customer came back to the brand after the first reply, up to `exchange_quiet_from`."""
    exchange_confirmed_at: datetime | None = None
    """When the customer first confirmed the help, within 7 days of the first reply."""
    exchange_classified: bool = False
    """Whether a confirmation could have been seen."""
    exchange_quiet_from: datetime | None = None
    """The last contact before the first 72 hours of quiet after the first reply, as far as is known."""
    exchange_closed_at: datetime | None = None
    """The brand's last message up to then."""
    exchange_single: bool = False
    """Whether one reply was enough: the brand's only one, and after it nothing but thanks."""
    answered_by: Role | None = None
    """Who first answered a customer's question: the brand or another customer."""
    answered_at: datetime | None = None
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
    loop: bool
    """Whether brand and customer came back to each other: a message, the other's reply, the first's reply."""
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
    two_sided: int = 0
    """Conversations in which the brand and a customer wrote; booked to the conversation's start."""
    loops: int = 0
    """Those of them with a loop; booked to the conversation's start."""
    started_cc: int = 0
    """Customer-to-customer messages, booked to the start of their conversation."""
    brand_free_cc: int = 0
    """Those of them where the brand wrote nothing but the root; booked to the conversation's start."""
    brand_messages: int = 0
    """Messages of the brand."""
    named: int = 0
    """Those of them with an agent or a signature."""
    automation_known: int = 0
    """Those of them of which it is known whether a machine wrote them."""
    automated: int = 0
    """Those of them that a machine wrote."""
    deflection_known: int = 0
    """Messages from the brand to a customer of which it is known whether they deflect."""
    deflections: int = 0
    """Those of them that only send to a direct message or to a link."""
    asks: int = 0
    """Broadcasts with a link or a campaign's tag."""
    gives: int = 0
    """Reactions of the brand to customers."""
    positive: int = 0
    """Messages of customers by sentiment."""
    neutral: int = 0
    negative: int = 0
    love_known: int = 0
    """Messages of customers of which it is known whether they tell of love or joy."""
    loving: int = 0
    """Those of them that do."""
    questions: int = 0
    """Questions of customers."""
    peer_answered: int = 0
    """Those of them that another customer answered first; booked to the question's minute."""
    bo_replies: int = 0
    """Classified messages of customers that answer a broadcast; booked to the broadcast's minute."""
    bo_negative: int = 0
    """Those of them that are negative; booked to the broadcast's minute."""
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


class AlertStateRow(Row):
    """Table `alert_states`: what is known of one alert of one brand after the last closed day.

    Key: brand, alert. Version: judged_at. What value, change and score hold, each alert says itself:
    `schemas/alerts.py`. Days are UTC.
    """

    brand: str
    alert: str
    """AL1 to AL5."""
    state: State
    firing: int
    """1 while it fires, also on days on which it cannot be judged; else 0. Grafana's rules read it."""
    since: date
    """Day from which on it is in that state."""
    day: date
    """The last day that was judged."""
    value: float | None
    """The share or rate that is judged; none where it could not be, and for AL2 until the week is over."""
    baseline: float | None
    change: float | None
    score: float | None
    phi: float | None
    n: int
    n_before: int
    window_days: int
    baseline_from: date | None
    baseline_to: date | None
    """First and last day of the baseline."""
    frozen: bool
    """Whether the baseline stays where it was when the alert fired."""
    streak: int
    """Judged days in a row (AL2: weeks) that speak for firing, or while it fires, for clearing."""
    held_days: int
    held_why: str
    judged_at: datetime


class AlertHistoryRow(Row):
    """Table `alert_history`: one change of the state of one alert.

    Key: brand, alert, day. Version: judged_at.
    """

    brand: str
    alert: str
    day: date
    """The day after which it changed."""
    before: str
    """The state before; empty for the first one."""
    state: State
    firing: int
    value: float | None
    baseline: float | None
    change: float | None
    score: float | None
    phi: float | None
    n: int
    n_before: int
    held_why: str
    withdrawn: bool
    """Whether late events have shown since that it did not change that day."""
    judged_at: datetime
    published_at: datetime | None
    """When it was sent to the topic of the alerts; none: not, or not yet."""


class WorkerMinuteRow(Row):
    """Table `worker_minutes`: how a worker did in one minute, as it told itself.

    Key: minute, worker, started_at. Version: looked_at.
    """

    minute: datetime
    """Start of the minute, UTC."""
    worker: str
    started_at: datetime
    """When the process started: one that is started again within the minute has a row of its own."""
    looked_at: datetime
    """When the worker last looked at itself in that minute."""
    seconds: float
    """Seconds that the sums cover."""
    state: str
    """What it did at the last look: ok, stopping, or what it waited for."""
    fault: str
    """Why it waited, or empty."""
    partitions: int
    lag: int
    """Messages of its partitions that were not stored."""
    oldest_unstored: float | None
    """Seconds since the oldest event that was read and not stored came into Kafka."""
    events_read: int
    events_stored: int
    dead_letters: int
    rows_written: int
    flushes: int
    flush_seconds: float
    retries: int
    waiting_seconds: float
    """Spent waiting for ClickHouse."""
    rebalances: int
    cache_hits: int
    cache_misses: int
    conversations_cached: int
    activities_cached: int
    rss_bytes: int | None
    """Resident memory; none where the system does not tell."""
    newest_message_at: datetime | None
    """Event time of the newest message that was stored since the worker started."""
    newest_message_delay: float | None
    """Seconds from that time until it was stored."""
    kept_until: datetime


class StorageMinuteRow(Row):
    """Table `storage_minutes`: how much a table held on disk in one minute. The database fills it in.

    Key: minute, name. Version: looked_at.
    """

    minute: datetime
    name: str
    """Of the table."""
    looked_at: datetime
    parts: int
    """Active ones, of all partitions."""
    stored_rows: int
    """Superseded ones too."""
    stored_bytes: int
    kept_until: datetime


class ReconcileRow(Row):
    """Table `reconcile_runs`: what one `hubbub reconcile` has found.

    Key: ended_at.
    """

    ended_at: datetime
    period_from: datetime | None
    """None: from the beginning."""
    period_to: datetime | None
    """None: to the end."""
    rows_compared: int
    values_compared: int
    differences: int
    seconds: float
    first_differences: tuple[str, ...]
    """Where they are, and what is stored and should be where that is a number or a time. Never a text."""
