"""C3 and C5: who writes to whom among the customers, and how evenly they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sinks.queries.over import OF_CUSTOMER

if TYPE_CHECKING:
    from sinks.queries.over import Over

FEWEST = 20
"""Customers below which nothing is said of how evenly they write."""


def graph(over: Over) -> str:
    """SQL for `at`, the keys, and the directed `edges` between customers; of these, those `returned`."""
    return f"""
        SELECT
            at, {over.by}, sum(forth) + sum(back) AS edges, 2 * countIf(forth AND back) AS returned
        FROM (
            SELECT
                {over.bucket("published")} AS at, brand, platform,
                least(actor, addressee) AS one, greatest(actor, addressee) AS other,
                max(actor < addressee) AS forth, max(actor > addressee) AS back
            FROM {over.interactions}
            WHERE {over.within("published")} AND direction = 'CC'
                AND actor_role = 'customer' AND addressee_role = 'customer' AND actor != addressee
            GROUP BY at, brand, platform, one, other
        )
        GROUP BY at, {over.by}"""


def crowd(over: Over) -> str:
    """SQL for `at`, the keys, `participation_gini` and `top_1_percent_share`, over messages a customer."""
    ranked = "arrayMap((size, place) -> (2 * place - n - 1) * size, sizes, arrayEnumerate(sizes))"
    top = "arraySum(arraySlice(sizes, -toInt64(intDiv(n + 99, 100))))"
    return f"""
        SELECT
            at, {over.by},
            if(n < {FEWEST}, NULL, arraySum({ranked}) / (n * arraySum(sizes))) AS participation_gini,
            if(n < {FEWEST}, NULL, {top} / arraySum(sizes)) AS top_1_percent_share
        FROM (
            SELECT
                at, {over.by},
                arraySort(groupArray(toInt64(messages))) AS sizes, toInt64(length(sizes)) AS n
            FROM (
                SELECT {over.bucket("published")} AS at, brand, platform, actor, count() AS messages
                FROM {over.interactions} WHERE {over.within("published")} AND {OF_CUSTOMER}
                GROUP BY at, brand, platform, actor
            )
            GROUP BY at, {over.by}
        )"""
