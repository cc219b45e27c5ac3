"""What a message says of others, told a second time in SQL from the plain columns of all of them.

The message that it answers, who answered its question, and the exchange that it opens: the same rules as in
the fold, and nothing of its code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sinks.messages import CONVERSATION, messages, within

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALL = messages("started_at")

_ANSWERS = f"""
    SELECT question.this AS this, min((answer.published, answer.id, answer.actor_role)) AS first
    FROM (SELECT this, actor FROM ({_ALL}) WHERE question AND of_customer AND counts) AS question
    INNER JOIN (
        SELECT above, published, id, actor, actor_role, of_brand
        FROM ({_ALL}) WHERE counts AND (of_brand OR of_customer) AND NOT indirect
    ) AS answer ON question.this = answer.above
    WHERE answer.of_brand OR answer.actor != question.actor
    GROUP BY question.this"""
"""The first answer to each question."""

_LIKES = f"""
    SELECT
        sipHash128Reference({CONVERSATION}, actor) AS pair, parent AS id,
        toNullable(min(published)) AS liked_at
    FROM interactions FINAL WHERE effect = 'applause' AND activity = 'like' AND {within("started_at")}
    GROUP BY pair, id"""
"""What a customer likes of the brand's messages."""

_CONTACTS = f"""
    SELECT
        *,
        minIf((at, id, voice, stretch), of_brand) OVER (PARTITION BY pair, number) AS reply
    FROM (
        SELECT
            *,
            sum(opens) OVER (PARTITION BY pair ORDER BY at, id) AS number,
            sum(silence >= 72 * 3600 * 1000000) OVER (PARTITION BY pair ORDER BY at, id) AS stretch
        FROM (
            SELECT
                *,
                if(nth = 1, 0, dateDiff('microsecond', before, at)) AS silence,
                NOT of_brand AND (nth_of_customer = 1 OR silence >= 24 * 3600 * 1000000) AS opens
            FROM (
                SELECT
                    this, sipHash128Reference({CONVERSATION}, if(of_brand, addressee, actor)) AS pair,
                    published AS at, id, of_brand, thanks, if(agent != '', agent, signature) AS voice,
                    lagInFrame(published) OVER in_order AS before, row_number() OVER in_order AS nth,
                    countIf(NOT of_brand) OVER in_order AS nth_of_customer
                FROM ({_ALL})
                WHERE counts AND (
                    direction = 'BC' OR of_customer AND (adds_brand OR direction = 'CB' AND NOT indirect)
                )
                WINDOW in_order AS (
                    PARTITION BY pair ORDER BY at, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                )
            )
        )
    )"""
"""Contacts of a brand and a customer: `number` counts exchanges, `stretch` what is between two quiets."""

_IN_TIME = "answered AND {at} >= opening.reply.1 AND {at} <= opening.reply.1 + INTERVAL 7 DAY"
_LATER = (
    "(contact.at, contact.id) >= (opening.at, opening.id)"
    " AND contact.stretch <= greatest(opening.stretch, opening.reply.4)"
)
_BACK = "answered AND NOT contact.of_brand AND (contact.at, contact.id) > (opening.reply.1, opening.reply.2)"
_THANKS = f"{_BACK} AND {_IN_TIME.format(at='contact.at')}"
_LIKED = f"contact.of_brand AND {_LATER} AND ifNull({_IN_TIME.format(at='contact.liked_at')}, false)"

_EXCHANGES = f"""
    SELECT
        opening.this AS this, true AS opens, any(opening.reply) AS reply,
        opening.reply.2 != '' AS answered,
        countIf(contact.of_brand AND {_LATER}) AS replies,
        minIf(toNullable(contact.at), {_BACK} AND {_LATER}) AS back_at,
        least(
            minIf(toNullable(contact.at), {_THANKS} AND contact.thanks), minIf(contact.liked_at, {_LIKED})
        ) AS confirmed_at,
        countIf({_THANKS} AND contact.thanks IS NOT NULL) + countIf({_LIKED}) > 0 AS classified,
        maxIf(toNullable(contact.at), {_LATER}) AS quiet_from,
        maxIf(toNullable(contact.at), contact.of_brand AND {_LATER}) AS closed_at,
        any(answered) AND replies = 1
            AND countIf({_BACK} AND {_LATER} AND NOT ifNull(contact.thanks, false)) = 0 AS single
    FROM ({_CONTACTS}) AS opening
    INNER JOIN (SELECT * FROM ({_CONTACTS}) AS one LEFT JOIN ({_LIKES}) AS likes USING (pair, id)) AS contact
        ON opening.pair = contact.pair
    WHERE opening.opens
    GROUP BY opening.this, opening.reply.2"""
"""What has come of each exchange, by the message that opens it."""

RETOLD: Mapping[str, str] = {
    "parent_direction": "parents.direction",
    "parent_at": "parents.published",
    # What the brand promises is told by its registry: only whether it is told is recomputed.
    "exchange_sla": "if(exchanges.opens, ifNull(message.exchange_sla, 0), NULL)",
    "exchange_reply": "exchanges.reply.2",
    "exchange_reply_at": "if(exchanges.reply.2 != '', exchanges.reply.1, NULL)",
    "exchange_agent": "exchanges.reply.3",
    "exchange_replies": "exchanges.replies",
    "exchange_back_at": "exchanges.back_at",
    "exchange_confirmed_at": "exchanges.confirmed_at",
    "exchange_classified": "exchanges.classified",
    "exchange_quiet_from": "exchanges.quiet_from",
    "exchange_closed_at": "exchanges.closed_at",
    "exchange_single": "exchanges.single",
    "answered_by": "nullIf(answers.first.3, '')",
    "answered_at": "if(answers.first.3 != '', answers.first.1, NULL)",
}
"""Columns of `interactions` that say something of other messages."""

KEY = ("brand", "platform", "id", "activity")
"""What tells messages apart."""

PAIRED = f"""
    SELECT
        {", ".join(f"message.{name} AS {name}" for name in KEY)}, 1 AS stored_rows, 1 AS re_rows,
        {", ".join(f"message.{name} AS stored_{name}, {sql} AS re_{name}" for name, sql in RETOLD.items())}
    FROM ({_ALL}) AS message
    LEFT JOIN (SELECT this, direction, toNullable(published) AS published FROM ({_ALL})) AS parents
        ON message.above = parents.this
    LEFT JOIN ({_ANSWERS}) AS answers ON message.this = answers.this
    LEFT JOIN ({_EXCHANGES}) AS exchanges ON message.this = exchanges.this"""
"""SQL for all messages with each of these columns, as `stored_` and as `re_`."""
