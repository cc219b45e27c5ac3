"""D4, N1 and N2: who takes part, of how many followers, and who leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.metrics import BY_COLUMN
from sinks.queries.over import can, days

if TYPE_CHECKING:
    from sinks.queries.over import Over

_MESSAGE = "actor_role = 'customer' AND direction IS NOT NULL"
# Time and followers in one number: the largest is the newest snapshot, twice as fast as by a tuple.
_SNAPSHOT = "bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Micro(published)), 64), assumeNotNull(followers))"
_FOLLOWERS = "toUInt64(bitAnd(snapshot.latest, toUInt128(18446744073709551615)))"
_LEAVES = "actor_role = 'customer' AND addressee_role = 'brand'"


def participation(over: Over) -> str:
    """SQL for `at`, the keys, `participants`, `followers`, `unfollows`, `blocks` and `follower_days`.

    The followers of a brand are the sum over its accounts of what was last seen of each by the end of the
    window. They are unknown, NULL, where a platform has participants and no account with known followers.
    Follower-days are the followers times the length of the window.
    """
    by = over.by
    length = days(over.start("at"), over.end("at"))
    return f"""
        SELECT at, {by}, participants, followers, unfollows, blocks, followers * {length} AS follower_days
        FROM (
            SELECT
                people.at AS at, {", ".join(f"people.{key} AS {key}" for key in over.keys)},
                any(people.participants) AS participants,
                any(people.unfollows) AS unfollows,
                any(people.blocks) AS blocks,
                groupUniqArrayIf(owner.platform, snapshot.latest IS NOT NULL) AS known,
                if(hasAll(known, any(people.platforms)), sum({_FOLLOWERS}), NULL) AS followers
            FROM (
                SELECT
                    {over.bucket("published")} AS at, {by},
                    uniqExactIf((platform, actor), {_MESSAGE}) AS participants,
                    groupUniqArrayIf(platform, {_MESSAGE}) AS platforms,
                    {_leaving("unfollow", "unfollow_rate")} AS unfollows,
                    {_leaving("block", "block_rate")} AS blocks
                FROM {over.interactions} WHERE {over.within("published")} GROUP BY at, {by}
            ) AS people
            LEFT JOIN (
                SELECT brand, platform, account
                FROM {over.interactions} WHERE account != 0 AND {over.before("published")}
                GROUP BY brand, platform, account
            ) AS owner ON {" AND ".join(f"people.{key} = owner.{key}" for key in over.keys)}
            ASOF LEFT JOIN (
                SELECT
                    {over.bucket(over.start("published"))} AS at, brand, account, max({_SNAPSHOT}) AS latest
                FROM {over.interactions} WHERE account != 0 AND {over.before("published")}
                GROUP BY at, brand, account
            ) AS snapshot
                ON people.brand = snapshot.brand
                AND owner.account = snapshot.account AND people.at >= snapshot.at
            GROUP BY at, {by}
        )"""


def _leaving(activity: str, column: str) -> str:
    """SQL for how many did that; NULL where none of the platforms can show it."""
    visible = can(BY_COLUMN[column].cannot)
    return f"if(countIf({visible}) = 0, NULL, countIf({visible} AND activity = '{activity}' AND {_LEAVES}))"
