"""L1, L2, L4 and L5: the brand and each of its customers. A contact is a message of one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sinks.queries.over import days

if TYPE_CHECKING:
    from sinks.queries.over import Over

BLOCK = 28 * 86_400_000_000  # microseconds
WARM_UP = "INTERVAL 90 DAY"
FIRST = "min(bitShiftLeft(toUnixTimestamp64Micro(published), 1) + gave)"
"""SQL for the first of some contacts, in one number for speed: its microseconds, and as the last bit `gave`.

Of two at the same instant the one that gave is the later.
"""

_SIDED = "bitShiftLeft(toUnixTimestamp64Micro(published), 1) + contact.theirs"
"""SQL for the time of a contact and whose it is, in one number: an array of it takes half as long as two."""


def contacts(over: Over, where: str) -> str:
    """SQL for contacts: `brand`, `platform`, `pair`, `customer`, `published`, `id`, `theirs`, and `gave`.

    `theirs` are the customer's; the brand `gave` where it answers what was not addressed to it.

    Args:
        over: The windows.
        where: Condition on rows of `interactions`.
    """
    return f"""
        SELECT
            brand, platform, pair, if(direction = 'CB', actor, addressee) AS customer, published, id,
            assumeNotNull(direction) = 'CB' AS theirs,
            assumeNotNull(direction) = 'BC' AND ifNull(parent_direction IN ('CC', 'CO'), false) AS gave
        FROM {over.interactions}
        WHERE pair != 0 AND {where}"""


def recently(over: Over) -> str:
    """SQL for whether a pair has a contact in the windows: of these only, the whole history is read."""
    return f"pair IN (SELECT pair FROM {over.interactions} WHERE pair != 0 AND {over.within('published')})"


def new(over: Over) -> str:
    """SQL for whether a pair has its first contact ever in the windows."""
    if not over.early:
        return recently(over)
    return f"""{recently(over)} AND pair NOT IN (
        SELECT pair FROM {over.interactions}
        WHERE pair != 0 AND {over.own} AND published < {over.early} AND {recently(over)})"""


def pairs(over: Over) -> str:
    """SQL for `at`, the keys, `pairs` with a contact in the window, and of these the `reciprocal` ones."""
    return f"""
        SELECT at, {over.by}, count() AS pairs, countIf(theirs AND ours) AS reciprocal
        FROM (
            SELECT
                {over.bucket("published")} AS at, {over.by},
                max(contact.theirs) AS theirs, max(NOT contact.theirs) AS ours
            FROM ({contacts(over, over.within("published"))}) AS contact
            GROUP BY at, {over.by}, pair
        )
        GROUP BY at, {over.by}"""


def new_pairs(over: Over) -> str:
    """SQL for `at`, the keys, `new_pairs` whose first contact ever is then, of these `gave_first`.

    Only from 90 days after the first message in the brand's space: who comes before may be no newcomer.
    """
    return f"""
        SELECT {over.bucket("began")} AS at, {over.by}, count() AS new_pairs, sum(gave_first) AS gave_first
        FROM (
            SELECT
                brand, platform, {FIRST} AS first, first % 2 AS gave_first,
                fromUnixTimestamp64Micro(bitShiftRight(first, 1), 'UTC') AS began
            FROM ({contacts(over, over.within("published"))})
            WHERE {new(over)}
            GROUP BY brand, platform, pair
        ) AS pair
        INNER JOIN (
            SELECT brand, min(published) + {WARM_UP} AS warm
            FROM {over.interactions} WHERE {over.own} AND direction IS NOT NULL GROUP BY brand
        ) AS known ON pair.brand = known.brand
        WHERE began >= warm
        GROUP BY at, {over.by}"""


def bonds(over: Over) -> str:
    """SQL for `at`, the keys, `reciprocal_now`, of these `repeated`, and `tenure_p50` in days.

    Repeated: contact went both ways in an earlier block of 28 days, counted back from the window's start.
    Tenure: from the first contact ever to the last in the window, of pairs that are reciprocal by its end.
    """
    start, end = over.start("at"), over.end("at")
    within = over.inside("time")

    def now(times: str) -> str:
        return f"arrayExists(time -> {within} AND {over.bucket('time')} = at, {times})"

    def blocks(times: str) -> str:
        """SQL for the blocks before the window with a contact; a block's start belongs to it."""
        ago = f"intDiv(dateDiff('microsecond', time, {_exact(start)}) - 1, {BLOCK})"
        return f"arrayMap(time -> {ago}, arrayFilter(time -> time < {start}, {times}))"

    until = f"arrayMax(arrayFilter(time -> {over.bucket('time')} = at AND {within}, times))"
    return f"""
        SELECT
            at, {over.by},
            countIf(now) AS reciprocal_now,
            countIf(now AND hasAny({blocks("theirs")}, {blocks("ours")})) AS repeated,
            if(isNaN(quantileExactInclusiveIf(0.5)(tenure, mutual) AS p50), NULL, p50) AS tenure_p50
        FROM (
            SELECT
                at, {over.by}, theirs, ours,
                {now("theirs")} AND {now("ours")} AS now,
                arrayMin(theirs) < {end} AND arrayMin(ours) < {end} AS mutual,
                {days("arrayMin(times)", until)} AS tenure
            FROM (
                SELECT
                    {over.by}, groupArray({_SIDED}) AS told,
                    {_times("arrayFilter(one -> one % 2 = 1, told)")} AS theirs,
                    {_times("arrayFilter(one -> one % 2 = 0, told)")} AS ours,
                    {_times("told")} AS times
                FROM ({contacts(over, over.before("published"))}) AS contact
                WHERE {recently(over)}
                GROUP BY {over.by}, pair
                HAVING notEmpty(theirs) AND notEmpty(ours)
            )
            ARRAY JOIN arrayDistinct(arrayMap(
                time -> {over.bucket("time")}, arrayFilter(time -> {within}, times))) AS at
        )
        GROUP BY at, {over.by}"""


def _times(told: str) -> str:
    """SQL for the times of contacts of which each is told in one number."""
    return f"arrayMap(one -> fromUnixTimestamp64Micro(bitShiftRight(one, 1), 'UTC'), {told})"


def _exact(time: str) -> str:
    return f"toDateTime64({time}, 6, 'UTC')"
