"""H3: replies that nearly repeat one of the brand's own of the last days.

A sketch has 32 hashes; the share of equal ones is the estimated Jaccard similarity of two texts, and 26 of
them are the least that is 0.8. So at most 6 differ, and of 7 bands of hashes at least one is the same:
looking only at replies with a common band misses none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sinks.queries.over import Over

ALIKE = 26
"""Equal hashes of two sketches from which on the texts are near repeats."""
MEMORY = "INTERVAL 7 DAY"

_BANDS = ((1, 5), (6, 5), (11, 5), (16, 5), (21, 4), (25, 4), (29, 4))  # first hash, hashes
_ALIKE = f"arrayCount((one, other) -> one = other, {{}}, {{}}) >= {ALIKE}"


def canned(over: Over) -> str:
    """SQL for `at`, the keys, `replies` of the brand and of these the `canned`, which nearly repeat another.

    Most repeats follow closely on their like in a band, so these are found first; only the others are held
    against all that came before.
    """
    replies = "direction = 'BC' AND addressee_role = 'customer'"
    slices = ", ".join(f"arraySlice(sketch, {first}, {length})" for first, length in _BANDS)
    banded = f"""
        SELECT
            brand, platform, id, published, sketch,
            arrayJoin(arrayMap(
                (hashes, number) -> cityHash64(number, hashes), [{slices}], range({len(_BANDS)}))) AS band
        FROM {over.interactions}
        WHERE {over.within("published", since=MEMORY)} AND {replies} AND notEmpty(sketch)"""
    closely = f"""
        SELECT
            brand, platform, id, any(said.published) AS published, any(said.sketch) AS sketch,
            groupArray(band) AS bands,
            max(before >= said.published - {MEMORY} AND {_ALIKE.format("said.sketch", "last")}) AS repeats
        FROM (
            SELECT
                *, lagInFrame(sketch) OVER previous AS last, lagInFrame(published) OVER previous AS before
            FROM ({banded})
            WINDOW previous AS (
                PARTITION BY brand, band ORDER BY published, platform, id
                ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
        ) AS said
        GROUP BY brand, platform, id"""
    farther = f"""
        (earlier.published, earlier.platform, earlier.id) < (one.published, one.platform, one.id)
        AND earlier.published >= one.published - {MEMORY}
        AND {_ALIKE.format("one.sketch", "earlier.sketch")}"""
    return f"""
        SELECT {over.bucket("published")} AS at, {over.by}, count() AS replies, countIf(repeats) AS canned
        FROM (
            SELECT
                one.brand AS brand, one.platform AS platform, one.id AS id, any(one.published) AS published,
                max(one.repeats OR ifNull({farther}, false)) AS repeats
            FROM (
                SELECT *, arrayJoin(if(repeats, [toUInt64(0)], bands)) AS band
                FROM ({closely}) WHERE {over.inside("published")}
            ) AS one
            LEFT JOIN ({banded}) AS earlier ON one.brand = earlier.brand AND one.band = earlier.band
            GROUP BY brand, platform, id
            UNION ALL
            SELECT brand, platform, id, published, false
            FROM {over.interactions} WHERE {over.within("published")} AND {replies} AND empty(sketch)
        )
        GROUP BY at, {over.by}"""
