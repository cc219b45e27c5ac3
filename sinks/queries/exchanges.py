"""R1 to R6: what became of the exchanges, by their opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sinks.queries.over import seconds

if TYPE_CHECKING:
    from sinks.queries.over import Over

PROMISED = "published + toIntervalSecond(assumeNotNull(exchange_sla))"
"""SQL for the time by which the brand has promised to answer."""
QUIET = "INTERVAL 72 HOUR"
CERTAIN = 1e-9  # what rounding may add to a survival that is exactly at the level


def exchanges(over: Over) -> str:
    """SQL for `at`, the keys, and counts of the exchanges that were opened then.

    `exchanges`; `mature`, at least as old as the promised time, and of these `in_time`; `answered`, of these
    `classified`, of these `confirmed`; `settled`, whose reply is 72 hours old, and of these `single`;
    `time_to_close_p50`, in seconds, over those after which 72 hours were quiet.
    """
    answered = "exchange_reply_at IS NOT NULL"
    classified = f"{answered} AND exchange_classified"
    mature = f"{PROMISED} <= {over.watermark}"
    settled = f"ifNull(exchange_reply_at + {QUIET} <= {over.watermark}, false)"
    closed = (
        f"ifNull(exchange_quiet_from + {QUIET} <= {over.watermark}, false) AND exchange_closed_at IS NOT NULL"
    )
    return f"""
        SELECT
            at, {over.by}, exchanges, mature, in_time, answered, classified, confirmed, settled, single,
            if(isNaN(close_p50), NULL, close_p50) AS time_to_close_p50
        FROM (
            SELECT
                {over.bucket("published")} AS at, {over.by},
                count() AS exchanges,
                countIf({mature}) AS mature,
                countIf({mature} AND ifNull(exchange_reply_at <= {PROMISED}, false)) AS in_time,
                countIf({answered}) AS answered,
                countIf({classified}) AS classified,
                countIf({classified} AND exchange_confirmed_at IS NOT NULL) AS confirmed,
                countIf({settled}) AS settled,
                countIf({settled} AND exchange_single) AS single,
                quantileExactInclusiveIf(0.5)(
                    {seconds("published", "assumeNotNull(exchange_closed_at)")}, {closed}) AS close_p50
            FROM {over.interactions} WHERE {over.within("published")} AND exchange_sla IS NOT NULL
            GROUP BY at, {over.by}
        )"""


def first_responses(over: Over) -> str:
    """SQL for `at`, the keys, `first_response_p50` and `first_response_p90`, in seconds: Kaplan-Meier.

    An exchange without a reply by the watermark is open, and known to have waited until then.
    """
    replied = f"ifNull(exchange_reply_at <= {over.watermark}, false)"
    until = f"if({replied}, assumeNotNull(exchange_reply_at), {over.watermark})"

    def within(share: str) -> str:
        """SQL for the shortest wait after which no more than that share is without a reply."""
        place = f"arrayFirstIndex(survival -> survival <= log({share} + {CERTAIN}), survivals)"
        return f"if({place} = 0, NULL, waits[{place}].1 / 1e6)"

    # One at a time, replies before open ones: the product over equal waits is that of Kaplan and Meier.
    return f"""
        SELECT at, {over.by}, {within("0.5")} AS first_response_p50, {within("0.1")} AS first_response_p90
        FROM (
            SELECT
                {over.bucket("published")} AS at, {over.by},
                arraySort(groupArray((dateDiff('microsecond', published, {until}), NOT {replied}))) AS waits,
                arrayCumSum(arrayMap(
                    (wait, place) -> if(wait.2, 0., log(1 - 1 / (length(waits) - place + 1))),
                    waits, arrayEnumerate(waits))) AS survivals
            FROM {over.interactions} WHERE {over.within("published")} AND exchange_sla IS NOT NULL
            GROUP BY at, {over.by}
        )"""


def backlog(over: Over) -> str:
    """SQL for `at`, the keys and `open_backlog`, where anything happens or it changes.

    It is a stock: each exchange comes to it when the promised time is over, and leaves it with its reply.
    """

    def window(time: str) -> str:
        return over.bucket(over.start(f"toDateTime64({time}, 6, 'UTC')"))

    leaves = f"greatest(assumeNotNull(exchange_reply_at), {PROMISED})"
    replied = f"exchange_reply_at IS NOT NULL{over.late and f' AND exchange_reply_at < {over.late}'}"
    # Counted before they are added up: of all that came before the first window few rows are left.
    return f"""
        SELECT at, {over.by}, sum(sum(change)) OVER (PARTITION BY {over.by} ORDER BY at) AS open_backlog
        FROM (
            SELECT moved.1 AS at, {over.by}, moved.2 AS change
            FROM (
                SELECT
                    {window(PROMISED)} AS comes, if({replied}, {window(leaves)}, NULL) AS goes, {over.by},
                    toInt64(count()) AS many
                FROM {over.interactions}
                WHERE {over.before("published")} AND exchange_sla IS NOT NULL
                    AND {PROMISED} < {over.watermark}
                GROUP BY comes, goes, {over.by}
            )
            ARRAY JOIN
                if(goes IS NULL, [(comes, many)], [(comes, many), (assumeNotNull(goes), -many)]) AS moved
            UNION ALL
            SELECT {over.bucket("published")} AS at, {over.by}, 0 AS change
            FROM {over.interactions} WHERE {over.within("published")} GROUP BY at, {over.by}
        )
        GROUP BY at, {over.by}"""
