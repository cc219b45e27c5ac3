"""What the columns of the views mean, for who looks at them in the database.

A metric's column says what the catalogue says, a column of a table what the table says. The rest is here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from clickhouse_connect.driver.binding import quote_identifier

from schemas.metrics import BY_COLUMN
from sinks.operations import operations
from sinks.views import views

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clickhouse_connect.driver.client import Client

    from schemas.metrics import Metric

_TABLES = (
    "interactions",
    "conversations",
    "dialogue_minutes",
    "dead_letters",
    "worker_minutes",
    "storage_minutes",
    "reconcile_runs",
)
_OF_TABLE: Mapping[str, str] = {
    "conversation_facts": "conversations",
    "dead_letter_facts": "dead_letters",
    **dict.fromkeys(("dialogue_minutely", "dialogue_hourly", "dialogue_daily"), "dialogue_minutes"),
    "dialogue_weekly": "dialogue_minutes",
    "silent_windows": "dialogue_minutes",
    "topics_rising": "dialogue_minutes",
    "pipeline_minutely": "worker_minutes",
    "storage_minutely": "storage_minutes",
    "reconciles": "reconcile_runs",
}
"""Where a view's columns come from, if not from interactions."""

_OF_VIEW: Mapping[str, Mapping[str, str]] = {
    "advocates": {
        "shares": "Shares of the brand and unsolicited messages about it in the 28 days up to the watermark",
        "days": "Days on which they were",
        "partnered": "Whether the brand answered or reacted to the customer within 28 days after one of them",
        "first_share_at": "Event time of the first of them",
        "last_share_at": "Event time of the last of them",
    },
    "trusted_voices": {
        "author": "The customer whom others trust",
        "answered_by": "Distinct customers who answered the author positively",
        "reposted_by": "Distinct customers who reposted the author",
    },
    "social_marketers": {
        "agent": "The human behind the account of the brand",
        "answered": "Answered exchanges that the agent was the first to answer, opened in the last 28 days",
        "back": "Those of them in which the customer came back",
        "brand_rate": "Share of these in all answered exchanges of the agents of the brand",
    },
    "topics_rising": {
        "topic": "A hashtag in lower case, or a topic of the brand",
        "messages": "Messages of customers about it in the 28 days up to the watermark",
        "of_messages": "All messages of customers in these days",
        "messages_before": "Messages of customers about it in the 28 days before",
        "of_messages_before": "All messages of customers in the 28 days before",
        "topic_share_before": "Topic share of the 28 days before; NULL below 20 messages",
        "positive": "Messages of customers about it with a positive sentiment",
        "neutral": "Messages of customers about it with a neutral sentiment",
        "negative": "Messages of customers about it with a negative sentiment",
    },
    "retention": {
        "cohort": "First day of the month of the first contact",
        "month": "First day of the month that is looked at; it is over by the watermark, or the first",
        "k": "Months since the first",
        "people": "Customers of the cohort who were in contact with the brand in that month",
        "cohort_people": "Customers of the cohort",
        "rate": "People over those of the cohort (L6)",
    },
    "silent_windows": {
        "grain": "Whether the window is an hour or a day",
        "silent": "Whether customers wrote to the brand in it, and no customer was written to",
        "only_broadcast": "Whether the brand wrote to nobody but all in it",
    },
    "exchange_facts": {
        "answered": "Whether the brand has replied",
        "question_id": "Id of the message of the customer that opened the exchange",
        "opened_at": "Event time of that message",
        "sla": "Seconds within which the brand promises an answer",
        "promised_at": "When the promised time is over",
        "reply": "Id of the first reply of the brand, or empty",
        "first_reply_at": "Event time of the first reply",
        "first_response": "Seconds until the first reply",
        "agent": "Who wrote the first reply, as far as it has a name",
        "replies": "Messages of the brand to the customer before 72 hours of quiet",
        "in_time": "Whether the reply came in the promised time; NULL while it still can",
        "back_at": "When the customer came back to the brand after the first reply",
        "confirmed_at": "When the customer confirmed the help, within 7 days of the first reply",
        "confirmed": "Whether the customer did; NULL where it could not have been seen",
        "quiet_from": "Last contact before the first 72 hours of quiet after the first reply so far",
        "closed_at": "The last message of the brand before 72 hours of quiet; NULL until they are over",
        "time_to_close": "Seconds until then",
        "single": "Whether one reply was enough: the only one, and after it nothing but thanks",
        "age": "Seconds from the opening to the watermark",
        "overdue": "Whether it is without a reply and older than the promised time, at the watermark",
    },
    "pipeline_minutely": {
        "at": "Start of the minute in which the worker looked at itself, UTC",
        "paused": "Whether it waited for ClickHouse or Kafka at the last look",
    },
    "storage_minutely": {
        "at": "Start of the minute in which a worker looked, UTC",
        "table": "Name of the table",
    },
    "reconciles": {"at": "When the comparison ended"},
    "relationship_facts": {
        "first_contact_at": "Event time of the first message of one to the other",
        "last_contact_at": "Event time of the last message of one to the other",
        "contacts_by_customer": "Messages of the customer to the brand",
        "contacts_by_brand": "Messages of the brand to the customer",
        "reciprocal": "Whether there are both",
        "gave_first": "Whether the brand began, by answering what was not addressed to it",
        "tenure_days": "Days from the first to the last contact",
        "active_periods": "Periods of 28 days with a contact, counted back from the watermark",
    },
}
_ANYWHERE: Mapping[str, str] = {
    "at": "Start of the window, UTC; weeks start on Monday",
    "customer": "The account of the customer",
    "with_c2c": "Conversations with a message between customers",
    "brand_free": "Whether the brand wrote nothing but, at most, the root",
    "role": "brand, other_brand, customer or bot, as of the event time",
    "text": "What the newest edit of the message says",
    "followers": "Followers of the brand, as last seen of each account by the end; NULL: unknown",
    "unfollows": "Unfollows of the brand; NULL where the platform cannot show them",
    "blocks": "Blocks of the brand; NULL where the platform cannot show them",
    "follower_days": "Followers times the days of the window",
}


def comment_statements(client: Client, database: str) -> list[str]:
    """Statements that explain the views' columns that nothing explains yet.

    Args:
        client: A client of the server.
        database: Where the tables and views are.
    """
    columns = client.query(
        "SELECT table, name, comment FROM system.columns WHERE database = {database:String}",
        {"database": database},
    ).result_rows
    tables: dict[str, dict[str, str]] = {table: {} for table in _TABLES}
    missing: dict[str, list[str]] = {name: [] for name in views(database) | operations(database)}
    for table, name, comment in columns:
        if table in tables:
            tables[table][name] = comment
        elif table in missing and not comment:
            missing[table].append(name)
    return [
        f"ALTER TABLE {quote_identifier(database)}.{view} "
        + ", ".join(f"COMMENT COLUMN {name} {_quoted(_comment(view, name, tables))}" for name in names)
        for view, names in missing.items()
        if names
    ]


def _comment(view: str, column: str, tables: Mapping[str, Mapping[str, str]]) -> str:
    metric = BY_COLUMN.get(column)
    named = tables[_OF_TABLE.get(view, "interactions")]
    candidates = (
        _OF_VIEW.get(view, {}).get(column),
        _said(metric) if metric and view != "interaction_facts" else None,
        _ANYWHERE.get(column) if column not in named or view.startswith("participation") else None,
        named.get(column),
        *(columns.get(column) for columns in tables.values()),
    )
    return next(filter(None, candidates), "")


def _said(metric: Metric) -> str:
    return f"{metric.id} {metric.name}, {metric.unit}: {metric.description}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
