"""L6: who comes back in the months after the first contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sinks.queries.pairs import contacts, new

if TYPE_CHECKING:
    from sinks.queries.over import Over


def months(over: Over, where: str) -> str:
    """SQL for pairs: the keys, `began`, their first contact, and `active`, the months with any.

    Args:
        over: The windows.
        where: Condition on contacts.
    """
    return f"""
        SELECT
            {over.by}, min(published) AS began, groupUniqArray(toStartOfMonth(published)) AS active
        FROM ({contacts(over, over.after("published"))})
        WHERE {where}
        GROUP BY {over.by}, pair"""


def over_by(month: str, watermark: str) -> str:
    """SQL for whether a month, told by its first day, is over."""
    return f"addMonths({month}, 1) <= {watermark}"


def retention(over: Over) -> str:
    """SQL for `at`, the keys, `cohort_1m` and of these `retained_1m`, by the pair's first contact.

    Only pairs whose next calendar month is over by the watermark.
    """
    following = "addMonths(toStartOfMonth(began), 1)"
    return f"""
        SELECT
            {over.bucket("began")} AS at, {over.by},
            countIf({over_by(following, over.watermark)}) AS cohort_1m,
            countIf({over_by(following, over.watermark)} AND has(active, {following})) AS retained_1m
        FROM ({months(over, new(over))})
        GROUP BY at, {over.by}"""


def cohorts(over: Over) -> str:
    """SQL for each cohort, month by month: `cohort`, `month`, `k`, `people` and `cohort_people`.

    Months are there as far as they are over by the watermark; the cohort's own always is. Where the windows
    have a start, only who is new since then.
    """
    newcomers = new(over) if over.early else "true"
    return f"""
        SELECT
            {over.by}, cohort, addMonths(cohort, k) AS month, k,
            countIf(has(active, addMonths(cohort, k))) AS people, count() AS cohort_people
        FROM (SELECT *, toStartOfMonth(began) AS cohort FROM ({months(over, newcomers)}))
        ARRAY JOIN range(toUInt32(greatest(1, dateDiff('month', cohort, toDate({over.watermark}))))) AS k
        GROUP BY {over.by}, cohort, k"""
