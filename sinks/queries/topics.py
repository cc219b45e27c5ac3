"""M2: what customers talk about, and more than before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.metrics import BY_COLUMN
from sinks.queries.over import OF_CUSTOMER

if TYPE_CHECKING:
    from sinks.queries.over import Over

FEWEST = 20
"""Messages below which nothing is said of a topic."""
_BEFORE = 28 * 86_400  # seconds


def each_topic(over: Over) -> str:
    """SQL for `at`, the keys and `topic`, with messages of customers in the window and in the 28 days before.

    `messages` about it, `of_messages`, `positive`, `neutral`, `negative`, `messages_before`,
    `of_messages_before`; `topic_share`, `topic_share_before`, `topic_rise` and `topic_sentiment`.
    """
    first = over.bucket(over.early) if over.early else ""
    at = over.bucket("published")
    if first:
        # What lies before the first window is told of a window that ends before it.
        at = f"if(published < {over.early}, least({at}, {first} - 1), {at})"
    since = f" AND published >= {first} - INTERVAL 28 DAY" if first else ""
    said = f"FROM {over.interactions} WHERE {over.before('published')}{since} AND {OF_CUSTOMER}"
    span = f"ORDER BY toUnixTimestamp(at) RANGE BETWEEN {_BEFORE} PRECEDING AND 1 PRECEDING"
    whole = f"""
        SELECT
            at, {over.by}, of_messages,
            sum(of_messages) OVER (PARTITION BY {over.by} {span}) AS of_messages_before
        FROM (SELECT {at} AS at, {over.by}, count() AS of_messages {said} GROUP BY at, {over.by})"""
    known = f"messages >= {FEWEST}"
    mood = BY_COLUMN["topic_sentiment"]
    return f"""
        SELECT
            at, {over.by}, topic, messages, of_messages, positive, neutral, negative,
            messages_before, of_messages_before,
            if({known}, messages / of_messages, NULL) AS topic_share,
            if(of_messages_before >= {FEWEST}, messages_before / of_messages_before, NULL)
                AS topic_share_before,
            topic_share - topic_share_before AS topic_rise,
            if({known}, ({mood.numerator}) / nullIf({mood.denominator}, 0), NULL) AS topic_sentiment
        FROM (
            SELECT *, sum(messages) OVER (PARTITION BY {over.by}, topic {span}) AS messages_before
            FROM (
                SELECT
                    {at} AS at, {over.by}, topic, count() AS messages,
                    toInt64(countIf(sentiment = 1)) AS positive,
                    toInt64(countIf(sentiment = 0)) AS neutral,
                    toInt64(countIf(sentiment = -1)) AS negative
                FROM (SELECT *, arrayJoin(topics) AS topic {said})
                GROUP BY at, {over.by}, topic
            )
        ) AS part
        INNER JOIN ({whole}) AS whole USING (at, {over.by})
        {f"WHERE at >= {first}" if first else ""}"""


def topics(over: Over) -> str:
    """SQL for `at`, the keys and `topics_rising`."""
    return f"""
        SELECT at, {over.by}, countIf(ifNull(topic_rise > 0, false)) AS topics_rising
        FROM ({each_topic(over)}) GROUP BY at, {over.by}"""
