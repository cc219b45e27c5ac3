"""What threads yield: interactions, conversations, and the sums of minutes."""

from __future__ import annotations

from datetime import datetime

from schemas.rows.row import Row
from schemas.vocabulary import Direction, Effect, Role, Scope


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
