"""Views with a row for each thing: interaction, conversation, exchange, relationship, dead letter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.metrics import ENTRIES
from sinks.queries.exchanges import PROMISED, QUIET
from sinks.queries.over import Over, days, newest, seconds
from sinks.queries.pairs import BLOCK, FIRST, contacts
from sinks.tables import CONVERSATIONS, DEAD_LETTERS, INTERACTIONS, Table

if TYPE_CHECKING:
    from schemas.rows import ConversationRow, InteractionRow

_BOOKKEEPING = frozenset({"seen", "removed", "source_epoch", "source_partition", "source_offset"})


def interaction_facts(place: str) -> str:
    """SQL for the messages and reactions that stand."""
    return f"SELECT {_columns(INTERACTIONS)} FROM {place}interactions FINAL"


def conversation_facts(place: str) -> str:
    """SQL for the conversations, with the metrics of each."""
    metrics = [m for m in ENTRIES if m.grain == "conversation" and m.source == "conversations"]
    return f"""
        SELECT
            {_columns(CONVERSATIONS)}, (brand_messages - toUInt32(brand_root) = 0)::Bool AS brand_free,
            {", ".join(f"{metric.numerator} AS {metric.column}" for metric in metrics)}
        FROM {place}conversations FINAL"""


def dead_letter_facts(place: str) -> str:
    """SQL for what was refused, each place of a topic once."""
    return f"SELECT {', '.join(DEAD_LETTERS.columns)} FROM {place}dead_letters FINAL"


def exchange_facts(place: str) -> str:
    """SQL for the exchanges, as they stand at the watermark."""
    watermark = newest(place)
    mature = f"{PROMISED} <= {watermark}"
    return f"""
        SELECT
            brand, platform, conversation, id AS question_id, actor AS customer, published AS opened_at,
            exchange_sla AS sla, {PROMISED} AS promised_at,
            exchange_reply AS reply, exchange_reply_at AS first_reply_at,
            {seconds("published", "exchange_reply_at")} AS first_response,
            exchange_agent AS agent, exchange_replies AS replies,
            (exchange_reply_at IS NOT NULL)::Bool AS answered,
            multiIf(
                ifNull(exchange_reply_at <= {PROMISED}, false), true,
                exchange_reply_at IS NOT NULL OR {mature}, false,
                NULL
            ) AS in_time,
            exchange_back_at AS back_at, exchange_confirmed_at AS confirmed_at,
            if(exchange_classified, (exchange_confirmed_at IS NOT NULL)::Bool, NULL) AS confirmed,
            exchange_quiet_from AS quiet_from,
            if(exchange_quiet_from + {QUIET} <= {watermark}, exchange_closed_at, NULL) AS closed_at,
            {seconds("published", "closed_at")} AS time_to_close,
            exchange_single AS single,
            {seconds("published", watermark)} AS age,
            (exchange_reply_at IS NULL AND {PROMISED} < {watermark})::Bool AS overdue
        FROM {place}interactions FINAL WHERE exchange_sla IS NOT NULL"""


def relationship_facts(place: str) -> str:
    """SQL for the pairs of a brand and a customer who were ever in contact."""
    over = Over(lambda time: time, ("brand", "platform"), newest(place), place=place)
    return f"""
        SELECT
            brand, platform, any(contact.customer) AS customer,
            min(contact.published) AS first_contact_at, max(contact.published) AS last_contact_at,
            countIf(theirs) AS contacts_by_customer, countIf(NOT theirs) AS contacts_by_brand,
            (contacts_by_customer > 0 AND contacts_by_brand > 0)::Bool AS reciprocal,
            ({FIRST} % 2)::Bool AS gave_first,
            {days("first_contact_at", "last_contact_at")} AS tenure_days,
            uniqExact(intDiv(dateDiff('microsecond', contact.published, {over.watermark}), {BLOCK}))
                AS active_periods
        FROM ({contacts(over, over.own)}) AS contact
        GROUP BY brand, platform, pair"""


def conversation_messages(place: str) -> str:
    """SQL for messages with what they say: the text of their newest edit."""
    return f"""
    SELECT
        brand, platform, conversation, published, actor, actor_role AS role, direction, depth, id, parent,
        said.text AS text
    FROM {place}interactions AS message FINAL
    LEFT JOIN (
        SELECT
            thread, platform, id,
            argMax(JSONExtractString(body, 'text'), (version, activity = 'update')) AS text
        FROM {place}activities FINAL
        WHERE activity IN ('post', 'reply', 'quote', 'update')
        GROUP BY thread, platform, id
    ) AS said
        ON message.conversation = said.thread AND message.platform = said.platform AND message.id = said.id
    WHERE message.direction IS NOT NULL"""


def _columns(table: Table[InteractionRow] | Table[ConversationRow]) -> str:
    return ", ".join(name for name in table.columns if name not in _BOOKKEEPING)
